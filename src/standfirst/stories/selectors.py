"""What other rooms and templates may ask about stories. Public readings return live stories only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, ExpressionWrapper, F, Model, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import override
from wagtail.models import Locale, Revision

from standfirst.people.models import Byline
from standfirst.press.kept import kept_each
from standfirst.press.shown import shows
from standfirst.stories import lists
from standfirst.stories.addresses import language_prefix
from standfirst.stories.listing import Listing
from standfirst.stories.models import NewsImage, RelatedStory, Section, StoryByline, StoryPage, Tag
from standfirst.stories.pictures.showing import list_renditions

Row = TypeVar("Row", bound=Model)

# A list page holds this many stories; numbered from the oldest, so a full page never changes (decision 10).
PAGE_SIZE = 20


# What a story's line takes in memory, or so, with its picture and its authors.
_LINE_KB = 20
# What a line of text about a story prints.
_LINE = (
    "title",
    "kicker",
    "standfirst",
    "public_path",
    "first_published_at",
    "changed_at",
    "label_shown",
    "section",
    "kind",
    "locale",
    "lead_image",
)


def live_stories(language: str | None = None) -> QuerySet[StoryPage]:
    """Published stories with a public address, newest first; of one language, or of all."""
    stories = StoryPage.objects.filter(live=True, public_path__isnull=False).order_by("-first_published_at", "-pk")
    if not language:
        return stories
    return in_language(stories, language)


def in_language(pages: QuerySet[Row], language: str) -> QuerySet[Row]:
    """Those of a language.

    By a sum, so that no index on the language is used: half the paper has it, and whatever else is asked for is less.
    """
    locale = ExpressionWrapper(F("locale_id") + 0, output_field=BigIntegerField())
    wanted = Subquery(Locale.objects.filter(language_code=language).values("pk"))
    alias: Any = pages.alias(in_language=locale)
    found: QuerySet[Row] = alias.filter(in_language=wanted)
    return found


def part_of(rows: QuerySet[StoryPage], wanted: QuerySet[StoryPage], part: slice) -> list[StoryPage]:
    """A few of many stories, in their order: `rows` says which and in what order, `wanted` what of them to load.

    Two questions, because databases sort what they are asked for, and a story with its text is a lot to sort.
    """
    return in_order(wanted, list(rows.values_list("pk", flat=True)[part]))


def in_order(wanted: QuerySet[StoryPage], pks: Sequence[int]) -> list[StoryPage]:
    """These stories in this order, with what of them `wanted` loads; without those it leaves out."""
    found = wanted.in_bulk(list(pks)) if pks else {}
    return [found[pk] for pk in pks if pk in found]


def shown_parts() -> tuple[str | Prefetch[Any, Any, Any], ...]:
    """What a story's line or page prints of other tables, for prefetching."""
    return (
        "section__texts",
        "kind__texts",
        Prefetch("story_bylines", StoryByline.objects.select_related("byline").prefetch_related("byline__texts")),
    )


def for_lists(stories: QuerySet[StoryPage]) -> QuerySet[StoryPage]:
    """With everything a line of a front needs, in a number of queries that does not grow with the list."""
    return (
        stories.defer("body", "methods", "search_description")
        .select_related("section", "kind", "lead_image", "locale")
        .prefetch_related(*shown_parts(), list_renditions())
    )


def in_lists(pks: Sequence[int]) -> list[StoryPage]:
    """These stories in this order, as lines of a front; without those that are not public.

    A front shows the same ones again and again, one new among twenty, so each is kept until something on its line is
    refreshed. Callers must not change them.
    """
    found = kept_each("stories.in_lists", pks, _lines, keys_of=_keys_of_line, weight=_LINE_KB) if pks else {}
    return [found[pk] for pk in pks if pk in found]


def _lines(pks: list[int]) -> dict[int, StoryPage]:
    return for_lists(live_stories().order_by()).in_bulk(pks)


def _keys_of_line(story: StoryPage) -> set[str]:
    bylines = [line.byline for line in story.story_bylines.all()]
    shown = [story, story.section, story.kind, story.lead_image, *bylines]
    return {thing.press_key for thing in shown if thing is not None}


def story_at(path: str) -> StoryPage | None:
    """The live story at a public address such as /2026/11/03/slug/, with what its page needs."""
    return (
        StoryPage.objects.filter(public_path=path, live=True)
        .select_related("section", "kind", "lead_image", "locale")
        .first()
    )


