"""Pages pressed because somebody asked: few at once, one per address, and no more in the line than can be served soon.

Gate.ask    a future with the Outcome, shared by all who want this address; None when it is too much just now

Between a reader's look and her asking, somebody else's press of the same address may have ended. So what is known by
then is looked at once more before anything is pressed, and what was learned is known before the next may ask.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standfirst.press.serve import Core, NeedsDemand, OutcomeLike

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
        core: Core,
        demand: Demand,
        *,
        at_once: int = AT_ONCE,
        in_line: int = IN_LINE,
        on_failure: Callable[[BaseException], Any] = lambda error: None,
    ) -> None:
        self._core = core
        self._demand = demand
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="press")
        self._most = at_once + in_line
        self._on_failure = on_failure
        self._clock = clock = core.clock
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, str], Future[OutcomeLike]] = {}
        self._vain = VAIN_AT_ONCE
        self._vain_at = clock()
        self._away_until = 0.0

    def ask(self, need: NeedsDemand) -> Future[OutcomeLike] | None:
        address = need.path, need.query
        with self._lock:
            asked = self._asked.get(address)
            if asked is not None:
                return asked
            now = self._clock()
            self._vain = min(VAIN_AT_ONCE, self._vain + (now - self._vain_at) * VAIN_PER_SECOND)
            self._vain_at = now
            if len(self._asked) >= self._most or self._vain < 1.0 or now < self._away_until:
                return None
            future: Future[OutcomeLike] = Future()
            future.set_running_or_notify_cancel()  # a reader who leaves takes it from nobody else
            self._asked[address] = future
        self._pool.submit(self._press, need, future)
        return future

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _press(self, need: NeedsDemand, future: Future[OutcomeLike]) -> None:
        known: OutcomeLike | None = None
        try:
            known = self._core.known(need)
            outcome = known or self._demand(need.path, need.query)
        except BaseException as error:
            self._on_failure(error)
            outcome = Nothing(500)
        if known is None:
            self._core.learn(need, outcome)
        with self._lock:
            del self._asked[need.path, need.query]
            if known is None and outcome.status == 503:
                self._away_until = self._clock() + AWAY_SECONDS
            elif known is None and outcome.status >= 300:
                self._vain -= 1.0
        future.set_result(outcome)
