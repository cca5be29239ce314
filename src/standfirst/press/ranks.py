"""Which page is pressed first when many are wanted: what most readers open."""

from __future__ import annotations

import re

_RANKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (95, re.compile(r"/-/.*")),
    (90, re.compile(r"/(?:[a-z]{2,3}(?:-[a-z0-9]+)*/)?")),
    (20, re.compile(r"/.*/page/\d+/(?:text/)?")),
    (30, re.compile(r"/.*text/")),
    (60, re.compile(r"/(?:.*/)?\d{4}/\d\d/\d\d/[^/]+/")),
    (50, re.compile(r"/(?:.*/)?feed/\w+|/news-sitemap\.xml")),
    (70, re.compile(r"/(?:[^/]+/){1,2}")),
    (40, re.compile(r"/.*")),
)


def rank_of(path: str) -> int:
    """0–100; fronts before stories, stories before text editions and deep archives."""
    return next(rank for rank, pattern in _RANKS if pattern.fullmatch(path))
