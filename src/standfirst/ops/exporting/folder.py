"""The folder of an export: written over the one before, file by file, and never taken for whole while it is not.

    manifest.json     what it is: format, newsroom, counts; written last, so where it lies the export is whole
    SHA256SUMS        the digest of every file, as `sha256sum -c` reads it
    EXPORT-IS-INCOMPLETE.txt   there while it is written, with the names written so far

A file whose bytes did not change is left alone, so rsync and git see what changed. What an earlier export wrote and
this one does not is removed; nothing else ever is.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from standfirst.ops.errors import Refused

MANIFEST, SUMS, MARK = "manifest.json", "SHA256SUMS", "EXPORT-IS-INCOMPLETE.txt"
_HEAD = "This export is being written, or was interrupted. Run `standfirst export` again; it goes on. Written so far:\n"
_CHUNK = 1 << 20
_FOLDERS = 200


@dataclass
class Written:
    """What came of writing."""

    files: int = 0
    bytes: int = 0
    changed: int = 0
    removed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class ExportFolder:
    """A folder that is being filled. Use it in a `with`; `finish` makes it whole."""

    def __init__(self, root: Path, *, newsroom: str, private: bool) -> None:
        self.root = root
        self.newsroom = newsroom
        self.private = private
        self.written = Written()
        self._names: set[int] = set()
        self._folders: set[str] = set()
        self._mark: IO[str] | None = None
        self._sums: IO[str] | None = None

    @contextlib.contextmanager
    def open(self, *, overwrite: bool) -> Iterator[ExportFolder]:
        """Refuses a folder that holds anything but an export of this newsroom, unless told to overwrite."""
        said = self._look(overwrite=overwrite)
        self.root.mkdir(parents=True, exist_ok=True)
        if self.private:
            self.root.chmod(0o700)
        before = self._before() if said is not None else iter(())
        with (self.root / MARK).open("a+", encoding="utf-8") as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"Another export is being written to {self.root}. Wait until it is done.") from None
            if said is None or said.get("newsroom") != self.newsroom:
                mark.truncate(0)
            if not mark.tell() or not (self.root / MARK).stat().st_size:
                mark.write(_HEAD + json.dumps({"newsroom": self.newsroom, "private": self.private}) + "\n")
                mark.writelines(f"{name}\n" for name in before)
                mark.flush()
            (self.root / MANIFEST).unlink(missing_ok=True)
            self._mark = mark
            with (self.root / f"{SUMS}.partial").open("w", encoding="utf-8") as sums:
                self._sums = sums
                yield self
        self._mark = self._sums = None

    def _look(self, *, overwrite: bool) -> dict[str, Any] | None:
        """What export lies here already. Raises Refused for a folder that may not be written to."""
        if self.root.is_symlink() or (self.root.exists() and not self.root.is_dir()):
            raise Refused(f"{self.root} is not a folder. Name a folder for the export; it is made if it is not there.")
        if not self.root.exists() or not any(self.root.iterdir()):
            return None
        said = self._said()
        if said is None or said.get("newsroom") != self.newsroom:
            whose = "is not empty" if said is None else "holds an export of another newsroom"
            if not overwrite:
                raise Refused(f"{self.root} {whose}. Name another folder, or say --yes to write into this one.")
        elif self.private and not said.get("private") and not overwrite:
            raise Refused(
                f"{self.root} holds a public export, and others may see that folder. Name another one for what is "
                "private, or say --yes."
            )
        return said

    def _said(self) -> dict[str, Any] | None:
        """What the manifest, or the mark of an interrupted export, says of whose this is."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            manifest = json.loads((self.root / MANIFEST).read_text(encoding="utf-8"))
            return {"newsroom": manifest["newsroom"]["id"], "private": manifest["private"]}
        with contextlib.suppress(OSError, ValueError), (self.root / MARK).open(encoding="utf-8") as mark:
            mark.readline()
            said = json.loads(mark.readline())
            return said if isinstance(said, dict) else None
        return None

    def _before(self) -> Iterator[str]:
        """The files an earlier export wrote."""
        with contextlib.suppress(OSError), (self.root / SUMS).open(encoding="utf-8", newline="\n") as lines:
            yield from (line[66:].rstrip("\n") for line in lines if len(line) > 67)

    # What the rooms write -----------------------------------------------------------------------------

    def json(self, name: str, value: Any) -> None:
        self.data(name, (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())

    def data(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if not _holds(path, content):
            partial = path.with_name(f"{path.name}.partial")
            partial.write_bytes(content)
            partial.replace(path)
            self.written.changed += 1
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def file(self, name: str, source: Path) -> bool:
        try:
            opened = source.open("rb")
        except OSError:
            self.missing(f"{name}: its file is not in the newsroom.")
            return False
        with opened:
            self.pieces(name, iter(lambda: opened.read(_CHUNK), b""))
        return True

    def pieces(self, name: str, content: Iterable[bytes]) -> None:
        path = self._path(name)
        partial = path.with_name(f"{path.name}.partial")
        digest, size = hashlib.sha256(), 0
        with partial.open("wb") as target:
            for chunk in content:
                digest.update(chunk)
                target.write(chunk)
                size += len(chunk)
        if path.is_file() and path.stat().st_size == size and _digest(path) == digest.hexdigest():
            partial.unlink()
        else:
            partial.replace(path)
            self.written.changed += 1
        self._note(name, digest.hexdigest(), size)

    def missing(self, what: str) -> None:
        self.written.missing.append(what)

    def count(self, what: str, number: int = 1) -> None:
        self.written.counts[what] = self.written.counts.get(what, 0) + number

    def finish(self, about: dict[str, Any]) -> Written:
        """Remove what an earlier export left, and say that this one is whole."""
        assert self._mark is not None
        assert self._sums is not None
        self._mark.seek(0)
        for line in itertools.islice(self._mark, 2, None):
            name = line.rstrip("\n")
            if name and _number(name) not in self._names and _is_below(name):
                self._remove(self.root / name)
        self._sums.flush()
        os.fsync(self._sums.fileno())
        (self.root / f"{SUMS}.partial").replace(self.root / SUMS)
        manifest = about | {
            "counts": dict(sorted(self.written.counts.items())),
            "files": self.written.files,
            "bytes": self.written.bytes,
            "missing": self.written.missing,
            "sha256_of_sums": _digest(self.root / SUMS),
        }
        partial = self.root / f"{MANIFEST}.partial"
        with partial.open("w", encoding="utf-8") as out:
            json.dump(manifest, out, ensure_ascii=False, indent=1, sort_keys=True)
            out.write("\n")
            out.flush()
            os.fsync(out.fileno())
        partial.replace(self.root / MANIFEST)
        (self.root / MARK).unlink(missing_ok=True)
        return self.written

    def _path(self, name: str) -> Path:
        path = self.root / name
        folder = str(path.parent)
        if folder not in self._folders:
            # Neighbours are written one after another: a few names are enough, and an archive has a folder a story.
            if len(self._folders) >= _FOLDERS:
                self._folders.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return path

    def _note(self, name: str, digest: str, size: int) -> None:
        assert self._mark is not None
        assert self._sums is not None
        if "\n" in name or _number(name) in self._names:
            raise Refused(f"Two things of this newsroom would be written to {name}. Please report this.")
        self._names.add(_number(name))
        self._mark.write(f"{name}\n")
        self._sums.write(f"{digest}  {name}\n")
        self.written.files += 1
        self.written.bytes += size

    def _remove(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()
            self.written.removed += 1
        folder = path.parent
        with contextlib.suppress(OSError):  # until the first that still holds something
            while folder != self.root:
                folder.rmdir()
                folder = folder.parent


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def _is_below(name: str) -> bool:
    """Whether a name leads nowhere but below the folder: the list could have been touched."""
    return not name.startswith("/") and not set(name.split("/")) & {"", ".", "..", ".git"}


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
