"""A list of public stories, for pages that show its newest: how many there are and which, without reading all of them.

What came out before yesterday is counted and looked up once, and kept until the list changes further down
(`lists.keys_between` refreshes its name then); what came since is few, and asked for every time. So the front of a
section costs the same whether it has a hundred stories or ten thousand.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

from standfirst.press.kept import kept
from standfirst.press.shown import shows
from standfirst.stories import lists
from standfirst.stories.models import StoryPage

Value = TypeVar("Value")

# One reading serves a front, its text edition, its feeds and the search for related stories (related.py).
_AT_LEAST = 401


def out_since(rows: QuerySet[StoryPage], since: dt.datetime, *, live: bool = True) -> QuerySet[StoryPage]:
    """Those that came out since, where that is a small part of them.

    Pages by their date alone: asked for together with a section, a tag or a language, databases take the index of
    that one and read all of it.
    """
    late = Page.objects.filter(live=live, first_published_at__gte=since).order_by()
    return rows.filter(pk__in=late.values("pk"))


@dataclass
class Listing:
    """rows: the stories, newest first. name: the list's own name (lists.py)."""

    rows: QuerySet[StoryPage]
    name: str
    _since: dt.datetime = field(default_factory=lists.settled_until)

    @cached_property
    def _late(self) -> list[int]:
        return list(out_since(self.rows, self._since).values_list("pk", flat=True))

    @property
    def total(self) -> int:
        """How many stories there are."""
        before = self.rows.filter(first_published_at__lt=self._since)
        return len(self._late) + self._kept("total", before.count)

    def newest(self, most: int) -> Sequence[int]:
        """The newest, as many as there are up to `most`: their keys in the database."""
        if len(self._late) >= most:
            return self._late[:most]
        some = max(most, _AT_LEAST)
        before = self.rows.filter(first_published_at__lt=self._since).values_list("pk", flat=True)
        return [*self._late, *self._kept(f"newest {some}", lambda: array("q", before[:some]))][:most]

    def _kept(self, what: str, read: Callable[[], Value]) -> Value:
        def reading() -> Value:
            shows(self.name)
            return read()

        return kept(("listing", self.name, what, self._since), reading, weight=4)
