"""What the press said lately about addresses that have no file: bounded, and forgotten soon.

An address that is not there is the cheapest thing to ask for and the dearest to look up, so the answer is kept. It is
kept by count (10,000 addresses, of at most 400 letters) and by time. When the store moved meanwhile, something was
published, and the answer may have become wrong: then it holds for two seconds only. Not for none at all, because while
an archive is pressed the store moves hundreds of times a second, and a flood would reach the database with each.
A page that is pressed ahead is there at once in any case, because its file is looked for first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfirst.press.serve import OutcomeLike

MOST = 10_000
LONGEST = 400
MOVED_SECONDS = 2.0
# A body of its own: a page that could not be kept, as on a full disk.
BODY_SECONDS = 2.0
MOST_BODY_BYTES = 4 << 20
_SECONDS = {404: 30.0, 410: 30.0, 301: 30.0, 302: 30.0, 307: 30.0, 308: 30.0, 503: 1.0}


class Lately:
    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[OutcomeLike, int, float, float]] = {}
        self._body_bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, address: str, counter: int) -> OutcomeLike | None:
        found = self._known.get(address)
        if found is None:
            return None
        outcome, then, until, moved_until = found
        now = self._clock()
        if now < until and (counter == then or now < moved_until):
            return outcome
        with self._lock:
            self._forget(address)
        return None

    def remember(self, address: str, outcome: OutcomeLike, counter: int) -> None:
        """counter: of the store, from before the address was looked up."""
        if len(address) > LONGEST:
            return
        now = self._clock()
        until = now + (_SECONDS.get(outcome.status, BODY_SECONDS))
        with self._lock:
            self._forget(address)
            if self._body_bytes + len(outcome.body) > MOST_BODY_BYTES:
                return
            while len(self._known) >= MOST:
                self._forget(next(iter(self._known)))
            self._known[address] = (outcome, counter, until, min(until, now + MOVED_SECONDS))
            self._body_bytes += len(outcome.body)

    def _forget(self, address: str) -> None:
        found = self._known.pop(address, None)
        if found is not None:
            self._body_bytes -= len(found[0].body)
