"""HTTP for machines. Every answer has an ETag; a conditional request gets 304 (FD-05)."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from standfirst.fronts import selectors as fronts
from standfirst.people.models import Byline
from standfirst.stories.models import Section, Tag
from standfirst.wire import corrections, machines, policies, sitemaps
from standfirst.wire.feeds.entries import Subject, feed
from standfirst.wire.feeds.forms import FORMS

XML = "application/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


def answered(
    request: HttpRequest,
    body: bytes,
    content_type: str,
    *,
    changed: dt.datetime | None = None,
    snippet: int | None = None,
) -> HttpResponse:
    """The bytes with their validators, or 304 when the asker has them already."""
    response = HttpResponse(body, content_type=content_type)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    stamp = http_date(changed.timestamp()) if changed else None
    response["ETag"] = etag
    if stamp:
        response["Last-Modified"] = stamp
    if snippet is not None:
        # What is not HTML says in a header how much of it may be shown (RL-01).
        response["X-Robots-Tag"] = f"max-snippet:{snippet}"
    found = get_conditional_response(
        request, etag=etag, last_modified=parse_http_date(stamp) if stamp else None, response=response
    )
    return found if isinstance(found, HttpResponse) else response


# Feeds --------------------------------------------------------------------------------------------


@require_safe
def feed_view(request: HttpRequest, form: str, what: str = "", slug: str = "") -> HttpResponse:
    masthead = fronts.masthead()
    language = get_language() or "en"
    found = feed(subject=_subject(what, slug), masthead=masthead, language=language, request=request)
    content_type, write = FORMS[form]
    # Newest change of all: a story that leaves moves it too, by its notice.
    return answered(
        request, write(found), content_type, changed=found.updated, snippet=policies.extract_limit(masthead)
    )


@require_safe
def feed_root(request: HttpRequest, what: str = "", slug: str = "") -> HttpResponse:
    """The usual name of a feed; 404 where there is no such list, because an old address may be written like this."""
    _subject(what, slug)
    return HttpResponsePermanentRedirect(f"{request.path}rss")


def _subject(what: str, slug: str) -> Subject:
    if what == "authors":
        return get_object_or_404(Byline.objects.prefetch_related("texts"), slug=slug)
    if what == "tags":
        return get_object_or_404(Tag, slug=slug)
    if slug:
        return get_object_or_404(Section.objects.prefetch_related("texts"), slug=slug)
    return None


# Corrections --------------------------------------------------------------------------------------


@require_safe
def corrections_feed(request: HttpRequest, form: str) -> HttpResponse:
    masthead = fronts.masthead()
    found = corrections.log_feed(masthead, request)
    content_type, write = FORMS[form]
    return answered(
        request, write(found), content_type, changed=found.updated, snippet=policies.extract_limit(masthead)
    )


@require_safe
def corrections_data(request: HttpRequest, year: str = "") -> HttpResponse:
    data = corrections.log_data(request, int(year) if year else None)
    if data is None:
        raise Http404
    return answered(request, corrections.written(data), "application/json; charset=utf-8")


# Sitemaps -----------------------------------------------------------------------------------------


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return answered(request, sitemaps.index(request), XML)


@require_safe
def sitemap_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    body = sitemaps.month(int(year), int(month), request)
    if body is None:
        raise Http404
    return answered(request, body, XML)


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    return answered(request, sitemaps.pages(request), XML)


@require_safe
def sitemap_news(request: HttpRequest) -> HttpResponse:
    return answered(request, sitemaps.news(fronts.masthead(), request), XML)


# Plain files --------------------------------------------------------------------------------------


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return answered(request, machines.robots(request).encode(), PLAIN)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return answered(request, machines.security(request, timezone.localdate()).encode(), PLAIN)


@require_safe
def moved(request: HttpRequest, is_permanent: bool) -> HttpResponse:
    """For the press alone: the page layer and web servers read it from the store."""
    return answered(request, machines.moved(is_permanent=is_permanent).encode(), PLAIN)


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password keepers send a colleague (well-known URL for changing passwords)."""
    return HttpResponseRedirect(reverse("account_change_password"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever asks without reading a page first; pages name their icon themselves."""
    masthead = fronts.masthead()
    if masthead.icon is None:
        from django.templatetags.static import static

        return HttpResponseRedirect(static("theme/icon.svg"))
    return HttpResponseRedirect(str(masthead.icon.get_rendition("fill-48x48|format-png").url))
