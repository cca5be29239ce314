"""What whole pages need beyond the rooms' own pieces: dates, words of the frame, languages, addresses."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import Any

from django import template
from django.conf import settings
from django.db.models import F
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.fronts.models.pages import standing_at
from standfirst.fronts.selectors import Home, ListPage
from standfirst.kit.keeping import CONSENT, CONTRACT, LEGAL_OBLIGATION, LEGITIMATE_INTEREST, holdings
from standfirst.kit.syllables import part_long_words
from standfirst.press.shown import changes_at, shows
from standfirst.readers.guard import ASKED
from standfirst.readers.selectors import COOKIE
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.addresses import PublicAddress, language_prefix
from standfirst.stories.models import ChangeLabel, StoryPage
from standfirst.stories.templatetags.story_tags import story_reading
from standfirst.theme import dates, editions, embeds

register = template.Library()

# As many of the stories that were written or changed last as are looked at for those that were changed.
LATELY = 1_000
CYRILLIC = {"uk", "ru", "be", "bg", "sr", "mk"}


# Dates --------------------------------------------------------------------------------------------


def _time(value: dt.datetime | dt.date, words: str) -> SafeString:
    machine = dates.local(value).isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """“4 Nov 2024, 18:05 Kyiv” as a time element."""
    return _time(value, dates.moment(value)) if value else ""


@register.filter
def short_moment(value: dt.datetime | None) -> str:
    """“4 Nov 2024, 18:05”: on fronts, which name the city once."""
    return _time(value, dates.moment(value, with_city=False)) if value else ""


@register.filter
def moment_in_words(value: dt.datetime | None) -> str:
    """The same in bare words, for the text edition’s lists, where every byte counts."""
    return dates.moment(value, with_city=False) if value else ""


@register.filter
def day(value: dt.datetime | dt.date | None) -> str:
    """`{{ moment|day }}`: the day in few words."""
    return _time(value, dates.day(value)) if value else ""


@register.filter
def long_day(value: dt.datetime | dt.date | None) -> str:
    """`{{ moment|long_day }}`: the day in full, with its weekday."""
    return _time(value, dates.long_day(value)) if value else ""


@register.filter
def lasting(value: dt.timedelta) -> str:
    """`{{ correction.took|lasting }}`: how long something took: “3 hours”."""
    return dates.lasting(value)


@register.filter
def written_moment(value: str) -> str:
    """A moment as a frozen version keeps it, ISO 8601 in a text, as every other moment reads."""
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return _time(found, dates.moment(found))


@register.filter
def clock(value: dt.datetime) -> str:
    """`{{ moment|clock }}`: the time of day in the newsroom’s time zone."""
    return dates.clock(value)


@register.filter
def month(value: dt.date) -> str:
    """`{{ date|month }}`: month and year, as a heading."""
    return dates.month(value)


@register.filter
def written_date(text: str) -> str:
    """A source's date, kept as 2024-11-04 or 2024-11, in words."""
    return dates.written_date(text)


@register.simple_tag
def city() -> str:
    """The city that names the newsroom’s time zone, as the date line says it: “Kyiv”."""
    return dates.city()


@register.simple_tag
def this_year() -> int:
    """The year in the newsroom’s time zone, for the foot of the page."""
    here = dates.local(timezone.now())
    changes_at(here.replace(year=here.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0))
    return here.year


# The frame ----------------------------------------------------------------------------------------


@register.filter
def words(masthead: Masthead, field: str) -> str:
    """A word of the frame in the page's language."""
    return masthead.words(field)


@register.filter
def links_in(masthead: Masthead, place: str) -> list[Any]:
    """The masthead's own links for a place (menu, footer) in the page's language."""
    if masthead.pk is None:
        return []
    language = translation.get_language()
    return [link for link in masthead.links.all() if link.place == place and link.language in ("", language)]


@register.filter
def colours_url(masthead: Masthead) -> str:
    """Where the newsroom's colours are served; '' while it prints in ink."""
    if not masthead.accent:
        return ""
    accent, dark = masthead.accent.lstrip("#").lower(), (masthead.accent_dark or masthead.accent).lstrip("#").lower()
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("theme:colours", args=[accent, dark])


