"""`standfirst backup FILE`: the whole newsroom in one file.

A tar archive: `standfirst.toml`, `data/…` without what belongs to the running programs, the database as it was
at one moment (`data/standfirst.sqlite3`, or `database.dump` of pg_dump), and last `manifest.json` with the SHA-256
of everything before it. Imports no Django.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from standfirst import __version__
from standfirst.kit.ledger import BESIDE, NAME, ledger_join
from standfirst.kit.statefile import write_json
from standfirst.ops import folders
from standfirst.ops.errors import Refused
from standfirst.ops.prepare import sqlite_copy

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "data/standfirst.sqlite3"
DUMP = "database.dump"
MEDIA_ELSEWHERE = "media/"
# Made again at the next start, or safety copies of the database that is in the file anyway.
LEFT_OUT = {"run", "cache", "static", "backups"}
SPOOL = "spool"
# Where the last one went and when, for `doctor` and `drill`; in data/run.
LAST_BACKUP = "last-backup.json"


@dataclass
class Backup:
    """What `backup_make` wrote."""

    file: Path
    files: int = 0
    bytes: int = 0
    vanished: list[str] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)


def backup_make(*, newsroom: Newsroom, file: Path, overwrite: bool = False, is_kept: bool = True) -> Backup:
    """Write one consistent file with everything, while the newsroom runs.

    Nothing is at `file` until all of it is there. The file holds the secret key and all accounts: only its owner
    can read it. Its name decides: .tar.gz or .tgz is compressed, anything else is not (pictures hardly shrink).
    is_kept: noted as the newsroom's last backup; not one that is deleted again in a moment.
    Raises Refused when there is a file already, or the database cannot be copied.
    """
    file = file.absolute()
    if file.exists() and not overwrite:
        raise Refused(f"{file} exists already. Choose another name, or say --yes to replace it.")
    if file.is_relative_to(newsroom.data) and not any(
        file.is_relative_to(newsroom.data / name) for name in ("backups", "run")
    ):
        raise Refused(f"{file} lies inside the newsroom's own data. Choose a place outside, best on another machine.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}. Make it first, or choose another.")
    partial = file.with_name(file.name + ".partial")
    made = Backup(file)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            _write(newsroom, out, made)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(file)
    except OSError as error:
        raise Refused(
            f"The backup could not be written to {file}: {error.strerror or error}. Nothing was changed."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    made.bytes = file.stat().st_size
    with contextlib.suppress(OSError):
        # Older files beside it find there what was withheld since they were made.
        ledger_join([newsroom.data / NAME], file.parent / BESIDE)
    if is_kept:
        said = {"at": time.time(), "file": str(file), "bytes": made.bytes}
        write_json(folders.run_folder(newsroom.folder) / LAST_BACKUP, said)
    return made


def _write(newsroom: Newsroom, out: IO[bytes], made: Backup) -> None:
    compressed = made.file.name.endswith((".tar.gz", ".tgz"))
    digests: dict[str, dict[str, Any]] = {}
    scratch = folders.scratch_folder(folders.run_folder(newsroom.folder), "backup-")
    try:
        # Before the database: a letter that is delivered in between is then in both, and arrives once; else in neither.
        with contextlib.suppress(FileNotFoundError):
            shutil.copytree(newsroom.data / SPOOL, scratch / SPOOL, copy_function=_copy_if_there)
        # Then the database: a picture it knows is on disk by now, and stays until the copy has been taken.
        database, stored_as = _copy_database(newsroom, scratch)
        with tarfile.open(fileobj=out, mode="w:gz" if compressed else "w") as archive:
            if database is not None:
                _add(archive, database, stored_as, digests, made)
            for path, name in [*_everything(newsroom), *_below(scratch / SPOOL, f"data/{SPOOL}/")]:
                _add(archive, path, name, digests, made)
            made.manifest = {
                "format": FORMAT,
                "standfirst": __version__,
                "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "newsroom": newsroom.name,
                "database": "sqlite" if stored_as == DATABASE else "postgresql",
                "files": digests,
            }
            text = json.dumps(made.manifest, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode, entry.mtime = len(text), 0o600, int(time.time())
            archive.addfile(entry, io.BytesIO(text))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    made.files = len(digests)


def _everything(newsroom: Newsroom) -> Iterator[tuple[Path, str]]:
    """Each file with its name in the archive."""
    yield newsroom.folder / "standfirst.toml", "standfirst.toml"
    yield from _below(newsroom.data, "data/", top_left_out={*LEFT_OUT, SPOOL})
    if not newsroom.media_store.is_relative_to(newsroom.data):
        yield from _below(newsroom.media_store, MEDIA_ELSEWHERE)


def _copy_if_there(source: str, target: str) -> None:
    with contextlib.suppress(FileNotFoundError):  # delivered just now
        shutil.copy2(source, target)


def _below(root: Path, prefix: str, top_left_out: Set[str] = frozenset()) -> Iterator[tuple[Path, str]]:
    for folder, below, files in os.walk(root):
        here = Path(folder)
        below.sort()
        if here == root:
            below[:] = [name for name in below if name not in top_left_out and not name.startswith(".")]
        for name in sorted(files):
            path = here / name
            if path.is_symlink() or name.endswith(".partial") or not path.is_file():
                continue
            if here == root and name.startswith("standfirst.sqlite3"):
                continue
            yield path, prefix + path.relative_to(root).as_posix()


class _Hashing(io.RawIOBase):
    """Reads a file and takes its digest on the way."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


def _add(archive: tarfile.TarFile, path: Path, name: str, digests: dict[str, dict[str, Any]], made: Backup) -> None:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        made.vanished.append(name)
        return
    with source:
        entry = archive.gettarinfo(arcname=name, fileobj=source)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        hashing = _Hashing(source)
        archive.addfile(entry, hashing)
        digests[name] = {"sha256": hashing.digest.hexdigest(), "bytes": entry.size}


def _copy_database(newsroom: Newsroom, scratch: Path) -> tuple[Path | None, str]:
    import sqlite3

    if is_postgres(newsroom):
        target = scratch / DUMP
        run_postgres_tool(newsroom, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return target, DUMP
    if not newsroom.database_file.exists():
        raise Refused(f"There is no database at {newsroom.database_file}, so there is nothing to back up.")
    target = scratch / "standfirst.sqlite3"
    try:
        sqlite_copy(newsroom.database_file, target)
        check_sqlite(target)
    except sqlite3.DatabaseError as error:
        raise Refused(
            f"The database {newsroom.database_file} cannot be copied: {error}. Run `standfirst doctor`."
        ) from error
    return target, DATABASE


def check_sqlite(file: Path) -> None:
    """Raises sqlite3.DatabaseError when the file is damaged."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(file)) as database:
        answer = database.execute("PRAGMA quick_check").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)


def is_postgres(newsroom: Newsroom) -> bool:
    return newsroom.database_url.startswith("postgres")


def run_postgres_tool(newsroom: Newsroom, tool: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on the newsroom's database. The password goes by the environment alone."""
    if shutil.which(tool) is None:
        raise Refused(
            f"{tool} is needed for a database on PostgreSQL and is not installed. "
            "On Debian: apt install postgresql-client. Its version must not be older than the server's."
        )
    parts = urlsplit(newsroom.database_url)
    environ = dict(os.environ)
    wanted = {
        "PGHOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")) or "standfirst",
    }
    environ.update({key: value for key, value in wanted.items() if value})
    database = [f"--dbname={wanted['PGDATABASE']}"] if tool == "pg_restore" else []
    done = subprocess.run([tool, *database, *arguments], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{tool} failed: {done.stderr.strip()[-600:]}")
