"""What the frame and the fronts show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Site

from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.fronts.models.pages import standing_at
from standfirst.people.models import Byline
from standfirst.press.kept import kept_until_refreshed
from standfirst.press.shown import FRAME, changes_at, shown_under, shows
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.listing import Listing
from standfirst.stories.models import Section, StoryPage, Tag
from standfirst.stories.numbered import NumberedPage


@dataclass
class Band:
    """A section's band on the home page."""

    section: Section
    stories: list[StoryPage]


@dataclass
class Home:
    """The home page as arranged now: by hand where an editor chose, else filled with the newest; no story twice."""

    lead: StoryPage | None = None
    seconds: list[StoryPage] = field(default_factory=list)
    thirds: list[StoryPage] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)


@dataclass(kw_only=True)
class ListPage(NumberedPage):
    """One page of a list of stories. The front itself shows the newest `PAGE_SIZE`."""

    stories: list[StoryPage]


def masthead() -> Masthead:
    """The newsroom's masthead with its words; an unsaved one with the newsroom's name when none is set."""
    found = _masthead()
    shows(*(mark.press_key for mark in (found.logo, found.icon) if mark is not None))
    return found


@shown_under(FRAME)
@kept_until_refreshed
def _masthead() -> Masthead:
    found = Masthead.objects.prefetch_related("texts", "links").select_related("logo", "icon").first()
    return found or Masthead(site=Site.objects.filter(is_default_site=True).first(), name=settings.NEWSROOM.name)


def home_page(language: str) -> HomePage | None:
    return stories.in_language(HomePage.objects.select_related("locale"), language).first()


def standing_page(path: str, language: str) -> StandingPage | None:
    shows(standing_at(path, language))
    rows = StandingPage.objects.filter(path_in_language=path, live=True).select_related("locale")
    return stories.in_language(rows, language).first()


@shown_under(FRAME)
@kept_until_refreshed
def footer_pages(language: str) -> list[StandingPage]:
    return list(
        StandingPage.objects.filter(in_footer=True, live=True, locale__language_code=language)
        .only("title", "path_in_language", "locale")
        .select_related("locale")
        .order_by("path")
    )


def standing_to_fill() -> list[StandingPage]:
    """Standing pages in which the newsroom must still fill something in, for the desk's reminders."""
    return list(StandingPage.objects.filter(needs_newsroom=True).select_related("locale").order_by("locale_id", "path"))


@shown_under(FRAME)
@kept_until_refreshed
def menu_sections() -> list[Section]:
    return list(Section.objects.filter(in_menu=True).prefetch_related("texts"))


def addresses_ahead() -> Iterator[str]:
    """Fronts and standing pages, each with its text edition, for the press; stories name their own."""
    fronts: set[str] = set()
    for home in HomePage.objects.filter(live=True).select_related("locale"):
        with override(home.language):
            fronts |= {home.public_address, reverse("fronts:archive"), reverse("fronts:bylines")}
            fronts |= {section.get_absolute_url() for section in Section.objects.all()}
            written = stories.live_stories(home.language).order_by()
            fronts |= {b.get_absolute_url() for b in Byline.objects.filter(story_bylines__story__in=written)}
            fronts |= {tag.get_absolute_url() for tag in Tag.objects.filter(story_tags__content_object__in=written)}
    fronts |= {page.public_address for page in StandingPage.objects.filter(live=True).select_related("locale")}
    for front in fronts:
        yield front
        yield f"{front}text/"


def home_arrangement(home: HomePage) -> Home:
    """Arrange the home page. Slots by hand go first; a slot whose story was withdrawn or has run out fills itself.

    A fixed number of queries: one for what was chosen, two for the newest, two per band.
    """
    now = timezone.now()
    language = home.language
    shows(lists.end_of(lists.of_language(language)))
    for moment in [home.lead_until, *home.seconds.filter(until__gt=now).values_list("until", flat=True)]:
        changes_at(moment if moment and moment > now else None)
    public = stories.stories_about(None, language)
    used: set[int] = set()
    chosen_ids = list(
        home.seconds.filter(Q(until__isnull=True) | Q(until__gt=now))
        .order_by("sort_order")
        .values_list("story_id", flat=True)
    )
    lead_id = home.lead_id if home.lead_id and (home.lead_until is None or home.lead_until > now) else None
    by_hand = stories.in_lists([pk for pk in [lead_id, *chosen_ids] if pk])
    chosen = {story.pk: story for story in by_hand if story.language == language}
    # Those that are withdrawn now, too: they come back with their slot.
    shows(*(f"{StoryPage.press_kind}:{pk}" for pk in [lead_id, *chosen_ids] if pk))
    most = 1 + home.seconds_count + home.thirds_count + len(chosen)
    newest = stories.in_lists(public.newest(most))
    lead = chosen.get(lead_id) if lead_id else None
    if lead is None:
        lead = next((s for s in newest if s.lead_image_id and s.pk not in chosen), None) or next(iter(newest), None)
    if lead is None:
        return Home()
    used.add(lead.pk)
    seconds = [chosen[pk] for pk in dict.fromkeys(chosen_ids) if pk in chosen and pk not in used]
    used.update(s.pk for s in seconds)
    for candidate in newest:
        if len(seconds) >= home.seconds_count:
            break
        if candidate.pk not in used:
            seconds.append(candidate)
            used.add(candidate.pk)
    thirds = [s for s in newest if s.pk not in used][: home.thirds_count]
    used.update(s.pk for s in thirds)
    bands = []
    for band in home.bands.select_related("section").prefetch_related("section__texts").order_by("sort_order"):
        shows(lists.end_of(lists.of_section(band.section_id, language)))
        in_band = stories.stories_about(band.section, language).newest(band.count + len(used))
        rows = stories.in_lists([pk for pk in in_band if pk not in used][: band.count])
        if rows:
            used.update(s.pk for s in rows)
            bands.append(Band(section=band.section, stories=rows))
    return Home(lead=lead, seconds=seconds, thirds=thirds, bands=bands)


def list_page(listing: Listing, number: int | None = None) -> ListPage | None:
    """A page of a list of stories, newest first on the page; None when there is no such page.

    number: counts from the oldest, 1 …; None is the front: always the newest, never fewer than it can show.
    """
    rows, name, total = listing.rows, listing.name, listing.total
    last = max(1, math.ceil(total / stories.PAGE_SIZE))
    # A full page that has another after it does not change when a story joins at the end.
    if number is None or number >= last:
        shows(lists.end_of(name))
    if number is not None:
        shows(name)
    if number is None:
        newest = stories.in_lists(listing.newest(stories.PAGE_SIZE))
        return ListPage(stories=newest, number=last, last=last, total=total, is_front=True)
    if not 1 <= number <= last:
        return None
    part = rows.order_by("first_published_at", "pk").values_list("pk", flat=True)
    oldest_first = list(part[(number - 1) * stories.PAGE_SIZE : number * stories.PAGE_SIZE])
    return ListPage(stories=stories.in_lists(oldest_first[::-1]), number=number, last=last, total=total)
