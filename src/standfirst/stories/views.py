"""HTTP for stories: the page and its text edition."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from standfirst.stories import selectors
from standfirst.stories.models import StoryPage


def _found_or_gone(request: HttpRequest, path: str) -> StoryPage | HttpResponse:
    found = selectors.story_at(path)
    if found is not None:
        return found
    if selectors.was_public(path):
        return render(request, "stories/withdrawn.html", status=410)
    raise Http404


def story(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    found = _found_or_gone(request, request.path_info)
    if isinstance(found, HttpResponse):
        return found
    return render(request, found.template, found.get_context(request))


def text_edition(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    found = _found_or_gone(request, request.path_info.removesuffix("text/"))
    if isinstance(found, HttpResponse):
        return found
    return render(request, "stories/story_text.html", found.get_context(request))
