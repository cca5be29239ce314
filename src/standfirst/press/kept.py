"""What stands on every page and hardly ever changes: read again only after something was refreshed.

The press's own promise is enough: whatever a page shows is refreshed when it changes, and refreshes are numbered once
they are committed. What was read at a number holds until there is another. While one waits for its number, and inside
a transaction, nothing is kept and everything is read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists

from standfirst.press.models import PressState, Refresh
from standfirst.press.shown import Collected, changes_at, collected_here, collecting, shows

Value = TypeVar("Value")

# Together a few megabytes; when there are more, all are forgotten and read again.
MOST = 48


@dataclass(frozen=True)
class _Kept:
    number: int
    value: Any
    seen: Collected


_kept: dict[Hashable, _Kept] = {}


def kept(key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` returned at the newest refresh, or returns now; the page shows whatever was read for it.

    key: names the reading and everything its outcome depends on but the database. Callers must not change the value.
    """
    number = _number()
    if number is None:
        return read()
    found = _kept.get(key)
    if found is None or found.number != number:
        with collecting() as seen:
            seen.number = number
            value = read()
        found = _Kept(number, value, seen)
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = found
    shows(*found.seen.keys)
    changes_at(found.seen.until)
    return found.value


def kept_until_refreshed(read: Callable[..., Value]) -> Callable[..., Value]:
    """`kept` for a whole function; its arguments are part of the key."""

    @functools.wraps(read)
    def reading(*args: Any) -> Value:
        return kept((read.__module__, read.__qualname__, args), lambda: read(*args))

    return reading


def forget() -> None:
    """Keep nothing of what was kept: another database is behind this process now."""
    _kept.clear()


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
    if here is not None:
        here.number = number
    return number