@register.simple_tag
def text_direction() -> str:
    """“ltr” or “rtl”, for the language that is read."""
    return "rtl" if translation.get_language_bidi() else "ltr"


@register.simple_tag
def first_face() -> str:
    """The address of the face that the page's language needs first, to be asked for early; '' where it has none.

    Brygada 1918 knows no script that is read from right to left, and digits of one face among letters of another
    look like a mistake.
    """
    if translation.get_language_bidi():
        return ""
    script = "cyrillic" if (translation.get_language() or "en").split("-")[0] in CYRILLIC else "latin"
    return static(f"theme/fonts/brygada-1918-{script}-normal.woff2")


@register.simple_tag
def home_url() -> str:
    """The front page of the language that is read."""
    return language_prefix(translation.get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def full_edition_url(context: dict[str, Any]) -> str:
    """This very page with its pictures; the front where the page is nothing but a form or an answer."""
    return _own_address(context) or home_url()


@register.simple_tag(takes_context=True)
def text_edition_url(context: dict[str, Any]) -> str:
    """The text edition of this very page; of the front where the page has none of its own."""
    return f"{_own_address(context) or home_url()}{editions.BELOW}"


def _own_address(context: dict[str, Any]) -> str:
    page = context.get("page") or context.get("story")
    if isinstance(page, PublicAddress):
        return page.public_address or ""
    base = str(context.get("list_base", ""))
    return f"{base}page/{context['list'].number}/" if base and context.get("is_archive") else base


@register.filter
def text_address(address: str) -> str:
    """`{{ link.address|text_address }}`: its text edition where the page has one, else the address itself."""
    return editions.text_address(address)


@register.filter
def as_text_edition(html: SafeString) -> SafeString:
    """`{{ value|for_readers|as_text_edition }}`: running text whose links within the paper lead to text pages."""
    # Safe: what comes from for_readers is clean, and only addresses of our own are written into it.
    return mark_safe(editions.with_text_links(html))  # noqa: S308


@register.filter
def for_people(address: str) -> SafeString:
    """An e-mail address that eyes, ears and the clipboard get whole and harvesters do not.

    Every character is an entity and hidden words stand between the parts, so neither the source, nor the source
    with its entities decoded, nor its text without tags holds an address. No link: a mailto: would give it away.
    """
    name, at, host = address.partition("@")
    if not at:
        return mark_safe("")
    noise = "<span hidden> &#8212; </span>"
    parts = [_entities(name), noise, _entities("@"), noise]
    parts += [noise.join(_entities(part) for part in host.replace(".", "\0.\0").split("\0"))]
    # Safe: every character of the address is an entity.
    return mark_safe(f'<span class="sf-address" dir="ltr" translate="no">{"".join(parts)}</span>')  # noqa: S308


def _entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


# Languages ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[dict[str, Any]]:
    """For every other language of the paper: code, name, address, and whether that is this very page.

    A page without a twin leads to the other language's front.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    codes = [code for code, _name in settings.LANGUAGES if code != language]
    if not codes:
        return []
    twins = _twins(context, codes)
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": twins.get(code) or language_prefix(code),
            "is_exact": code in twins,
        }
        for code in codes
    ]


def _twins(context: dict[str, Any], codes: list[str]) -> dict[str, str]:
    page = context.get("page")
    if isinstance(page, StoryPage):
        return {story.language: str(story.public_path) for story in story_reading(page).translations}
    if isinstance(page, StandingPage):
        shows(*(standing_at(page.path_in_language, code) for code in codes))
        rows = StandingPage.objects.filter(path_in_language=page.path_in_language, live=True)
        return {row.language: row.public_address for row in rows.exclude(pk=page.pk).select_related("locale")}
    if isinstance(page, HomePage):
        return {code: language_prefix(code) for code in codes}
    subject = context.get("section") or context.get("byline")
    if subject is not None:
        found = {}
        for code in codes:
            with translation.override(code):
                found[code] = subject.get_absolute_url()
        return found
    return {}


# Stories in lists ---------------------------------------------------------------------------------


@register.filter
def was_changed(story: StoryPage) -> bool:
    """Whether its words changed after it came out (a minute's grace: the clock of one publication)."""
    first, changed = story.first_published_at, story.changed_at
    return bool(first and changed and changed - first >= dt.timedelta(minutes=1))


@register.filter
def label_in_lists(story: StoryPage) -> str:
    """What a list says of a story that readers were told something about: “corrected”."""
    return {
        ChangeLabel.CORRECTION: _("corrected"),
        ChangeLabel.CLARIFICATION: _("clarified"),
        ChangeLabel.EDITORS_NOTE: _("editor’s note"),
        ChangeLabel.RETRACTION: _("retracted"),
    }.get(ChangeLabel(story.label_shown), "")


@register.simple_tag
def lately_changed(language: str, count: int = 3) -> list[StoryPage]:
    """The stories whose words changed last after they came out."""
    shows(lists.changes_in(language))
    # Where hardly anything changes, not the whole archive is looked through for the last three that did.
    latest = StoryPage.objects.filter(changed_at__isnull=False).order_by("-changed_at").values("pk")[:LATELY]
    rows = (
        stories.live_stories(language)
        .filter(pk__in=latest, changed_at__gte=F("first_published_at") + dt.timedelta(minutes=1))
        .order_by("-changed_at", "-pk")
    )
    wanted = StoryPage.objects.only("title", "public_path", "changed_at", "first_published_at")
    return stories.part_of(rows, wanted, slice(count))


@register.filter
def newest_change(home: Home) -> dt.datetime | None:
    """When anything on the front last came out or changed."""
    shown = [
        *filter(None, [home.lead]),
        *home.seconds,
        *home.thirds,
        *itertools.chain(*(b.stories for b in home.bands)),
    ]
    moments = [story.changed_at or story.first_published_at for story in shown]
    return max(filter(None, moments), default=None)


@register.filter
def names(story: StoryPage) -> str:
    """Who wrote it, in one line: “Olena Marchuk and Petro Ivas”."""
    found = [line.byline.name_in(story.language) for line in story.story_bylines.all()]
    if len(found) < 2:
        return "".join(found)
    return _("%(names)s and %(last)s") % {"names": ", ".join(found[:-1]), "last": found[-1]}


@register.filter
def by_month(rows: list[StoryPage]) -> list[dict[str, Any]]:
    """Stories in their order, in groups of a month: `month` (a date) and `stories`."""

    def first_of_month(story: StoryPage) -> dt.date:
        return dates.local(story.first_published_at).date().replace(day=1)

    return [{"month": month, "stories": list(group)} for month, group in itertools.groupby(rows, first_of_month)]


@register.filter
def parted(headline: str) -> str:
    """`{{ story.title|parted }}`: a headline whose long words may be parted, with a hyphen, where they do not fit."""
    return part_long_words(headline)


@register.filter
def without_first(page: ListPage) -> ListPage:
    """The same page of a list, less the story that leads it above."""
    return dataclasses.replace(page, stories=page.stories[1:])


# Blocks -------------------------------------------------------------------------------------------


@register.filter
def frame_address(url: str) -> str:
    """Where a click-to-load embed is shown from; '' when it can only be linked to."""
    return embeds.frame_address(url)


@register.filter
def has_embed(page: Any) -> bool:
    """Whether the page has something that a click may load, and so needs the script for it."""
    return isinstance(page, StoryPage) and any(
        block.block_type == "embed" and embeds.frame_address(block.value["url"]) for block in page.body
    )


# Privacy ------------------------------------------------------------------------------------------


@register.simple_tag
def privacy_register() -> list[dict[str, Any]]:
    """What this paper keeps about people, room by room: `what`, `why`, `how_long` and `basis` in words."""
    bases = {
        CONSENT: _("you agreed (GDPR, Article 6(1)(a))"),
        CONTRACT: _("it is part of what you asked us for (GDPR, Article 6(1)(b))"),
        LEGAL_OBLIGATION: _("the law wants it kept (GDPR, Article 6(1)(c))"),
        LEGITIMATE_INTEREST: _("a legitimate interest of ours (GDPR, Article 6(1)(f))"),
    }
    return [
        {"what": one.what, "why": one.why, "how_long": one.how_long, "basis": bases[one.basis]} for one in holdings()
    ]


@register.simple_tag
def reader_cookies() -> dict[str, str]:
    """The names of the cookies that a reader gets who signs in: `session` and `asked`."""
    return {"session": COOKIE, "asked": ASKED}
