"""Search by Wagtail's own backend: live stories and standing pages of one language. Nothing is written down."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from standfirst.fronts.models import StandingPage
from standfirst.stories import selectors as stories
from standfirst.stories.models import StoryPage

LONGEST_QUERY = 200
MOST_WORDS = 10
# Beyond this nobody turns pages; ask with other words.
MOST_PAGES = 50
MOST_STANDING = 5
# Words alone: quotation marks and operators are syntax to the database, and a stray one breaks it.
_WORD = re.compile(r"[^\W_]{1,60}(?:['’ʼ-][^\W_]{1,60})*")


@dataclass
class Found:
    """One page of what was found. `is_any`: nothing has all the words, so these have some."""

    query: str
    total: int = 0
    number: int = 1
    results: list[StoryPage] = field(default_factory=list)
    standing: list[StandingPage] = field(default_factory=list)
    is_any: bool = False

    @property
    def last(self) -> int:
        return min(MOST_PAGES, max(1, math.ceil(self.total / stories.PAGE_SIZE)))

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.number < self.last else None

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None


def find(*, query: str, language: str, number: int = 1) -> Found:
    """Search; a page beyond the last is the last. An empty or senseless query finds nothing."""
    shown = " ".join(query.replace("\0", " ").split())[:LONGEST_QUERY]
    words = " ".join(_WORD.findall(shown)[:MOST_WORDS])
    found = Found(query=shown)
    locale = Locale.objects.filter(language_code=language).first()
    if not words or locale is None:
        return found
    live = StoryPage.objects.filter(live=True, locale=locale)
    matches = live.search(words, operator="and")
    found.total = matches.count()
    if not found.total and " " in words:
        matches = live.search(words, operator="or")
        found.total = matches.count()
        found.is_any = bool(found.total)
    found.number = min(max(1, number), found.last)
    start = (found.number - 1) * stories.PAGE_SIZE
    order = [story.pk for story in matches[start : start + stories.PAGE_SIZE]]
    rows = stories.for_lists(stories.live_stories(language)).in_bulk(order)
    found.results = [rows[pk] for pk in order if pk in rows]
    if found.number == 1:
        pages = StandingPage.objects.filter(live=True, locale=locale)
        found.standing = list(pages.search(words, operator="and")[:MOST_STANDING])
    return found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    try:
        found = find(query=request.GET.get("q", ""), language=get_language() or "en", number=number)
        context = {
            "found": found,
            "query": found.query,
            "results": found.results,
            "standing": found.standing,
            "total": found.total,
        }
        response = render(request, "search/search.html", context)
    except DatabaseError:
        # No request: the frame would ask the database again.
        html = loader.render_to_string("search/away.html", {"language": get_language()})
        response = HttpResponse(html, status=503)
        response["Retry-After"] = "120"
    response["Cache-Control"] = "no-store"
    return response
