"""Sitemaps for search engines: an index split by month (FD-02, decision 10), and the last 48 hours (FD-01)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from lxml import etree
from wagtail.models import Page

from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.people.models import Byline
from standfirst.press.kept import kept
from standfirst.press.shown import changes_at, shows, under
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.listing import out_since
from standfirst.stories.models import Section
from standfirst.wire.addresses import absolute, base
from standfirst.wire.feeds.forms import add, moment, written

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
# lxml's name for a default namespace is None, which its types do not know.
PLAIN: dict[Any, str] = {None: SITEMAP}
# Limits of the two standards.
MOST_ADDRESSES = 50_000
MOST_NEWS = 1_000
NEWS_HOURS = 48


@dataclass(frozen=True)
class Month:
    """One month of first publication, in the newsroom's time zone, and its last significant change."""

    first: dt.date
    changed: dt.datetime

    @property
    def path(self) -> str:
        return f"/sitemap-{self.first:%Y-%m}.xml"


def months() -> list[Month]:
    """Every month in which a story came out that is public now, the newest first."""
    # Of pages of every kind: a month without stories is left out below.
    public = Page.objects.filter(live=True, first_published_at__isnull=False)
    moments = public.values_list("first_published_at", flat=True)
    oldest, newest = (moments.order_by(order).first() for order in ("first_published_at", "-first_published_at"))
    if oldest is None or newest is None:
        return []
    first, found = timezone.localtime(oldest).date().replace(day=1), []
    day = timezone.localtime(newest).date().replace(day=1)
    while day >= first:
        # Month by month: SQLite would have to work out the local month of every single story, and most months have
        # not changed since they were last looked at.
        changed = kept(("sitemap", day, timezone.get_current_timezone_name()), partial(_last_change, day))
        if changed is not None:
            found.append(Month(day, changed))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found


def _last_change(day: dt.date) -> dt.datetime | None:
    """When a story of the month of this day last changed; None when none of its stories is public."""
    shows(lists.of_month(day))
    public = stories.live_stories().order_by().filter(**_within(day))
    last = public.aggregate(changed=Max("changed_at"), came=Max("first_published_at"))
    return last["changed"] or last["came"]


def _within(day: dt.date) -> dict[str, dt.datetime]:
    """The filter for stories that first came out in the month of a day, by the newsroom's clock."""
    begins = dt.datetime(day.year, day.month, 1, tzinfo=timezone.get_current_timezone())
    after = day.replace(day=28) + dt.timedelta(days=4)
    ends = dt.datetime(after.year, after.month, 1, tzinfo=timezone.get_current_timezone())
    return {"first_published_at__gte": begins, "first_published_at__lt": ends}


def index(request: HttpRequest | None) -> bytes:
    """/sitemap.xml: one file per month of stories, and one for all other pages."""
    with under(lists.EVERY):
        every = months()
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap=PLAIN)
    changed = max((month.changed for month in every), default=None)
    for path, last in [("/sitemap-pages.xml", changed), *((month.path, month.changed) for month in every)]:
        item = add(root, f"{{{SITEMAP}}}sitemap")
        add(item, f"{{{SITEMAP}}}loc", absolute(path, request))
        if last:
            add(item, f"{{{SITEMAP}}}lastmod", moment(last))
    return written(root)


def month(year: int, number: int, request: HttpRequest | None) -> bytes | None:
    """The stories first published in a month, all languages; None when there are none.

    Those that are kept from search engines are not named, as nothing should be that asks not to be indexed.
    """
    shows(lists.of_month(dt.date(year, number, 1)))
    rows = (
        stories.live_stories()
        .filter(**_within(dt.date(year, number, 1)))
        .values_list("public_path", "changed_at", "first_published_at", "kept_from_search")[:MOST_ADDRESSES]
    )
    found = [(path, None if is_kept else changed or first) for path, changed, first, is_kept in rows]
    return _addresses([row for row in found if row[1]], request) if found else None


def pages(request: HttpRequest | None) -> bytes:
    """Fronts and standing pages of every language."""
    shows(lists.EVERY, "homes", "sections", "bylines", "standings")
    found: list[tuple[str, dt.datetime | None]] = []
    homes = HomePage.objects.filter(live=True).select_related("locale")
    sections = list(Section.objects.all())
    for home in homes:
        has_stories = stories.live_stories().order_by().filter(locale=home.locale).exists()
        public = stories.live_stories(home.language).order_by("-changed_at").values_list("changed_at", flat=True)
        found.append((home.public_address, public.first() if has_stories else None))
        with override(home.language):
            for section in sections if has_stories else ():
                # One look at an index for each: to group all stories of the paper takes longer with every story.
                last = public.filter(section=section).values_list("changed_at", "pk").first()
                if last is not None:
                    found.append((section.get_absolute_url(), last[0]))
            found.append((reverse("fronts:bylines"), None))
            found += [(byline.get_absolute_url(), None) for byline in Byline.objects.filter(is_listed=True)]
    for page in StandingPage.objects.filter(live=True).select_related("locale"):
        found.append((page.public_address, page.last_published_at))
    return _addresses(found[:MOST_ADDRESSES], request)


def _addresses(rows: list[tuple[str, dt.datetime | None]], request: HttpRequest | None) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=PLAIN)
    here = base(request)
    for path, changed in rows:
        item = add(root, f"{{{SITEMAP}}}url")
        add(item, f"{{{SITEMAP}}}loc", here + path)
        if changed:
            add(item, f"{{{SITEMAP}}}lastmod", moment(changed))
    return written(root)


def news(masthead: Masthead, request: HttpRequest | None, now: dt.datetime | None = None) -> bytes:
    """/news-sitemap.xml: first published in the last 48 hours, the newest thousand, every language."""
    span = dt.timedelta(hours=NEWS_HOURS)
    since = (now or timezone.now()) - span
    found = stories.live_stories().filter(kept_from_search=False).select_related("locale")
    rows = out_since(found, since)
    shows(lists.EVERY)
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={**PLAIN, "news": NEWS})
    n = f"{{{NEWS}}}"
    for story in rows.only("title", "public_path", "first_published_at", "locale")[:MOST_NEWS]:
        if story.first_published_at:
            # One microsecond after its last moment in the list.
            changes_at(story.first_published_at + span + dt.timedelta(microseconds=1))
        item = add(root, f"{{{SITEMAP}}}url")
        add(item, f"{{{SITEMAP}}}loc", absolute(story.public_path or "", request))
        about = add(item, n + "news")
        paper = add(about, n + "publication")
        add(paper, n + "name", masthead.name_in(story.language))
        add(paper, n + "language", news_language(story.language))
        add(about, n + "publication_date", moment(story.first_published_at or timezone.now()))
        add(about, n + "title", story.title)
    return written(root)


def news_language(code: str) -> str:
    """ISO 639 of two or three letters; Chinese is the one language whose script is told."""
    return {"zh-hans": "zh-cn", "zh-cn": "zh-cn", "zh-hant": "zh-tw", "zh-tw": "zh-tw"}.get(code, code.split("-")[0])