def was_public(path: str) -> bool:
    """Whether a story that has been withdrawn once stood at this address."""
    return StoryPage.objects.filter(public_path=path, live=False).exists()


def stories_in_section(section: Section, language: str) -> QuerySet[StoryPage]:
    return live_stories(language).filter(section=section)


def stories_by_byline(byline: Byline, language: str) -> QuerySet[StoryPage]:
    return live_stories(language).filter(story_bylines__byline=byline)


def stories_with_tag(tag: Tag, language: str) -> QuerySet[StoryPage]:
    return live_stories(language).filter(tagged_items__tag=tag)


Subject = Section | Byline | Tag | None


def stories_about(subject: Subject, language: str) -> Listing:
    """The stories of a section, a byline, a tag, or (None) of the whole paper."""
    match subject:
        case Section():
            return Listing(stories_in_section(subject, language), lists.of_section(subject.pk, language))
        case Byline():
            return Listing(stories_by_byline(subject, language), lists.of_byline(subject.pk, language))
        case Tag():
            return Listing(stories_with_tag(subject, language), lists.of_tag(subject.pk, language))
        case None:
            return Listing(live_stories(language), lists.of_language(language))


def related_for(story: StoryPage) -> list[StoryPage]:
    """Related stories: those chosen by hand first, then those found by machine; at most four, live ones only.

    With what a line of text shows, no more: to build four whole stories costs a fifth of a page. Section, kind and
    language are there; the page prefetches their words together with the story's own.
    """
    shows(f"related:{story.pk}")
    by_hand = list(story.related_by_hand.order_by("sort_order").values_list("related_id", flat=True))
    found = list(RelatedStory.objects.filter(story_id=story.pk).values_list("related_id", flat=True))
    wanted = list(dict.fromkeys([*by_hand, *found]))
    # Those that are not public now, too: one that comes back stands here again.
    shows(*(f"{StoryPage.press_kind}:{pk}" for pk in wanted))
    if not wanted:
        return []
    rows = live_stories().only(*_LINE).select_related("section", "kind", "locale").in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows][: max(4, len(by_hand))]


def version_number(story: StoryPage) -> int:
    """How many public versions there are; 0 for a preview of a story never published."""
    return story.public_versions.count() if story.pk else 0


def translations_of(story: StoryPage) -> list[StoryPage]:
    """The same story in the other languages, live ones only."""
    shows(lists.translations_of(story.translation_key))
    return list(
        live_stories()
        .filter(translation_key=story.translation_key)
        .exclude(pk=story.pk)
        .select_related("locale")
        .only("title", "public_path", "locale")
    )


def fronts_of(story: StoryPage) -> set[str]:
    """Addresses of the fronts and feeds that list a public story, to be pressed ahead."""
    with override(story.language):
        prefix = language_prefix(story.language)
        listing = [story.section.get_absolute_url()] if story.section else []
        listing += [line.byline.get_absolute_url() for line in story.story_bylines.all()]
        listing += [tag.get_absolute_url() for tag in story.tags.all()]
        fed = [prefix, *listing[:1]]
        return {
            *(address + below for address in (prefix, f"{prefix}archive/", *listing) for below in ("", "text/")),
            *(f"{address}feed/{form}" for address in fed for form in ("atom", "rss", "json")),
        }


def addresses_ahead() -> Iterator[str]:
    """Every public story and its text edition, for the press."""
    for path in live_stories().order_by().values_list("public_path", flat=True).iterator():
        yield f"{path}"
        yield f"{path}text/"


def pictures_to_credit() -> QuerySet[NewsImage]:
    """Pictures that wait for a credit: those being checked first, then those that moved in without one."""
    waiting = Q(credit_pending=True) | Q(is_imported=True, credit="")
    return NewsImage.objects.filter(waiting).order_by("-credit_pending", "created_at")


def pictures_without_credit() -> int:
    """How many pictures wait for a credit."""
    return pictures_to_credit().count()


def going_out() -> dict[int, dt.datetime]:
    """Stories that are scheduled: their key → when they go out."""
    kind = ContentType.objects.get_for_model(StoryPage)
    rows = Revision.objects.filter(content_type=kind, approved_go_live_at__isnull=False)
    return {int(pk): at for pk, at in rows.values_list("object_id", "approved_go_live_at")}
