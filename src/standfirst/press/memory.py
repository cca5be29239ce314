"""What lies ready in memory: bounded by bytes, the least asked for goes first.

Read without a lock on the hot path; written under one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

OVERHEAD_BYTES = 1200
Headers = list[tuple[str, str]]


class Answer:
    """What to send. Either `body`, or `file` from `start` to `end` (the whole file when `end` is 0).

    Neither `content-length` nor `date` is among the headers: servers write them, and for HEAD the adapter does.
    """

    __slots__ = ("body", "end", "file", "headers", "start", "status")

    def __init__(
        self, status: int, headers: Headers, body: bytes = b"", *, file: str = "", start: int = 0, end: int = 0
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.file = file
        self.start = start
        self.end = end

    @property
    def length(self) -> int:
        return self.end - self.start if self.file else len(self.body)


@dataclass(slots=True)
class Entry:
    """One packing of one page or file, with its answers made ready."""

    path: str
    encoding: str
    source: str
    identity: tuple[int, int, int]
    etag: str
    full: Answer
    known: Answer
    modified: str
    # The store's counter at which the file was last seen unchanged; -1: looked at for every request.
    checked: int
    is_ranged: bool = False
    # In an emergency: the page itself, because it has no text edition yet.
    is_second_best: bool = False
    reads: int = 0
    reads_told: int = 0
    reads_seen: int = 0


class Memory:
    """Entries by encoding and path. `hot[encoding]` may be read by anybody at any time."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.bytes = 0
        self.hot: dict[str, dict[str, Entry]] = {"br": {}, "gzip": {}, "": {}}
        self._order: dict[tuple[str, str], Entry] = {}
        self._read: dict[str, int] = {}
        self._lock = threading.Lock()

    def put(self, entry: Entry) -> None:
        cost = len(entry.full.body) + OVERHEAD_BYTES
        if cost > self.limit_bytes // 8:
            self.count(entry.path)
            return
        with self._lock:
            self._drop(entry.encoding, entry.path)
            self.bytes += cost
            self._order[entry.encoding, entry.path] = entry
            self.hot[entry.encoding][entry.path] = entry
            while self.bytes > self.limit_bytes and self._order:
                oldest = next(iter(self._order))
                one = self._order[oldest]
                if one.reads != one.reads_seen:
                    # Asked for since it was last looked at: to the end of the line.
                    one.reads_seen = one.reads
                    self._order[oldest] = self._order.pop(oldest)
                else:
                    self._drop(*oldest)

    def drop(self, entry: Entry) -> None:
        with self._lock:
            if self._order.get((entry.encoding, entry.path)) is entry:
                self._drop(entry.encoding, entry.path)

    def clear(self) -> None:
        with self._lock:
            for encoding, path in list(self._order):
                self._drop(encoding, path)

    def count(self, path: str) -> None:
        """One reading that no entry counted."""
        self._read[path] = self._read.get(path, 0) + 1

    def taken_reads(self) -> dict[str, int]:
        """Readings by address since they were last taken."""
        with self._lock:
            for entry in self._order.values():
                self._tell(entry)
            taken, self._read = self._read, {}
        return taken

    def _drop(self, encoding: str, path: str) -> None:
        entry = self._order.pop((encoding, path), None)
        if entry is not None:
            del self.hot[encoding][path]
            self.bytes -= len(entry.full.body) + OVERHEAD_BYTES
            self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        new = entry.reads - entry.reads_told
        if new:
            entry.reads_told = entry.reads
            if not entry.path.startswith(("/s/", "/m/")):
                self._read[entry.path] = self._read.get(entry.path, 0) + new
