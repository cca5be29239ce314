"""A backup put back in a scratch place and looked at, without touching the newsroom (`drill`, `upgrade --rehearse`)."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from standfirst.config import newsroom as config
from standfirst.ops import built, folders
from standfirst.ops.errors import Refused
from standfirst.ops.restore import restore


@dataclass
class Trial:
    """What came of it. steps: each with `what`, `ok` and `seen`."""

    made_at: str = ""
    made_with: str = ""
    files: int = 0
    unpack_seconds: float = 0.0
    migrated: int = 0
    migrate_seconds: float = 0.0
    steps: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def problems(self) -> int:
        return sum(not step["ok"] for step in self.steps)

    def lines(self) -> list[str]:
        return [f"{'ok' if step['ok'] else 'PROBLEM':8} {step['what']}: {step['seen']}." for step in self.steps]


def trial(*, file: Path, newsroom: Path, scratch: Path | None = None) -> Trial:
    """Restore `file` into a scratch folder, look at it with this code, and remove it again.

    newsroom: the folder whose backup it is; need not be there any more. scratch: where there is room; without it the
    newsroom's own `data/run`, else the folder for temporary files.
    Raises Refused when there is not enough room. A damaged file is a step that is not well.
    """
    place = _place(newsroom, scratch)
    _refuse_too_little_room(file, place)
    folder = folders.scratch_folder(place, "trial-")
    done = Trial()
    try:
        environ = _environ(folder / "copy")
        with _scratch_database(file, newsroom) as database_url:
            environ["STANDFIRST_DATABASE_URL"] = database_url
            began = time.monotonic()
            try:
                restored = restore(
                    file=file,
                    folder=folder / "copy",
                    load_newsroom=lambda where: config.load(where, environ),
                    environ=environ,
                )
            except (Refused, config.NewsroomError) as refusal:
                done.steps.append({"what": "file", "ok": False, "seen": str(refusal).rstrip(".")})
                return done
            done.unpack_seconds = round(time.monotonic() - began, 1)
            done.made_at, done.made_with = restored.manifest["made_at"], restored.manifest["standfirst"]
            done.files = len(restored.manifest["files"])
            seen = f"{done.files:,} files, each with the right digest, unpacked in {done.unpack_seconds:.0f} seconds"
            done.steps.append({"what": "file", "ok": True, "seen": seen})
            _examine(done, folder / "copy", environ, newsroom)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return done


def _examine(done: Trial, copy: Path, environ: Mapping[str, str], newsroom: Path) -> None:
    built.static_files(copy / "data" / "static", newsroom=newsroom if newsroom.is_dir() else copy)
    command = [sys.executable, "-m", "standfirst.ops.copy_checks", "--folder", str(copy), "--migrate"]
    looked = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)
    try:
        found = json.loads(looked.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        last = (looked.stderr.strip().splitlines() or ["it said nothing"])[-1]
        done.steps.append({"what": "newsroom", "ok": False, "seen": f"the copy cannot be opened: {last.rstrip('.')}"})
        return
    done.steps += found["steps"]
    done.counts = found["counts"]
    done.migrated, done.migrate_seconds = found["migrated"], found["migrate_seconds"]


def _environ(copy: Path) -> dict[str, str]:
    """The operator's own, but nothing that would lead the copy to the living newsroom's files, database or mail."""
    environ = dict(os.environ)
    environ.update(
        STANDFIRST_NEWSROOM=str(copy),
        DJANGO_SETTINGS_MODULE=built.SETTINGS_MODULE,
        STANDFIRST_MEDIA_STORE="",
        STANDFIRST_PRESS_STORE="",
        STANDFIRST_MAIL_URL="",
        PYTHONPATH=os.pathsep.join(path for path in sys.path if path),
    )
    return environ


def _place(newsroom: Path, scratch: Path | None) -> Path:
    if scratch is not None:
        if not scratch.is_dir():
            raise Refused(f"There is no folder {scratch}. Make it first, or choose another.")
        return scratch
    if (newsroom / config.SETTINGS_FILE).exists():
        return folders.run_folder(newsroom)
    import tempfile

    return Path(tempfile.gettempdir())


def _refuse_too_little_room(file: Path, place: Path) -> None:
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    # A compressed one grows; databases are copied once more before they are brought up to this release.
    wanted = file.stat().st_size * (4 if file.name.endswith(("gz", "tgz")) else 2)
    free = shutil.disk_usage(place).free
    if free < wanted + (50 << 20):
        raise Refused(
            f"There are {free / 1e9:.1f} GB free in {place}, and trying this backup takes about {wanted / 1e9:.1f} GB. "
            "Make room, or name a folder with room: --scratch DIR."
        )


# PostgreSQL ------------------------------------------------------------------------------------


@contextlib.contextmanager
def _scratch_database(file: Path, newsroom: Path) -> Iterator[str]:
    """The address of an empty database for a backup of PostgreSQL, beside the newsroom's own; '' for SQLite.

    Never the newsroom's own: a restore empties the one it is given.
    """
    own = os.environ.get("STANDFIRST_DATABASE_URL", "")
    with contextlib.suppress(config.NewsroomError):
        own = config.load(newsroom).database_url
    if not own.startswith("postgres"):
        yield ""
        return
    import psycopg

    parts = urlsplit(own)
    name = f"standfirst_trial_{os.getpid()}_{secrets.token_hex(3)}"
    try:
        with psycopg.connect(own, autocommit=True, connect_timeout=10) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
    except psycopg.Error as error:
        raise Refused(
            f"No scratch database could be made beside the newsroom's own: {str(error).strip().splitlines()[0]}. "
            f"Give the account the right to: ALTER ROLE {unquote(parts.username or 'standfirst')} CREATEDB"
        ) from error
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with contextlib.suppress(psycopg.Error), psycopg.connect(own, autocommit=True, connect_timeout=10) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
