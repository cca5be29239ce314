"""A story was published anew: look for the words of every open case in what it says now."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from standfirst.corrections.models import Case
from standfirst.corrections.services.placing import Versions, first_placed, lay, story_lock
from standfirst.stories.models import StoryPage

# As many cases in one transaction, so that nobody who reports something waits long.
AT_ONCE = 50


def cases_carry_on(*, story: StoryPage) -> int:
    """Lay every open case of a story on its newest public version; returns how many were looked at. May run twice.

    A case whose words have changed stays open and is not placed any more: then `case.is_placed` is False, its words
    are those that stood there last, and its suggestions still know their own place in their own version. When the
    words come back, so does the place. What never was placed is not looked for: the words may be there once now
    because the place that was meant has gone.
    """
    looked_at = 0
    while True:
        with transaction.atomic():
            story_lock(story)
            # Most stories have none; their text need not be read.
            if not Case.objects.filter(story=story, state__in=Case.OPEN).exists():
                return looked_at
            versions = Versions(story)
            if versions.text(versions.newest) is None:
                return looked_at  # withheld
            batch = list(stale_cases(story, versions.newest)[:AT_ONCE])
            cases_lay(batch, versions)
            looked_at += len(batch)
        if len(batch) < AT_ONCE:
            return looked_at


def stale_cases(story: StoryPage, newest: int) -> QuerySet[Case]:
    """Open cases that were last looked for in an older version than the newest."""
    placed = Q(start__isnull=False) | Q(suggestions__start__isnull=False)
    open_cases = Case.objects.filter(story=story, state__in=Case.OPEN, version__lt=newest)
    return open_cases.filter(placed).distinct().order_by("pk")


def cases_lay(cases: list[Case], versions: Versions) -> None:
    """Lay cases on the newest version. The story is locked."""
    for case in cases:
        words = case if case.is_placed else first_placed(case)
        lay(case, versions.carried(words) if words else None, version=versions.newest)
    Case.objects.bulk_update(cases, ["version", "block", "start", "end", "exact", "prefix", "suffix"])
