"""How much an import writes at once, so that whoever works at the desk meanwhile never waits long."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction

from standfirst.press.heartbeat import heard

# So long may one of our transactions hold what others wait for.
HELD_SECONDS = 0.4
# A writer who waits for SQLite looks again at least so often.
LOOKS_AGAIN_SECONDS = 0.11
_LEAST = 5
Given = TypeVar("Given")


class Pace:
    """Batches of a size that this machine writes in a moment, and room for others between two of them.

    most: the largest batch; the first is small, for nobody knows yet how long it takes. `held` opens its transaction.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(most, 2 * _LEAST)
        self._least = min(most, _LEAST)
        self._let_go = 0.0

    def batches(self, items: Iterable[Given]) -> Iterator[list[Given]]:
        batch: list[Given] = []
        for item in items:
            batch.append(item)
            if len(batch) >= self.size:
                yield batch
                batch = []
        if batch:
            yield batch

    @contextlib.contextmanager
    def held(self, entries: int) -> Iterator[None]:
        """One transaction for so many entries; what it took decides how many the next has."""
        self._make_room()
        with transaction.atomic():
            began = time.monotonic()
            yield
        self._let_go = time.monotonic()
        wanted = entries * HELD_SECONDS / max(self._let_go - began, 0.001)
        # Half of the way: one slow picture says little of the next texts.
        self.size = round(min(max((self.size + wanted) / 2, self._least), self._most))

    def _make_room(self) -> None:
        rest = LOOKS_AGAIN_SECONDS - (time.monotonic() - self._let_go)
        if rest > 0 and connection.vendor == "sqlite" and heard(settings.NEWSROOM.folder).started_at is not None:
            time.sleep(rest)
