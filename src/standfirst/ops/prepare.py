"""Before the first request of a release: the database migrated, the static files in place.

`prepare_if_needed` imports no Django; only when the code has changed since the last start it starts a process
(`python -m standfirst.ops.prepare`) that does.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfirst.kit.statefile import read_json, write_json
from standfirst.ops import built, folders
from standfirst.ops.errors import Refused

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

PREPARED = "prepared.json"
# The preparing process could not reach the database (EX_TEMPFAIL): trying again later may help.
EXIT_AWAY = 75


class DatabaseAway(Refused):
    """The database cannot be reached, which may pass by itself."""


def is_prepared(newsroom: Newsroom, *, but_for_database: bool = False) -> bool:
    """Whether this release has nothing left to do to the newsroom before it serves.

    but_for_database: or only because the database that it prepared is not there.
    """
    wanted = _wanted(newsroom)
    have = read_json(folders.run_folder(newsroom.folder) / PREPARED)
    if but_for_database and _missing_database(newsroom, have):
        wanted["database"] = have.get("database", "")
    return have == wanted and (newsroom.data / "static" / "staticfiles.json").exists()


def prepare_if_needed(newsroom: Newsroom, *, environ: Mapping[str, str], quiet: bool = False) -> None:
    """Bring the newsroom up to this code.

    quiet: says nothing, for another attempt after the first.
    Raises DatabaseAway when the database cannot be reached, and Refused when it is newer than the code.
    """
    if is_prepared(newsroom):
        return
    folder, wanted = newsroom.folder, _wanted(newsroom)
    file = folders.run_folder(folder) / PREPARED
    have = read_json(file)
    missing = _missing_database(newsroom, have)
    if not quiet and not missing:
        print("Preparing this release …", file=sys.stderr, flush=True)
    # First, because it needs no database: with one that was prepared before, Django can work on these alone.
    static = newsroom.data / "static"
    if have.get("static") != wanted["static"] or not (static / "staticfiles.json").exists():
        built.static_files(static, newsroom=folder)
        write_json(file, have | {"static": wanted["static"]})
        have = read_json(file)
    if missing:
        raise DatabaseAway(f"The database {missing} is not there. Put it back, or restore a backup.")
    if have.get("migrations") != wanted["migrations"] or have.get("database") != wanted["database"]:
        done = subprocess.run(
            [sys.executable, "-m", "standfirst.ops.prepare", "--folder", str(folder)],
            env=dict(environ),
            stderr=subprocess.DEVNULL if quiet else None,
            check=False,
        )
        if done.returncode == EXIT_AWAY:
            raise DatabaseAway("The database cannot be reached (above).")
        if done.returncode:
            raise Refused("The newsroom was not started; the reason is above.")
        wanted = _wanted(newsroom)
    write_json(file, wanted)


def _missing_database(newsroom: Newsroom, have: Mapping[str, str]) -> Path | None:
    """The SQLite file that was there at the last start and is not now: nobody wants an empty one in its place."""
    was_there = have.get("database", "0").split(" ")[0] != "0"
    if newsroom.database_url or not was_there or newsroom.database_file.exists():
        return None
    return newsroom.database_file


def _wanted(newsroom: Newsroom) -> dict[str, str]:
    return {
        "migrations": built.migrations_key(),
        "static": built.static_key(),
        "database": _which_database(newsroom.folder, newsroom.database_url),
    }


def mark_prepared(folder: Path, *, database_url: str = "") -> None:
    """A newsroom made by this very code has nothing to migrate at its first start."""
    keys = {"migrations": built.migrations_key(), "static": "", "database": _which_database(folder, database_url)}
    write_json(folders.run_folder(folder) / PREPARED, keys)


def _which_database(folder: Path, database_url: str) -> str:
    """A name for the database that is in place, so that one swapped by hand is looked at again."""
    file = folder / "data" / "standfirst.sqlite3"
    return f"{file.stat().st_ino if file.exists() else 0} {hashlib.sha256(database_url.encode()).hexdigest()[:12]}"


def sqlite_copy(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database, also while others write to it (SQLite's backup interface)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    with (
        contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as old,
        contextlib.closing(sqlite3.connect(partial)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    partial.replace(target)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args(argv)
    importlib.import_module("django").setup()
    try:
        migrate(given.folder)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_AWAY if isinstance(refusal, DatabaseAway) else 1
    return 0


def migrate(folder: Path) -> int:
    """Apply what the database lacks, after a safety copy of a SQLite file. Returns how many migrations ran."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise DatabaseAway(
            f"The database cannot be reached: {str(error).strip()}. Start it, or correct database_url."
        ) from error
    newer = newer_than_code(executor.loader)
    if newer:
        raise Refused(
            f"The newsroom in {folder} was last used by a newer Standfirst: "
            f"its database has {newer[-1]}, which this one does not know. "
            "Install that release again, or restore a backup made with this one."
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        file = Path(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite" and executor.loader.applied_migrations and file.exists():
            copy = (
                folder / "data" / "backups" / f"before-upgrade-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.sqlite3"
            )
            sqlite_copy(file, copy)
            print(
                f"Bringing the database up to this release ({len(plan)} steps); a copy from before is in {copy}.",
                file=sys.stderr,
            )
    # Also without a plan: what is laid in after migrating (roles, guards) may be of an older release.
    call_command("migrate", verbosity=0, interactive=False)
    return len(plan)


def newer_than_code(loader: Any) -> list[str]:
    """The migrations of our rooms that the database has and this code does not know."""
    from django.apps import apps

    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("standfirst.")}
    known = set(loader.disk_migrations)
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known
    )


if __name__ == "__main__":
    sys.exit(main())
