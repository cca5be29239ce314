"""`standfirst restore FILE`: put a backup in the newsroom's place, or leave everything as it was.

The file is unpacked beside the newsroom and checked against its manifest, byte for byte, before anything is touched;
then the two folders change places in one step. What was there before stays beside. Imports no Django.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from standfirst.letterbox.spool import spool_carry_over
from standfirst.ops import built, folders
from standfirst.ops.again import ledgers_carry_over, withheld_again
from standfirst.ops.backup import (
    DATABASE,
    DUMP,
    FORMAT,
    MANIFEST,
    MEDIA_ELSEWHERE,
    check_sqlite,
    is_postgres,
    run_postgres_tool,
)
from standfirst.ops.errors import Refused

RENAME_EXCHANGE = 2
AT_FDCWD = -100


@dataclass(frozen=True)
class Restored:
    folder: Path
    before: Path | None
    manifest: dict[str, Any]


def restore(
    *, file: Path, folder: Path, replace: bool = False, load_newsroom: Any, environ: Mapping[str, str] | None = None
) -> Restored:
    """Check a backup wholly, then put it in place of the newsroom in `folder`.

    Killed at any moment it leaves the old newsroom or the new one at `folder`, whole; the old one is kept beside as
    `FOLDER.before-restore-TIME`. On PostgreSQL the database is replaced in one transaction right before.
    load_newsroom: reads a newsroom's settings from a folder (`config.newsroom.load`). environ: for the process that
    does again what was withheld since (ops.again); by default this one's.
    Raises Refused when the file is damaged or not a backup of ours, when the newsroom is running, or when there is
    one and `replace` is not said.
    """
    file = file.absolute()
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    exists = folder.exists() and any(folder.iterdir())
    if exists and not (folder / "standfirst.toml").exists():
        raise Refused(f"{folder} is not empty and is no newsroom. Name another folder with --newsroom.")
    if exists and not replace:
        raise Refused(
            f"There is a newsroom in {folder}. Say --yes to put the backup in its place; "
            "the one that is there now will be kept beside it."
        )
    if exists and folders.is_locked(folder):
        raise Refused(f"The newsroom in {folder} is running. Stop it first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        scratch = folders.scratch_folder(folder.parent, f".{folder.name}.restoring-")
    except OSError as error:
        raise Refused(
            f"Nothing can be written in {folder.parent}: {error.strerror}. "
            "The backup is unpacked there, beside the newsroom."
        ) from error
    try:
        manifest = _unpack(file, scratch)
        newsroom = load_newsroom(scratch)
        # Letters that came since the backup was made and wait for a database, perhaps for this one.
        spool_carry_over(source=folder / "data", target=scratch / "data")
        if manifest["database"] == "postgresql":
            _put_postgres_back(newsroom, scratch)
        if ledgers_carry_over(scratch=scratch, folder=folder, file=file):
            withheld_again(
                scratch=scratch,
                environ=os.environ if environ is None else environ,
                settings_module=built.SETTINGS_MODULE,
            )
        return Restored(folder, _change_places(scratch, folder), manifest)
    finally:
        if scratch.exists():
            shutil.rmtree(scratch, ignore_errors=True)


def _unpack(file: Path, target: Path) -> dict[str, Any]:
    digests: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(file, mode="r|*") as archive:
            for entry in archive:
                if not entry.isreg():
                    raise Refused(f"{file} holds {entry.name!r}, which is not a plain file. It is no backup of ours.")
                source = archive.extractfile(entry)
                assert source is not None
                if entry.name == MANIFEST:
                    manifest = json.loads(source.read(64 << 20))
                    continue
                digests[entry.name] = _unpack_one(source, target / _safe(entry.name, file), entry)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise Refused(
                f"There is not enough room in {target.parent} to unpack {file}. Nothing was changed."
            ) from error
        raise Refused(f"{file} is damaged or no backup of ours ({error}). Nothing was changed.") from error
    if manifest is None:
        raise Refused(f"{file} ends too early: its list of contents is missing. Nothing was changed.")
    _verify(file, manifest, digests)
    if any(name.startswith(MEDIA_ELSEWHERE) for name in digests):
        settings = target / "standfirst.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"(?m)^\s*media_store\s*=.*$", 'media_store = ""', text), encoding="utf-8")
    if manifest["database"] == "sqlite":
        try:
            check_sqlite(target / DATABASE)
        except sqlite3.DatabaseError as error:
            raise Refused(f"The database in {file} is damaged: {error}. Nothing was changed.") from error
    return manifest


def _safe(name: str, file: Path) -> Path:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or not parts or "\\" in name or "\0" in name:
        raise Refused(
            f"{file} holds the name {name!r}, which leads outside. It is no backup of ours. Nothing was changed."
        )
    if parts[0] == MEDIA_ELSEWHERE.rstrip("/"):
        # The pictures lay in a folder elsewhere; they come back into the newsroom's own, and settings are told.
        return Path("data", "media", *parts[1:])
    if parts[0] not in ("data", "standfirst.toml", DUMP):
        raise Refused(f"{file} holds {name!r}, which no backup of ours holds. Nothing was changed.")
    return Path(*parts)


def _unpack_one(source: Any, target: Path, entry: tarfile.TarInfo) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, entry.mode & 0o700 | 0o600), "wb") as out:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    target.chmod((entry.mode & 0o777) | 0o600)
    os.utime(target, (entry.mtime, entry.mtime))
    return {"sha256": digest.hexdigest(), "bytes": size}


def _verify(file: Path, manifest: dict[str, Any], digests: dict[str, dict[str, Any]]) -> None:
    if manifest.get("format", 0) > FORMAT:
        raise Refused(
            f"{file} was made by Standfirst {manifest.get('standfirst')}, which is newer than this one. "
            "Install that release first."
        )
    listed = manifest.get("files", {})
    for name in sorted(set(listed) | set(digests)):
        if name not in digests:
            raise Refused(f"{file} is damaged: {name} is missing from it. Nothing was changed.")
        if name not in listed or listed[name] != digests[name]:
            raise Refused(f"{file} is damaged: {name} is not what was put in. Nothing was changed.")
    database = DATABASE if manifest.get("database") == "sqlite" else DUMP
    for name in ("standfirst.toml", database):
        if name not in digests:
            raise Refused(f"{file} is no whole backup: {name} is missing from it. Nothing was changed.")


def _put_postgres_back(newsroom: Any, scratch: Path) -> None:
    if not is_postgres(newsroom):
        raise Refused(
            "The backup holds a PostgreSQL database, and its database_url does not name one. "
            "Set STANDFIRST_DATABASE_URL to an empty PostgreSQL database and try again."
        )
    before = scratch / "data" / "backups"
    before.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    run_postgres_tool(
        newsroom, "pg_dump", "--format=custom", "--no-owner", f"--file={before / f'before-restore-{stamp}.dump'}"
    )
    dump = scratch / DUMP
    run_postgres_tool(
        newsroom,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        str(dump),
    )
    dump.unlink()


def _change_places(scratch: Path, folder: Path) -> Path | None:
    """Put scratch at folder in one step; returns where the old newsroom is kept now."""
    for name in ("run", "media/originals", "media/public", "mail", "secrets", "spool"):
        (scratch / "data" / name).mkdir(parents=True, exist_ok=True)
    _sync_folder(scratch)
    if not folder.exists():
        scratch.rename(folder)
        _sync_folder(folder.parent)
        return None
    scratch.chmod(folder.stat().st_mode & 0o777)
    _like_owner(scratch, folder)
    empty = not any(folder.iterdir())
    before = folder.with_name(f"{folder.name}.before-restore-{time.strftime('%Y%m%d-%H%M%S')}")
    if not _exchange(scratch, folder):
        # No exchange in one step on this file system: the old one is moved aside first.
        folder.rename(before)
        scratch.rename(folder)
    else:
        scratch.rename(before)
    _sync_folder(folder.parent)
    if empty:
        before.rmdir()
        return None
    return before


def _like_owner(scratch: Path, folder: Path) -> None:
    """Run by root for a newsroom of another account, the restored files belong to that account."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        for path in [scratch, *scratch.rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _exchange(one: Path, other: Path) -> bool:
    """Linux's renameat2(RENAME_EXCHANGE): two names change places, with no moment between."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return bool(done == 0)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
