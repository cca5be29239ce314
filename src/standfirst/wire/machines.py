"""robots.txt and the files of /.well-known/."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import HomePage
from standfirst.press.shown import changes_at, shows
from standfirst.stories import lists
from standfirst.stories.addresses import language_prefix
from standfirst.stories.models import Section
from standfirst.wire import sitemaps
from standfirst.wire.addresses import absolute
from standfirst.wire.feeds.forms import FORMS

# The default of the reuse policy (RL-00): to be found, yes; to train machines, no.
SIGNALS = {"search": "yes", "ai-train": "no"}
# RFC 9116 advises less than a year ahead.
SECURITY_DAYS = 180
# Internal pages of the press (its ROOM.md).
MOVED, MOVED_FOR_NOW = "/-/moved.map", "/-/moved-temporarily.map"
_MOST_HOPS = 5
_UNSAFE = re.compile(r"[\"\\$;{}\x00-\x1f\x7f]")


def addresses_ahead() -> Iterator[str]:
    """Files for machines, for the press. Feeds of authors and tags are pressed when first asked for."""
    yield from ("/sitemap.xml", "/sitemap-pages.xml", "/news-sitemap.xml", "/robots.txt", "/.well-known/security.txt")
    yield from (month.path for month in sitemaps.months())
    yield from (MOVED, MOVED_FOR_NOW)
    for home in HomePage.objects.filter(live=True).select_related("locale"):
        with override(home.language):
            fed = [home.public_address, *(section.get_absolute_url() for section in Section.objects.all())]
        yield from (f"{address}feed/{form}" for address in fed for form in FORMS)


def moved(*, is_permanent: bool) -> str:
    """Old addresses and where they lead, in the words of nginx's `map`, which our own page layer reads too.

    Keys are normal in the sense of Wagtail's Redirect: no slash at the end, a query's parameters in order. Each leads
    in one hop: an old address that leads to another old one is written with the last target.
    """
    shows(lists.REDIRECTS)
    further = _further()
    lines = []
    for row in _rows().filter(is_permanent=is_permanent).order_by("old_path").iterator(chunk_size=2000):
        target = iri_to_uri(_where(row, further) or "")
        # What could end the quotes or begin a variable is no address that a reader types.
        if target and not _UNSAFE.search(row.old_path + target):
            lines.append(f'"{row.old_path}" "{target}";\n')
    return "".join(lines)


def _rows() -> Any:
    """Redirects with what is needed to tell where they lead, so that thousands need no query each."""
    return Redirect.objects.select_related("redirect_page__locale").annotate(
        story_path=F("redirect_page__storypage__public_path"),
        is_story=F("redirect_page__storypage__pk"),
        standing_path=F("redirect_page__standingpage__path_in_language"),
    )


def _further() -> dict[str, str]:
    """Where those old addresses lead to which other redirects lead."""
    links = dict(Redirect.objects.filter(redirect_page=None).values_list("old_path", "redirect_link"))
    linked = sorted({Redirect.normalise_path(link) for link in links.values() if link.startswith("/")} - set(links))
    for start in range(0, len(linked), 500):
        for row in _rows().filter(old_path__in=linked[start : start + 500], redirect_page__isnull=False):
            links[row.old_path] = _of_page(row) or ""
    return links


def _where(row: Any, further: dict[str, str]) -> str | None:
    if row.redirect_page_id is not None:
        return _of_page(row)
    link = str(row.redirect_link)
    for _hop in range(_MOST_HOPS):
        after = further.get(Redirect.normalise_path(link)) if link.startswith("/") else None
        if not after or Redirect.normalise_path(after) == row.old_path:
            break
        link = after
    return link


def _of_page(row: Any) -> str | None:
    if row.is_story:
        if row.story_path is None:
            # A draft: its old address leads to it once it is public. A published one that moves says so (REDIRECTS).
            shows(f"story:{row.redirect_page_id}")
        return None if row.story_path is None else str(row.story_path)
    shows(*(f"{kind}:{row.redirect_page_id}" for kind in ("standing", "home")))
    if not row.redirect_page.live:
        return None
    if row.standing_path:
        return f"{language_prefix(row.redirect_page.locale.language_code)}{row.standing_path}/"
    return str(row.link) if row.link else None


def robots(request: HttpRequest) -> str:
    """As annex A of the standards has it; the addresses of sitemaps are absolute (RL-03)."""
    signals = ", ".join(f"{name}={value}" for name, value in SIGNALS.items())
    lines = [
        "User-agent: *",
        f"Content-Signal: {signals}",
        "Content-Usage: train-ai=n",
        "Allow: /",
        "Disallow: /desk/",
        "",
        f"Sitemap: {absolute('/sitemap.xml', request)}",
        f"Sitemap: {absolute('/news-sitemap.xml', request)}",
    ]
    return "\n".join(lines) + "\n"


def security(request: HttpRequest, today: dt.date) -> str:
    """RFC 9116 (TR-06). Contact is the form: an address here would be read by harvesters first.

    Expires moves once a month, so that the file's bytes stand still in between.
    """
    first = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    changes_at(timezone.make_aware(dt.datetime.combine(first, dt.time())))
    expires = (today.replace(day=1) + dt.timedelta(days=SECURITY_DAYS)).replace(day=1)
    contact = absolute(f"{language_prefix(settings.LANGUAGE_CODE)}contact/", request)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute('/.well-known/security.txt', request)}",
    ]
    return "\n".join(lines) + "\n"
