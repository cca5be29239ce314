"""The press's doors for other rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, transaction

from standfirst.press import signals
from standfirst.press.errors import NotInTransaction
from standfirst.press.models import PressedPage, Refresh

# One row names at most this many addresses; an archive that moves in names many thousands.
_PATHS_A_ROW = 2_000


@dataclass
class AtOnce:
    """What the request in hand has committed and a colleague waits to see."""

    paths: list[str] = field(default_factory=list)
    is_urgent: bool = False


_at_once: ContextVar[AtOnce | None] = ContextVar("at_once", default=None)


def refresh(*, keys: Iterable[str] = (), paths: Iterable[str] = (), first: str = "", urgent: bool = False) -> None:
    """Say, inside the transaction of a change, what changed. Every page that bears one of the keys is pressed anew.

    paths: addresses to press whether anybody knew them before or not. first: the one whose author waits for it.
    urgent: what is stored must not be read for another moment (a withdrawal); files go before the screen returns.
    Raises NotInTransaction outside one: the change and its refresh happen together or not at all.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("refresh() belongs into the transaction of what changed. Open one around both.")
    every_key, every_path = sorted(set(keys)), sorted({*paths, *([first] if first else [])})
    if not every_key and not every_path:
        return
    Refresh.objects.bulk_create(
        [
            Refresh(
                keys=every_key if start == 0 else [],
                paths=every_path[start : start + _PATHS_A_ROW],
                is_urgent=urgent,
            )
            for start in range(0, max(1, len(every_path)), _PATHS_A_ROW)
        ]
    )
    waiting = _at_once.get()

    def committed() -> None:
        if waiting is not None:
            if first:
                waiting.paths.append(first)
            waiting.is_urgent = waiting.is_urgent or urgent
        signals.refreshed.send(Refresh)

    transaction.on_commit(committed, robust=True)


def try_again(*, path: str = "") -> int:
    """Press what failed now, not at its next moment: one page, or all. Returns how many.

    One page is pressed before the answer to the colleague who asked for it; all of them in the background.
    """
    failing = PressedPage.objects.filter(failures__gt=0, wanted_at__isnull=False)
    if path:
        failing = failing.filter(path=path)
    with transaction.atomic():
        paths = list(failing.values_list("path", flat=True))
        refresh(paths=paths, first=paths[0] if path and paths else "")
    return len(paths)


@contextmanager
def pressing_at_once() -> Iterator[AtOnce]:
    """Around a colleague's request: what it commits is seen before the answer goes out (middleware.py)."""
    here = AtOnce()
    token = _at_once.set(here)
    try:
        yield here
    finally:
        _at_once.reset(token)
