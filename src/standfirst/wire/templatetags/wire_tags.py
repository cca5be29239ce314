"""What machines read in a page's head. The theme puts one of the two tags into its block `machines`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from standfirst.fronts import selectors as fronts
from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.fronts.models.pages import standing_at
from standfirst.kit.html import extract, text_of
from standfirst.people.models import Byline
from standfirst.press.shown import shows
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.addresses import language_prefix
from standfirst.stories.models import NewsImage, Section, StoryPage, Tag
from standfirst.stories.reading import Reading
from standfirst.wire import crops, policies, structured
from standfirst.wire.addresses import absolute

register = template.Library()


@dataclass
class Share:
    """A card's picture."""

    url: str
    width: int
    height: int
    alt: str = ""


@dataclass
class Meta:
    """All that the head tells machines; `_meta.html` writes it down."""

    canonical: str = ""
    robots: str = ""
    title: str = ""
    description: str = ""
    site_name: str = ""
    locale: str = ""
    kind: str = "website"
    share: Share | None = None
    published: str | None = None
    modified: str | None = None
    section: str = ""
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    fediverse: list[str] = field(default_factory=list)
    licence: str = ""
    # (language, absolute address), this page's own among them; empty where there is no other.
    languages: list[tuple[str, str]] = field(default_factory=list)
    # (type, title, address)
    feeds: list[tuple[str, str, str]] = field(default_factory=list)
    data: SafeString | str = ""


@register.inclusion_tag("wire/_meta.html", takes_context=True)
def story_meta(context: dict[str, Any], story: StoryPage, reading: Reading, text: bool = False) -> dict[str, Any]:
    """`{% story_meta page reading %}`; `text=True` on the text edition, which only says where the story stands."""
    request, masthead, language = _around(context)
    limit = policies.extract_limit(masthead)
    description = structured.description_of(story, limit)
    if not story.live or not story.public_path or _is_preview(request):
        return {"meta": Meta(robots="noindex", title=story.title, description=description)}
    meta = Meta(canonical=absolute(story.public_path, request), robots=_robots(limit))
    if story.kept_from_search:
        meta.robots = "noindex"
    if text:
        # What else there is to say, the canonical page says.
        return {"meta": meta}
    meta.description = description
    meta.languages = _languages({story.language: story.public_path} | _paths(reading.translations), request)
    meta.kind = "article"
    meta.title = story.title
    meta.site_name = masthead.name_in(language)
    meta.locale = _open_graph_locale(language)
    meta.share = _share(story, request)
    meta.published = structured.stamp(story.first_published_at)
    meta.modified = structured.stamp(story.changed_at or story.first_published_at)
    meta.section = story.section.title_in(language) if story.section else ""
    meta.tags = [tag.name for tag in reading.tags]
    meta.authors = [absolute(line.url, request) for line in reading.bylines]
    meta.fediverse = [line.byline.fediverse for line in reading.bylines if line.byline.fediverse]
    meta.feeds = _feeds(context, masthead, request, language, story.section)
    data = structured.story_data(
        story=story, reading=reading, masthead=masthead, request=request, description=description
    )
    meta.licence = data.get("license", "")
    meta.data = structured.as_script(data)
    return {"meta": meta}


@register.inclusion_tag("wire/_meta.html", takes_context=True)
def page_meta(
    context: dict[str, Any], title: str = "", description: str = "", robots: str = "", text: bool = False
) -> dict[str, Any]:
    """`{% page_meta %}` on every other page: it looks at page, section, byline, tag and list in the context.

    `robots="noindex"` on forms and search; `text=True` on a text edition, whose canonical page is the usual one.
    """
    request, masthead, language = _around(context)
    if robots or _is_preview(request):
        return {"meta": Meta(robots=robots or "noindex")}
    limit = policies.extract_limit(masthead)
    path = request.path if request is not None else language_prefix(language)
    meta = Meta(
        canonical=absolute(path.removesuffix("text/") if text else path, request),
        robots=_robots(limit),
    )
    if text:
        return {"meta": meta}
    subject = next((context[name] for name in ("section", "byline", "tag", "page") if context.get(name)), None)
    meta.title = title or _title(subject, masthead, language)
    meta.description = extract(description or _description(subject, masthead, language), limit)
    meta.languages = _languages(_alternates(subject, language, bool(context.get("is_archive"))), request)
    meta.site_name = masthead.name_in(language)
    meta.locale = _open_graph_locale(language)
    feed_of = subject if isinstance(subject, Section | Byline | Tag) else None
    meta.feeds = _feeds(context, masthead, request, language, feed_of)
    if isinstance(subject, Byline):
        meta.kind = "profile"
    if isinstance(subject, HomePage):
        lead = getattr(context.get("home"), "lead", None)
        if lead is not None:
            meta.share = _share(lead, request)
        meta.data = structured.as_script(
            structured.site_data(masthead=masthead, request=request, language=language, logo=_logo(masthead))
        )
    return {"meta": meta}


