"""Pages pressed because somebody asked: few at once, one per address, and no more in the line than can be served soon.

Gate.ask    a future with the Outcome, shared by all who want this address; None when it is too much just now
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standfirst.press.serve import OutcomeLike

AT_ONCE = 2
IN_LINE = 32
# Addresses that turned out to be no pages: so many are looked up at once, and so many a second for good.
VAIN_AT_ONCE = 100.0
VAIN_PER_SECOND = 10.0
# While the database is known to be away, it is asked again after so long.
AWAY_SECONDS = 1.0
Demand = Callable[[str, str], "OutcomeLike"]


@dataclass(frozen=True)
class Nothing:
    """An Outcome without a page. 500: pressing itself broke, unforeseen; 503: there is nothing to press with."""

    status: int
    kept: bool = False
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Gate:
    def __init__(
        self,
        demand: Demand,
        *,
        at_once: int = AT_ONCE,
        in_line: int = IN_LINE,
        on_failure: Callable[[BaseException], Any] = lambda error: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._demand = demand
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="press")
        self._most = at_once + in_line
        self._on_failure = on_failure
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, str], Future[OutcomeLike]] = {}
        self._vain = VAIN_AT_ONCE
        self._vain_at = clock()
        self._away_until = 0.0

    def ask(self, path: str, query: str = "") -> Future[OutcomeLike] | None:
        with self._lock:
            asked = self._asked.get((path, query))
            if asked is not None:
                return asked
            now = self._clock()
            self._vain = min(VAIN_AT_ONCE, self._vain + (now - self._vain_at) * VAIN_PER_SECOND)
            self._vain_at = now
            if len(self._asked) >= self._most or self._vain < 1.0 or now < self._away_until:
                return None
            future: Future[OutcomeLike] = Future()
            future.set_running_or_notify_cancel()  # a reader who leaves takes it from nobody else
            self._asked[path, query] = future
        self._pool.submit(self._press, path, query, future)
        return future

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _press(self, path: str, query: str, future: Future[OutcomeLike]) -> None:
        try:
            outcome = self._demand(path, query)
        except BaseException as error:
            self._on_failure(error)
            outcome = Nothing(500)
        with self._lock:
            del self._asked[path, query]
            if outcome.status == 503:
                self._away_until = self._clock() + AWAY_SECONDS
            elif outcome.status >= 300:
                self._vain -= 1.0
        future.set_result(outcome)
