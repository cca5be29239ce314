"""How much may come before what comes waits beside the queue, and how much before it is not kept at all.

A bad evening is five hundred reports in an hour, most of them about the same words of one story: those join the cases
that are open already and lengthen nothing. What a flood makes is *cases*, so new cases are what is counted. Each limit
is per hour, and looks at what the database holds, so that all processes together keep to it.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from standfirst.corrections.models import Case, Suggestion
from standfirst.stories.models import StoryPage

HOUR = dt.timedelta(hours=1)

# A long story has some hundred paragraphs. Readers who mean it find a handful of different faults in it; forty of them
# within an hour are a campaign, or a story that needs more than single corrections.
NEW_CASES_OF_STORY = 40
# An editor decides about one case in ten seconds when it is plain: two hundred are half an hour's work.
NEW_CASES_OF_ALL = 200
# What waits aside is looked through in whole piles. Three hundred rows an hour are at most thirty megabytes a day.
ASIDE = 300
# In the queue fifty reports of the same words say no more than twelve; the case goes on counting.
KEPT_OF_CASE = 50
# Four times the bad evening, everything together; about five megabytes.
KEPT_OF_ALL = 2000
# A minute, in one process: words that stand nowhere exactly are looked for nearly, which takes half a second in the
# longest stories. Beyond this they count as absent at once, so that nobody can keep a worker busy with made-up words.
NEAR_SEARCHES = 20


def is_flood(*, story: StoryPage, at: dt.datetime) -> bool:
    """Whether a case opened now, on this story, belongs beside the queue."""
    lately = Case.objects.filter(opened_at__gt=at - HOUR, is_aside=False).exclude(state=Case.State.SPAM)
    return _reaches(lately.filter(story=story), NEW_CASES_OF_STORY) or _reaches(lately, NEW_CASES_OF_ALL)


def is_pile_full(*, at: dt.datetime) -> bool:
    """Whether as much was laid aside within the hour as is kept of it."""
    lately = Suggestion.objects.filter(received_at__gt=at - HOUR)
    # A pile that was dropped counts on, else dropping would make room for the next.
    return _reaches(lately.filter(Q(case__is_aside=True) | Q(case__state=Case.State.SPAM)), ASIDE)


def is_all_full(*, at: dt.datetime) -> bool:
    """Whether as much was kept within the hour as is kept of anything."""
    return _reaches(Suggestion.objects.filter(received_at__gt=at - HOUR), KEPT_OF_ALL)


def is_case_full(case: Case) -> bool:
    """Whether as many reports of a case are kept in full as say anything new."""
    return _reaches(case.suggestions.all(), KEPT_OF_CASE)


def may_search_near() -> bool:
    """Whether this process may look once more for words that stand nowhere exactly; counts the asking."""
    key = f"corrections:near:{int(time.time()) // 60}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) <= NEAR_SEARCHES
    except ValueError:  # it ran out between the two
        return True


def _reaches(rows: QuerySet[Any], most: int) -> bool:
    # No database counts further than it has to.
    return rows.order_by().values("pk")[:most].count() >= most
