"""The page store: finished pages as plain files, with compressed copies beside them, in one folder.

    pages/…/index.html  .gz  .br    what any web server can serve, and rsync copy
    gone.txt                        withdrawn addresses, one a line; everything below them is withdrawn too
    headers.json                    kind of page → its one set of headers
    counter                         eight bytes that move with every change, mapped by all who serve
    origin.txt                      scheme and host in the pages' absolute addresses
    locks/  new/                    one writer per address; files on their way in

A file is written under another name and renamed, so a reader gets the old page or the new one, whole.
Imports no Django and asks no database.
"""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import json
import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import brotli

from standfirst.press.addresses import is_storable

LEVEL = 5
ENCODINGS: tuple[tuple[str, str], ...] = (("br", ".br"), ("gzip", ".gz"))
_LOCKS = 256
Headers = list[tuple[str, str]]


class NotStorable(ValueError):
    """An address that may not become a file name."""


class Store:
    """One newsroom's pages on disk. Many processes may read; writers hold `lock(path)`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pages = root / "pages"
        self._counter: mmap.mmap | None = None
        self._inode = 0
        self._view: memoryview | None = None

    # Reading --------------------------------------------------------------------------------------

    def file(self, path: str) -> Path:
        """The plain file of an address. Raises NotStorable."""
        if not is_storable(path):
            raise NotStorable(path)
        return self.pages / (path[1:] + "index.html" if path.endswith("/") else path[1:])

    def read(self, path: str) -> bytes | None:
        try:
            return self.file(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, NotStorable):
            return None

    def size(self, path: str) -> int:
        """Bytes of a page with its compressed copies; 0 when any of the three is missing."""
        file = self.file(path)
        total = 0
        for suffix in ("", ".gz", ".br"):
            try:
                total += os.stat(f"{file}{suffix}").st_size  # noqa: PTH116
            except OSError:
                return 0
        return total

    def holds(self, path: str, body: bytes) -> bool:
        """Whether this very page lies here, in all three forms: a writer may have been killed between two of them."""
        file = self.file(path)
        if self.read(path) != body:
            return False
        try:
            packed = [file.with_name(file.name + suffix).read_bytes() for suffix in (".gz", ".br")]
            return gzip.decompress(packed[0]) == body and brotli.decompress(packed[1]) == body
        except (OSError, EOFError, zlib.error, brotli.error):
            return False

    def paths(self) -> Iterator[str]:
        """Every address that has a file, in no order."""
        for folder, _folders, names in os.walk(self.pages):
            below = os.path.relpath(folder, self.pages).replace(os.sep, "/")
            prefix = "/" if below == "." else f"/{below}/"
            for name in names:
                if name.endswith((".gz", ".br")):
                    continue
                yield prefix if name == "index.html" else prefix + name

    def gone(self) -> list[str]:
        """Withdrawn addresses."""
        try:
            return (self.root / "gone.txt").read_text(encoding="utf-8").split("\n")[:-1]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def headers(self) -> dict[str, Headers]:
        """Kind of page → its headers, names in small letters."""
        try:
            found = json.loads((self.root / "headers.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return {}
        return {kind: [(name, value) for name, value in rows] for kind, rows in found.items()}

    @property
    def counter(self) -> int:
        """A number that moves with every change of the store, whichever process made it."""
        return int(struct.unpack_from("<Q", self._mapped())[0])

    def counter_view(self) -> memoryview:
        """The counter at `view[0]`, for who looks many thousand times a second.

        Asked for again, it is that of the folder which lies there now, should another have been put in its place.
        """
        with contextlib.suppress(OSError):
            if self._counter is not None and os.stat(self.root / "counter").st_ino != self._inode:  # noqa: PTH116
                self._counter = None
                self._view = None
        if self._view is None:
            self._view = memoryview(self._mapped()).cast("Q")
        return self._view

    # Writing --------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def lock(self, path: str, *, wait: bool = True) -> Iterator[bool]:
        """One writer per address, over all processes. Yields False when it is taken and `wait` is off.

        Some addresses share a lock: a thread must never hold two.
        """
        number = int.from_bytes(hashlib.blake2b(path.encode(), digest_size=2).digest(), "big") % _LOCKS
        with self._locked(f"{number:02x}", wait=wait) as mine:
            yield mine

    def write(self, path: str, body: bytes) -> int:
        """Put a page in place, whole, with its compressed copies. Returns their bytes together.

        Raises OSError when the disk refuses: then the page that was there is still there.
        """
        file = self.file(path)
        packed = {
            ".gz": gzip.compress(body, LEVEL, mtime=0),
            ".br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=LEVEL),
        }
        new = self._new_name(path)
        made: list[tuple[Path, Path]] = []
        try:
            # All three are on the disk before the first one is shown: a full disk changes nothing.
            for suffix, content in (("", body), *packed.items()):
                partial = new.with_name(new.name + suffix)
                partial.write_bytes(content)
                made.append((partial, file.with_name(file.name + suffix)))
                _make_newer(*made[-1])
            for partial, target in made:
                _move_in(partial, target)
        finally:
            for partial, _target in made:
                partial.unlink(missing_ok=True)
            new.unlink(missing_ok=True)
            self.moved()
        return len(body) + sum(len(content) for content in packed.values())

    def remove(self, path: str) -> bool:
        """Take a page away. Returns whether there was one."""
        file = self.file(path)
        was_there = False
        try:
            for suffix in ("", ".gz", ".br"):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    os.unlink(f"{file}{suffix}")  # noqa: PTH108
                    was_there = True
        finally:
            self.moved()
        folder = file.parent
        with contextlib.suppress(OSError):  # until the first that still holds something
            while folder != self.pages:
                folder.rmdir()
                folder = folder.parent
        return was_there

    def set_gone(self, read: Callable[[], Iterable[str]]) -> None:
        """Write the whole list of withdrawn addresses, read while nobody else writes it."""
        with self._locked("gone"):
            self._replace("gone.txt", "".join(f"{path}\n" for path in sorted(set(read()))).encode())

    def set_headers(self, kind: str, headers: Headers) -> None:
        with self._locked("headers"):
            every = self.headers()
            if every.get(kind) == headers:
                return
            every[kind] = headers
            self._replace("headers.json", json.dumps(every, indent=1, sort_keys=True).encode() + b"\n")

    def moved(self) -> None:
        """Tell all who serve that something changed."""
        with self._locked("counter"):
            struct.pack_into("<Q", self._mapped(), 0, self.counter + 1)

    def sweep(self) -> None:
        """Remove what a killed writer left on its way in. Only where no other writer can be at work."""
        for left in (self.root / "new").glob("*"):
            left.unlink(missing_ok=True)

    # Inside ---------------------------------------------------------------------------------------

    def _new_name(self, path: str) -> Path:
        folder = self.root / "new"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{hashlib.blake2b(path.encode(), digest_size=12).hexdigest()}-{os.getpid()}"

    def _replace(self, name: str, content: bytes) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        partial = self.root / f"{name}.{os.getpid()}.partial"
        try:
            partial.write_bytes(content)
            partial.replace(self.root / name)
        finally:
            partial.unlink(missing_ok=True)
            self.moved()

    def _mapped(self) -> mmap.mmap:
        if self._counter is None:
            self.root.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.root / "counter", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                self._inode = os.fstat(descriptor).st_ino
                if os.fstat(descriptor).st_size < 8:
                    # Written, not only made longer: touching a hole kills the process when the disk is full.
                    os.pwrite(descriptor, bytes(8), 0)
                self._counter = mmap.mmap(descriptor, 8)
            finally:
                os.close(descriptor)
        return self._counter

    @contextlib.contextmanager
    def _locked(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        folder = self.root / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)


def _make_newer(partial: Path, target: Path) -> None:
    """Give a page a later second than the one before it: web servers make their tags of that and the length."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        before = int(os.stat(target).st_mtime)  # noqa: PTH116
        if int(os.stat(partial).st_mtime) <= before:  # noqa: PTH116
            os.utime(partial, (before + 1, before + 1))


def _move_in(partial: Path, target: Path) -> None:
    for attempt in range(5):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.replace(target)
        except FileNotFoundError:
            # Somebody who removed the last page of this folder took the folder with it.
            if attempt == 4:
                raise
        else:
            return
