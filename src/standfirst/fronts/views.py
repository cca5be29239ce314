"""HTTP for fronts and standing pages, each with its text edition."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from standfirst.fronts import selectors
from standfirst.people.models import Byline
from standfirst.press.shown import shows
from standfirst.stories import selectors as stories
from standfirst.stories.models import Section, Tag


def _language() -> str:
    return get_language() or "en"


def home(request: HttpRequest, text: bool = False) -> HttpResponse:
    page = selectors.home_page(_language())
    if page is None or not page.live:
        raise Http404
    context: dict[str, Any] = {"page": page, "home": selectors.home_arrangement(page)}
    return render(request, "fronts/home_text.html" if text else "fronts/home_page.html", context)


def _list(
    request: HttpRequest,
    template: str,
    subject: stories.Subject,
    base: str,
    number: str | None,
    text: bool,
    context: dict[str, Any],
) -> HttpResponse:
    listed = selectors.list_page(stories.stories_about(subject, _language()), int(number) if number else None)
    if listed is None:
        raise Http404
    context = {"list": listed, "list_base": base, "is_archive": bool(number), **context}
    return render(request, "fronts/list_text.html" if text else template, context)


def section(request: HttpRequest, slug: str, number: str | None = None, text: bool = False) -> HttpResponse:
    found = get_object_or_404(Section.objects.prefetch_related("texts"), slug=slug)
    return _list(request, "fronts/section.html", found, found.get_absolute_url(), number, text, {"section": found})


def byline(request: HttpRequest, slug: str, number: str | None = None, text: bool = False) -> HttpResponse:
    found = get_object_or_404(Byline.objects.select_related("portrait").prefetch_related("texts"), slug=slug)
    return _list(request, "fronts/byline.html", found, found.get_absolute_url(), number, text, {"byline": found})


def bylines(request: HttpRequest, text: bool = False) -> HttpResponse:
    shows("bylines")
    rows = Byline.objects.filter(is_listed=True).prefetch_related("texts").select_related("portrait")
    context = {"bylines": rows, "list_base": reverse("fronts:bylines")}
    return render(request, "fronts/bylines_text.html" if text else "fronts/bylines.html", context)


def tag(request: HttpRequest, slug: str, number: str | None = None, text: bool = False) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    if not stories.stories_with_tag(found, _language()).exists():
        raise Http404
    return _list(request, "fronts/tag.html", found, found.get_absolute_url(), number, text, {"tag": found})


def archive(request: HttpRequest, number: str | None = None, text: bool = False) -> HttpResponse:
    return _list(request, "fronts/archive.html", None, reverse("fronts:archive"), number, text, {})


def section_or_standing(request: HttpRequest, slug: str, text: bool = False) -> HttpResponse:
    """/privacy/ or /world/: standing pages go first; their names are reserved, so a section never hides behind one."""
    page = selectors.standing_page(slug, _language())
    if page is not None:
        return standing(request, slug, text)
    return section(request, slug, text=text)


def standing(request: HttpRequest, path: str, text: bool = False) -> HttpResponse:
    page = selectors.standing_page(path, _language())
    if page is None:
        raise Http404
    return render(request, "fronts/standing_text.html" if text else page.template, page.get_context(request))
