"""Where words stand: from a quote to a place in a version, from one version to the next, and which case is about them.

The rules are `kit.anchoring`'s and the texts are `stories.passages`'; here they meet the room's rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.models.challenges import Passage
from standfirst.kit.anchoring import NotPlaced, Place, Quote, Text, carry, normal, place
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.passages import text_of_version

# As much of the surroundings as is kept (standards, AN-02 uses half of it).
AROUND = 64
# The longest quote (AN-07).
LONGEST = 500
# Ours among the advisory locks of a PostgreSQL database.
LOCK = 0x53463543


@dataclass(frozen=True)
class Found:
    """A quote, looked for: in the version it was made on, and in the newest.

    made_on, newest: numbers of versions, 0 where there is none. there, now: None when it stands there nowhere for
    certain. is_absent: the words stand in neither, so somebody made them up or the story was never like this.
    """

    made_on: int
    newest: int
    there: Place | None
    now: Place | None
    is_absent: bool


class Versions:
    """The public versions of one story, each text read once."""

    def __init__(self, story: StoryPage, *, may_search_near: Callable[[], bool] = lambda: True) -> None:
        """may_search_near: asked before words that stand nowhere exactly are looked for nearly."""
        self._story, self._may_search_near = story, may_search_near
        self._texts: dict[int, Text | None] = {}
        last = story.public_versions.order_by("-number").values_list("number", flat=True).first()
        self.newest: int = last or 0

    def text(self, number: int) -> Text | None:
        """The text of a version; None when it is withheld or does not exist."""
        if number not in self._texts:
            version = PublicVersion.objects.filter(story=self._story, number=number).select_related("text").first()
            self._texts[number] = text_of_version(version) if version else None
        return self._texts[number]

    def whole_passage(self, quote: Quote, number: int) -> Quote:
        """A quote that names a passage and no words means the passage, as far as a quote goes."""
        text = None if quote.exact or not quote.block else (self.text(number) or self.text(self.newest))
        meant = text.passage(quote.block) if text else None
        if meant is None:
            return quote
        exact = meant.text[:LONGEST].rstrip()
        return Quote(exact=exact, suffix=meant.text[len(exact) :][:AROUND], block=quote.block, start=0, end=len(exact))

    def find(self, quote: Quote, number: int) -> Found:
        """Look for a quote. number: of the version it was made on; 0 for the newest.

        A version that is not there, or has not these words, was named by mistake: then only the newest counts.
        """
        newest = self.text(self.newest)
        if number and number != self.newest:
            text = self.text(number)
            there = self._placed(quote, text) if text else None
            if text and isinstance(there, Place):
                now = carry(there, text, newest) if newest else None
                return Found(number, self.newest, there, now if isinstance(now, Place) else None, is_absent=False)
        stands = self._placed(quote, newest) if newest else None
        if isinstance(stands, Place):
            return Found(self.newest, self.newest, stands, stands, is_absent=False)
        is_absent = isinstance(stands, NotPlaced) and stands.why == "absent"
        return Found(self.newest, self.newest, None, None, is_absent)

    def _placed(self, quote: Quote, text: Text) -> Place | NotPlaced:
        words = normal(quote.exact)
        if words and not text.find(words) and not self._may_search_near():
            return NotPlaced("absent")
        return place(quote, text)

    def carried(self, words: Passage) -> Place | None:
        """Where the words of a case or a suggestion stand in the newest version; None: nowhere for certain."""
        if words.start is None or words.end is None:
            return None
        old, new = self.text(words.version), self.text(self.newest)
        span = span_of(old, words.block, words.start, words.end) if old else None
        if old is None or new is None or span is None:
            return None
        was = old.place(*span)
        found = was if words.version == self.newest else carry(was, old, new)
        return found if isinstance(found, Place) else None


def story_lock(story: StoryPage) -> None:
    """Until the transaction ends, nobody else files or carries on anything of this story.

    Not the story's row: an editor who accepts a case holds that, and waits for the case. SQLite has one writer anyway.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A story is locked inside a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, story.pk])


def lay(words: Passage, found: Place | None, *, version: int) -> None:
    """Write a place on a case or a suggestion, without saving it. None: it is not placed, and keeps its words."""
    words.version = version
    if found is None:
        words.start = words.end = None
        return
    words.exact = found.exact[:LONGEST]
    words.block, words.start, words.end = found.block[:80], found.start, found.start + len(words.exact)
    words.prefix, words.suffix = found.prefix[-AROUND:], found.suffix[:AROUND]


def span_of(text: Text, block: str, start: int, end: int) -> tuple[int, int] | None:
    """The same place counted from the beginning of the whole text; None when it is not in this text."""
    begin = text.begin(block)
    return None if begin is None or begin + end > len(text.whole) else (begin + start, begin + end)


def case_about(story: StoryPage, found: Found, versions: Versions) -> Case | None:
    """The open case about these words: one in the queue before one aside, then the nearest, then the oldest.

    When the words have changed since: the case of somebody else who marked them in the same version.
    """
    open_cases = Case.objects.filter(story=story, state__in=Case.OPEN)
    fields = ("is_aside", "block", "start", "end")
    if found.now is not None:
        rows = open_cases.filter(version=found.newest, start__isnull=False).values_list("pk", *fields)
        return _nearest(list(rows), found.now, versions.text(found.newest))
    if found.there is not None:
        others = Suggestion.objects.filter(version=found.made_on, start__isnull=False, is_spam=False)
        others = others.filter(case__in=open_cases.filter(start__isnull=True))
        marked = others.values_list("case_id", "case__is_aside", "block", "start", "end")
        return _nearest(list(marked), found.there, versions.text(found.made_on))
    return None


def _nearest(rows: list[Any], wanted: Place, text: Text | None) -> Case | None:
    if text is None:
        return None
    ours = span_of(text, wanted.block, wanted.start, wanted.end)
    overlapping: list[tuple[bool, int, int]] = []
    for pk, is_aside, block, start, end in rows:
        theirs = span_of(text, block, start, end)
        shared = min(theirs[1], ours[1]) - max(theirs[0], ours[0]) if theirs and ours else 0
        if shared > 0:
            overlapping.append((is_aside, -shared, pk))
    return Case.objects.get(pk=min(overlapping)[2]) if overlapping else None


def first_placed(case: Case) -> Suggestion | None:
    return case.suggestions.filter(start__isnull=False, is_spam=False).order_by("pk").first()
