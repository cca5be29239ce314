"""HTTP for the record."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect

from standfirst.corrections import logbook, withheld
from standfirst.corrections.record import pages
from standfirst.press.shown import shows
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.models import PublicVersion, StoryPage


def log(request: HttpRequest, number: str | None = None, text: bool = False) -> HttpResponse:
    listed = logbook.log_page(int(number) if number else None)
    if listed is None:
        raise Http404
    context = {
        "list": listed,
        "list_base": reverse("record:log"),
        "is_archive": bool(number),
        "years": [] if number else logbook.figures(),
    }
    return render(request, "corrections/log_text.html" if text else "corrections/log.html", context)


def entry(request: HttpRequest, number: str, text: bool = False) -> HttpResponse:
    """One entry, in the language of its story, which is the language it was made in."""
    found = logbook.entry(int(number))
    if found is None:
        raise Http404
    language = found.story.language
    with translation.override(language):
        request.LANGUAGE_CODE = language
        context = {"entry": pages.entry_page(found), "list_base": found.address}
        return render(request, "corrections/entry_text.html" if text else "corrections/entry.html", context)


def versions(request: HttpRequest, text: bool = False, **day_and_slug: str) -> HttpResponse:
    found = _story(request, "versions/")
    if isinstance(found, HttpResponse):
        return found
    context = {"about": found, "versions": pages.history(found), "list_base": f"{found.public_path}versions/"}
    return render(request, "corrections/versions_text.html" if text else "corrections/versions.html", context)


def version(request: HttpRequest, number: str, text: bool = False, **day_and_slug: str) -> HttpResponse:
    found = _version(request, number, f"versions/{number}/")
    if isinstance(found, HttpResponse):
        return found
    base = f"{found.story.public_path}versions/{found.number}/"
    context: dict[str, Any] = {"about": found.story, "old": pages.old_version(found), "list_base": base}
    return render(request, "corrections/version_text.html" if text else "corrections/version.html", context)


def version_bytes(request: HttpRequest, number: str, **day_and_slug: str) -> HttpResponse:
    """The very bytes a version's hash was taken of, after its salt, which its page says."""
    found = _version(request, number, f"versions/{number}.json")
    if isinstance(found, HttpResponse):
        return found
    if not hasattr(found, "text"):
        return HttpResponseGone(b"{}", content_type="application/json")
    return HttpResponse(bytes(found.text.canonical), content_type="application/json; charset=utf-8")


def gone(request: HttpRequest, path: str) -> HttpResponse:
    """What stands at the address of a story that is withheld. 410 is said by whoever sends it."""
    story = StoryPage.objects.filter(public_path=path, live=False).select_related("locale").first()
    if story is None:
        raise Http404
    shows(story.press_key)
    lines = withheld.lines_of_absence(story)
    if not lines:
        raise Http404
    with translation.override(story.language):
        request.LANGUAGE_CODE = story.language
        return render(request, "stories/withdrawn.html", {"withheld": lines})


def _story(request: HttpRequest, below: str) -> StoryPage | HttpResponse:
    """The story that this is below of; 410 with it when it was withdrawn, and the way from an old address."""
    path = request.path_info.removesuffix("text/").removesuffix(below)
    found = stories.story_at(path)
    if found is not None:
        return found
    if stories.was_public(path):
        return render(request, "stories/withdrawn.html", status=410)
    shows(lists.REDIRECTS)
    moved = Redirect.objects.filter(old_path=Redirect.normalise_path(path), site=None).first()
    if moved is not None and moved.redirect_link and stories.story_at(moved.redirect_link):
        return HttpResponsePermanentRedirect(f"{moved.redirect_link}{request.path_info.removeprefix(path)}")
    raise Http404


def _version(request: HttpRequest, number: str, below: str) -> PublicVersion | HttpResponse:
    story = _story(request, below)
    if isinstance(story, HttpResponse):
        return story
    found = PublicVersion.objects.filter(story=story, number=int(number)).select_related("text").first()
    if found is None:
        raise Http404
    # The story as it was loaded, with its section and its language.
    found.story = story
    return found
