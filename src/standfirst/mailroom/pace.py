"""How fast mail may go: for each supplier, which warms up from day to day, and for each domain it goes to."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable


def limit_on(day: int, *, first: int, most: int) -> int:
    """Mails in an hour on a supplier's nth day (0 is the first): it doubles daily. 0 is no limit."""
    if not first:
        return most
    limit = first << min(day, 40)
    return min(limit, most) if most else (limit if day < 12 else 0)


class Bucket:
    """Lets through so many in an hour, a minute's worth at once. Empty at first: a restart is no way round it."""

    def __init__(self, per_hour: int, now: float) -> None:
        self.per_hour = per_hour
        self.most = max(1.0, per_hour / 60)
        self._has, self._at = 1.0, now

    def set_rate(self, per_hour: int) -> None:
        self.per_hour, self.most = per_hour, max(1.0, per_hour / 60)

    def room(self, now: float) -> float:
        """How many may go now."""
        if not self.per_hour:
            return float("inf")
        self._has = min(self.most, self._has + max(0.0, now - self._at) * self.per_hour / 3600)
        self._at = now
        return self._has

    def take(self, now: float) -> float:
        """Let one through: 0.0; or how many seconds to wait."""
        if self.room(now) >= 1:
            self._has -= 1
            return 0.0
        return (1 - self._has) * 3600 / self.per_hour

    def seconds_until(self, number: float, now: float) -> float:
        """How long until so many may go, at most a full bucket."""
        missing = min(number, self.most) - self.room(now)
        return max(0.0, missing * 3600 / self.per_hour) if self.per_hour else 0.0


class Pace:
    """The buckets of all suppliers and domains. Notes, which somebody waits for, are counted and never held up."""

    def __init__(self, *, first: int, most: int, per_domain: int, clock: Callable[[], float] = time.time) -> None:
        self._first, self._most, self._per_domain, self._clock = first, most, per_domain, clock
        self._suppliers: dict[str, Bucket] = {}
        self._domains: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def know(self, supplier: str, since: dt.date, today: dt.date, *, is_free: bool = False) -> None:
        """Say since when a supplier is used. is_free: it has no limit (a folder)."""
        limit = 0 if is_free else limit_on((today - since).days, first=self._first, most=self._most)
        with self._lock:
            if supplier in self._suppliers:
                self._suppliers[supplier].set_rate(limit)
            else:
                self._suppliers[supplier] = Bucket(limit, self._clock())

    def room(self, supplier: str) -> float:
        with self._lock:
            return self._suppliers[supplier].room(self._clock())

    def wait_for_some(self, supplier: str) -> float:
        """Seconds until there is room for a handful."""
        with self._lock:
            bucket = self._suppliers[supplier]
            return bucket.seconds_until(max(1.0, bucket.most), self._clock())

    def take(self, supplier: str, domain: str, *, is_note: bool) -> float:
        """Let one mail through: 0.0; or how many seconds it has to wait."""
        with self._lock:
            now = self._clock()
            of_domain = self._domains.setdefault(domain, Bucket(self._per_domain, now))
            if is_note:
                of_domain.take(now)
                self._suppliers[supplier].take(now)
                return 0.0
            if of_domain.room(now) < 1:
                return of_domain.seconds_until(1.0, now) or 1.0
            wait = self._suppliers[supplier].take(now)
            if not wait:
                of_domain.take(now)
            return wait
