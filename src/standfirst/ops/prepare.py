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
from typing import TYPE_CHECKING

from standfirst.ops import built, folders
from standfirst.ops.errors import Refused

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

PREPARED = "prepared.json"


def prepare_if_needed(newsroom: Newsroom, *, environ: Mapping[str, str]) -> None:
    """Bring the newsroom up to this code.

    Raises Refused when the database is newer than the code, or cannot be reached.
    """
    folder, static_root = newsroom.folder, newsroom.data / "static"
    file = folders.run_folder(folder) / PREPARED
    wanted = {
        "migrations": built.migrations_key(),
        "static": built.static_key(),
        "database": _which_database(folder, newsroom.database_url),
    }
    have = folders.read_json(file)
    if have == wanted and (static_root / "staticfiles.json").exists():
        return
    print("Preparing this release …", file=sys.stderr, flush=True)
    if have.get("migrations") != wanted["migrations"] or have.get("database") != wanted["database"]:
        done = subprocess.run(
            [sys.executable, "-m", "standfirst.ops.prepare", "--folder", str(folder)], env=dict(environ), check=False
        )
        if done.returncode:
            raise Refused("The newsroom was not started; the reason is above.")
    built.static_files(static_root, newsroom=folder)
    folders.write_json(file, wanted)


def mark_prepared(folder: Path, *, database_url: str = "") -> None:
    """A newsroom made by this very code has nothing to migrate at its first start."""
    keys = {"migrations": built.migrations_key(), "static": "", "database": _which_database(folder, database_url)}
    folders.write_json(folders.run_folder(folder) / PREPARED, keys)


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
        return 1
    return 0


def migrate(folder: Path) -> int:
    """Apply what the database lacks, after a safety copy of a SQLite file. Returns how many migrations ran."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise Refused(
            f"The database cannot be reached: {str(error).strip()}. Start it, or correct database_url."
        ) from error
    known = set(executor.loader.disk_migrations)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("standfirst.")}
    newer = sorted(
        f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in ours and (app, name) not in known
    )
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


if __name__ == "__main__":
    sys.exit(main())
