"""What stands on every page and hardly ever changes: read again only after something was written.

With SQLite every commit shows in the database's files, whichever process made it: two looks at the disk (a few
microseconds) say whether what we read last time still holds. Nobody has to remember to forget. With PostgreSQL, and
inside a transaction, nothing is kept and everything is read.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

Value = TypeVar("Value")
Stamp = tuple[str, tuple[int, int], tuple[int, int]]

# A file's time moves in steps of a few milliseconds: two commits within one step could look like one.
STEP_NS = 50_000_000

_kept: dict[tuple[str, str], tuple[Stamp, Any]] = {}


def database_stamp() -> Stamp | None:
    """What changes with every commit to the database; None where nothing may be kept."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return None
    name = str(connection.settings_dict["NAME"])
    try:
        file = Path(name).stat()
    except OSError:
        return None
    try:
        log = Path(f"{name}-wal").stat()
        written = (log.st_mtime_ns, log.st_size)
    except OSError:
        written = (0, 0)
    stamp = (name, (file.st_mtime_ns, file.st_size), written)
    return stamp if time.time_ns() - max(file.st_mtime_ns, written[0]) > STEP_NS else None


def kept_until_written(read: Callable[..., Value]) -> Callable[..., Value]:
    """Keep what `read` returned until anything is written to the database. Callers must not change it."""

    @functools.wraps(read)
    def reading(*args: Any) -> Value:
        stamp = database_stamp()
        if stamp is None:
            return read(*args)
        key = (f"{read.__module__}.{read.__qualname__}", repr(args))
        found = _kept.get(key)
        if found is not None and found[0] == stamp:
            return found[1]
        value = read(*args)
        _kept[key] = (stamp, value)
        return value

    return reading
