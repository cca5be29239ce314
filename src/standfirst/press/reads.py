"""How often each page was read: by address alone, for the press's order of work. Nothing about readers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from standfirst.kit.statefile import read_json, write_json
from standfirst.press.memory import Memory

EVERY_SECONDS = 60.0
MOST = 2000
HALVED_EVERY_SECONDS = 12 * 3600.0


class Reads:
    """The counts of one process, in a file that the press reads: `{address: readings}`, halved twice a day."""

    def __init__(self, file: Path, memory: Memory, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._memory = memory
        self._clock = clock
        self._due = clock() + EVERY_SECONDS
        self._halved = clock()
        self._counts = counted(file)

    def write_if_due(self) -> None:
        if self._clock() >= self._due:
            self.write()

    def write(self) -> None:
        """Add what was read since the last time. A disk that refuses is no reason to stop serving."""
        self._due = self._clock() + EVERY_SECONDS
        new = self._memory.taken_reads()
        counts = self._counts
        if self._clock() >= self._halved + HALVED_EVERY_SECONDS:
            self._halved = self._clock()
            counts = {path: count // 2 for path, count in counts.items()}
        elif not new:
            return
        for path, count in new.items():
            counts[path] = counts.get(path, 0) + count
        most = sorted(counts.items(), key=lambda item: -item[1])[:MOST]
        self._counts = {path: count for path, count in most if count}
        with contextlib.suppress(OSError):
            write_json(self._file, self._counts)


def counted(file: Path) -> dict[str, int]:
    """Readings by address as one process wrote them; empty when there are none."""
    return {path: count for path, count in read_json(file).items() if isinstance(count, int)}
