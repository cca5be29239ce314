"""What stands on many pages and hardly ever changes: read again only after it was refreshed.

The press's own promise is enough: whatever a page shows is refreshed when it changes, and refreshes are numbered once
they are committed. What was read at a number holds until a later one names something that was shown while it was read.
While a refresh waits for its number, and inside a transaction, nothing is kept and everything is read.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists

from standfirst.press.models import PressState, Refresh
from standfirst.press.shown import FRAME, Collected, changes_at, collected_here, collecting, shows

Value = TypeVar("Value")

# Of a kilobyte or so; a large value counts for as many as it is told to.
MOST = 8_000


@dataclass(frozen=True)
class _Kept:
    value: Any
    seen: Collected
    weight: int


class _Memory:
    """All that is kept in this process. `number`: the newest refresh that was looked at."""

    def __init__(self) -> None:
        self.number = -1
        self.values: dict[Hashable, _Kept] = {}
        self.weight = 0
        self.lock = threading.Lock()

    def find(self, key: Hashable) -> _Kept | None:
        with self.lock:
            found = self.values.pop(key, None)
            if found is not None:
                self.values[key] = found  # what was not asked for longest goes first
            return found

    def keep(self, key: Hashable, found: _Kept, number: int) -> None:
        with self.lock:
            if number != self.number:
                return  # read before the newest refresh was looked at
            self.drop(key)
            self.values[key] = found
            self.weight += found.weight
            while self.weight > MOST:
                self.drop(next(iter(self.values)))

    def keep_up(self, number: int) -> None:
        """Forget whatever was refreshed since we last looked."""
        with self.lock:
            if number <= self.number:
                return
            state = PressState.objects.filter(pk=1).values_list("forgotten", flat=True).first() or 0
            rows = Refresh.objects.filter(number__gt=self.number, number__lte=number).values_list("keys", flat=True)
            named = {key for keys in rows for key in keys}
            is_all = self.number < state or FRAME in named
            for key in [key for key, one in self.values.items() if is_all or not named.isdisjoint(one.seen.keys)]:
                self.drop(key)
            self.number = number

    def drop(self, key: Hashable) -> None:
        found = self.values.pop(key, None)
        if found is not None:
            self.weight -= found.weight


_memory = _Memory()


def kept(key: Hashable, read: Callable[[], Value], *, weight: int = 1) -> Value:
    """What `read` returned before, or returns now; the page shows whatever was shown while it was read.

    key: names the reading and everything its outcome depends on but the database. weight: in kilobytes or so.
    Callers must not change the value.
    """
    number = _number()
    if number is None:
        return read()
    found = _memory.find(key)
    if found is None:
        with collecting() as seen:
            seen.number = number
            value = read()
        found = _Kept(value, seen, weight)
        _memory.keep(key, found, number)
    shows(*found.seen.keys)
    changes_at(found.seen.until)
    kept_value: Value = found.value
    return kept_value


def kept_each(
    name: Hashable,
    rows: Sequence[int],
    read: Callable[[list[int]], Mapping[int, Value]],
    *,
    keys_of: Callable[[Value], set[str]],
    weight: int = 1,
) -> dict[int, Value]:
    """`kept` for each of many rows, of which `read` reads together those that are not kept.

    keys_of: all that one of the values shows. When reading shows anything else, or is true only for a while, nothing
    of it is kept. What `read` leaves out is not kept either.
    """
    number = _number()
    if number is None:
        return dict(read(list(rows)))
    found = {row: one for row in rows if (one := _memory.find((name, row))) is not None}
    values: dict[int, Value] = {row: one.value for row, one in found.items()}
    missing = [row for row in rows if row not in found]
    if missing:
        with collecting() as seen:
            seen.number = number
            news = read(missing)
        keys = {row: keys_of(value) for row, value in news.items()}
        shows(*seen.keys)
        changes_at(seen.until)
        if seen.until is None and seen.keys <= set().union(*keys.values()):
            for row, value in news.items():
                _memory.keep((name, row), _Kept(value, Collected(keys[row]), weight), number)
        values.update(news)
    for one in found.values():
        shows(*one.seen.keys)
    return values


def kept_until_refreshed(read: Callable[..., Value]) -> Callable[..., Value]:
    """`kept` for a whole function; its arguments are part of the key."""

    @functools.wraps(read)
    def reading(*args: Any) -> Value:
        return kept((read.__module__, read.__qualname__, args), lambda: read(*args))

    return reading


def forget() -> None:
    """Keep nothing of what was kept: another database is behind this process now, or a doubt."""
    global _memory
    _memory = _Memory()


def _number() -> int | None:
    """The newest refresh's number; None while something may have changed without one. Asked once in a render."""
    if connection.in_atomic_block:
        return None
    here = collected_here()
    if here is not None and here.number is not None:
        return here.number
    waiting = Exists(Refresh.objects.filter(number__isnull=True))
    row = PressState.objects.filter(pk=1).annotate(waiting=waiting).values_list("number", "waiting").first()
    number = row[0] if row is not None and not row[1] else None
    if number is not None:
        _memory.keep_up(number)
    if here is not None:
        here.number = number
    return number