@register.inclusion_tag("wire/_meta.html", takes_context=True)
def version_meta(context: dict[str, Any], story: StoryPage) -> dict[str, Any]:
    """`{% version_meta story %}`: an old version is not for search engines, and belongs to the story."""
    request, _masthead, _language = _around(context)
    return {"meta": Meta(canonical=absolute(story.public_path or "", request), robots="noindex")}


def _around(context: dict[str, Any]) -> tuple[HttpRequest | None, Masthead, str]:
    masthead = context.get("masthead") or fronts.masthead()
    return context.get("request"), masthead, get_language() or settings.LANGUAGE_CODE


def _is_preview(request: HttpRequest | None) -> bool:
    return bool(getattr(request, "is_preview", False))


def _robots(limit: int) -> str:
    return f"max-snippet:{limit}, max-image-preview:large"


def _open_graph_locale(language: str) -> str:
    """pt_BR for pt-br; '' where the code names no country, because Open Graph wants one."""
    first, _dash, rest = language.partition("-")
    return f"{first}_{rest.upper()}" if len(rest) == 2 else ""


def _share(story: StoryPage, request: HttpRequest | None) -> Share | None:
    image = story.lead_image
    crop = crops.crops_of(image, crops.SHARE).get(crops.SHARE) if image else None
    if crop is None:
        return None
    return Share(absolute(crop.url, request), crop.width, crop.height, "" if story.lead_decorative else story.lead_alt)


def _logo(masthead: Masthead) -> str | None:
    image: NewsImage | None = masthead.icon or masthead.logo
    if image is None:
        return static("theme/icon.svg")
    # The same crop as the page's icon: made once, then found.
    return str(image.get_rendition("fill-192x192|format-png" if masthead.icon else "max-600x600|format-png").url)


def _paths(twins: list[StoryPage]) -> dict[str, str]:
    return {twin.language: twin.public_path or "" for twin in twins}


def _languages(paths: dict[str, str], request: HttpRequest | None) -> list[tuple[str, str]]:
    """hreflang links, this page's own among them, and x-default for the paper's first language."""
    if len(paths) < 2:
        return []
    links = [(code, absolute(paths[code], request)) for code, _name in settings.LANGUAGES if code in paths]
    first = paths.get(settings.LANGUAGE_CODE)
    return [*links, ("x-default", absolute(first, request))] if first else links


def _alternates(subject: Any, language: str, is_archive: bool) -> dict[str, str]:
    """Where this page stands in each language. Archive pages have no twins: their numbers count other stories."""
    codes = [code for code, _name in settings.LANGUAGES]
    if is_archive or len(codes) < 2:
        return {}
    if isinstance(subject, HomePage):
        shows("homes")
        homes = HomePage.objects.filter(live=True).select_related("locale")
        return {home.language: home.public_address for home in homes if home.language in codes}
    if isinstance(subject, StandingPage):
        shows(*(standing_at(subject.path_in_language, code) for code in codes))
        pages = StandingPage.objects.filter(path_in_language=subject.path_in_language, live=True)
        return {page.language: page.public_address for page in pages.select_related("locale")}
    if isinstance(subject, Section | Byline):
        found = {}
        for code in codes:
            with override(code):
                found[code] = subject.get_absolute_url()
        return found
    if isinstance(subject, Tag):
        shows(*(lists.end_of(lists.of_tag(subject.pk, code)) for code in codes))
        found = {}
        for code in codes:
            if stories.stories_about(subject, code).total:
                with override(code):
                    found[code] = subject.get_absolute_url()
        return found
    return {}


def _title(subject: Any, masthead: Masthead, language: str) -> str:
    if isinstance(subject, Section):
        return subject.title_in(language)
    if isinstance(subject, Byline):
        return subject.name_in(language)
    if isinstance(subject, Tag):
        return str(subject.name)
    if isinstance(subject, StandingPage):
        return str(subject.title)
    return masthead.name_in(language)


def _description(subject: Any, masthead: Masthead, language: str) -> str:
    if isinstance(subject, Section):
        return subject.description_in(language)
    if isinstance(subject, Byline):
        return text_of(subject.bio_in(language))
    if isinstance(subject, StandingPage):
        return subject.introduction
    if isinstance(subject, HomePage):
        return masthead.words("tagline", language)
    return ""


FEED_TYPES = (("application/atom+xml", "atom"), ("application/rss+xml", "rss"), ("application/feed+json", "json"))


def _feeds(
    context: dict[str, Any], masthead: Masthead, request: HttpRequest | None, language: str, subject: Any
) -> list[tuple[str, str, str]]:
    name = masthead.name_in(language)
    places = [(name, language_prefix(language))]
    if isinstance(subject, Section | Byline | Tag):
        places.insert(0, (f"{name} · {_title(subject, masthead, language)}", subject.get_absolute_url()))
    return [
        (kind, title, absolute(f"{path}feed/{end}", request))
        for (title, path), (kind, end) in itertools.product(places, FEED_TYPES)
    ]
