"""What a feed holds, whatever its form: the newest stories of the paper, a section, an author or a tag."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html import escape

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry

from standfirst.corrections.logbook import corrections_about
from standfirst.corrections.models import CorrectionLabel
from standfirst.fronts.models import Masthead
from standfirst.kit.chain import Link
from standfirst.kit.html import extract
from standfirst.people.models import Byline
from standfirst.press.kept import kept
from standfirst.press.shown import shows
from standfirst.stories import lists
from standfirst.stories import selectors as stories
from standfirst.stories.addresses import language_prefix
from standfirst.stories.listing import out_since
from standfirst.stories.models import NewsRendition, Section, StoryByline, StoryPage, Tag
from standfirst.stories.record import record_head
from standfirst.stories.selectors import Subject
from standfirst.wire import policies
from standfirst.wire.addresses import absolute, authority, base
from standfirst.wire.feeds.fulltext import FullText, Shown, pictures_of
from standfirst.wire.structured import description_of

# The newest stories a feed holds.
WINDOW = 30
# Of a feed without entries.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# What their full texts take in memory, or so.
FEED_KB = 100


@dataclass(frozen=True)
class Person:
    name: str
    url: str


@dataclass(frozen=True)
class Note:
    """An entry of the log about a story."""

    number: int
    label: str
    name: str
    text: str
    url: str
    date: dt.datetime
    is_retraction: bool = False


@dataclass(frozen=True)
class Entry:
    """A story, or the notice of one that was withdrawn."""

    id: str
    title: str
    url: str
    published: dt.datetime
    updated: dt.datetime
    summary: str = ""
    html: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    picture: Shown | None = None
    is_withdrawn: bool = False
    # What readers were told about mistakes in it, the newest first.
    corrections: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Feed:
    id: str
    title: str
    subtitle: str
    language: str
    home: str
    # Where the feed lies, without the name of its form.
    base: str
    rights: str
    licence: str
    updated: dt.datetime
    entries: list[Entry] = field(default_factory=list)
    icon: str = ""
    # The newest entry of the record, in feeds that change with every publication: a witness outside.
    record: Link | None = None


def feed(*, subject: Subject, masthead: Masthead, language: str, request: HttpRequest | None) -> Feed:
    """The newest stories with their full text, in a number of queries that does not grow with them."""
    path = subject.get_absolute_url() if subject else language_prefix(language)
    # Three forms of one feed are pressed one after another; what they hold is read once.
    return kept(
        ("feed", path, language, base(request)),
        lambda: _feed(subject, path, masthead, language, request),
        weight=FEED_KB,
    )


def _feed(subject: Subject, path: str, masthead: Masthead, language: str, request: HttpRequest | None) -> Feed:
    listing = stories.stories_about(subject, language)
    shows(lists.end_of(listing.name))
    name = masthead.name_in(language)
    shown = stories.in_order(_with_all(listing.rows), listing.newest(WINDOW))
    gone = _withdrawn(subject, language, shown)
    entries = _entries(shown, masthead, language, request) + gone
    entries.sort(key=lambda entry: entry.published, reverse=True)
    terms = policies.standing_addresses(language).get("reuse")
    return Feed(
        id=tag_address("feed", path.strip("/") or language),
        title=f"{name} · {_title(subject, language)}" if subject else name,
        subtitle=_subtitle(subject, masthead, language),
        language=language,
        home=absolute(path, request),
        base=absolute(f"{path}feed/", request),
        rights=policies.reuse_rule(masthead, language),
        licence=absolute(terms, request) if terms else "",
        updated=max((entry.updated for entry in entries), default=NEVER),
        entries=entries,
        record=None if subject else record_head(),
    )


def _with_all(rows: QuerySet[StoryPage]) -> QuerySet[StoryPage]:
    return rows.select_related("section", "lead_image", "locale").prefetch_related(
        "section__texts",
        "tags",
        Prefetch("story_bylines", StoryByline.objects.select_related("byline").prefetch_related("byline__texts")),
        Prefetch("lead_image__renditions", NewsRendition.objects.all()),
    )


def _entries(rows: list[StoryPage], masthead: Masthead, language: str, request: HttpRequest | None) -> list[Entry]:
    pictures = pictures_of(rows, request)
    whole = FullText(rows, pictures, request)
    limit = policies.extract_limit(masthead)
    notes = _notes(rows, request)
    return [
        Entry(
            id=story_id(story),
            title=_headline(story, notes.get(story.pk, ())),
            url=absolute(story.public_path or "", request),
            published=story.first_published_at or timezone.now(),
            updated=story.changed_at or story.first_published_at or timezone.now(),
            summary=_summary(story, notes.get(story.pk, ()), limit),
            html=_told(notes.get(story.pk, ())) + whole.of(story),
            authors=tuple(
                Person(line.byline.name_in(language), absolute(line.byline.get_absolute_url(), request))
                for line in story.story_bylines.all()
            )
            or (Person(masthead.name_in(language), absolute(language_prefix(language), request)),),
            categories=_categories(story, language),
            picture=whole.lead(story),
            corrections=notes.get(story.pk, ()),
        )
        for story in rows
    ]


def _notes(rows: list[StoryPage], request: HttpRequest | None) -> dict[int, tuple[Note, ...]]:
    """What the log says about these stories, in one query."""
    found: dict[int, list[Note]] = {}
    for one in corrections_about(rows):
        note = Note(
            number=one.number,
            label=one.label,
            name=str(one.get_label_display()),
            text=one.text.note,
            url=absolute(one.address, request),
            date=one.fixed_at,
            is_retraction=one.label == CorrectionLabel.RETRACTION,
        )
        found.setdefault(one.story_id, []).append(note)
    return {pk: tuple(notes) for pk, notes in found.items()}


def _headline(story: StoryPage, notes: tuple[Note, ...]) -> str:
    """A retracted story says so where a list shows nothing but headlines (FD-05)."""
    return (
        _("Retracted: %(headline)s") % {"headline": story.title} if any(n.is_retraction for n in notes) else story.title
    )


def _summary(story: StoryPage, notes: tuple[Note, ...], limit: int) -> str:
    """What was corrected, before what it says (FD-03)."""
    said = extract(description_of(story, limit), limit)
    if not notes:
        return said
    newest = notes[0]
    told = f"{newest.name}, {timezone.localtime(newest.date).date().isoformat()}: {newest.text}".removesuffix(": ")
    return extract(f"{told} {said}", limit)


def _told(notes: tuple[Note, ...]) -> str:
    """The notes, before a story's text: whoever reads it in a feed reader has no margin."""
    lines = [
        f"<p><b>{escape(one.name)}, {timezone.localtime(one.date).date().isoformat()}:</b> {escape(one.text)} "
        f'<a href="{escape(one.url)}">№ {one.number}</a></p>'
        for one in notes
    ]
    return "\n".join(lines) + "\n" if lines else ""


def _categories(story: StoryPage, language: str) -> tuple[str, ...]:
    """Its section and its tags, each once."""
    section = [story.section.title_in(language)] if story.section else []
    return tuple(dict.fromkeys([*section, *(tag.name for tag in story.tags.all())]))


def _withdrawn(subject: Subject, language: str, shown: list[StoryPage]) -> list[Entry]:
    """Stories that would still be among the newest, had they not been withdrawn: an entry that says so (FD-05).

    Without headline, byline, tags or address: any of them may be what had to go.
    """
    rows = StoryPage.objects.filter(
        live=False, public_path__isnull=False, locale__language_code=language, first_published_at__isnull=False
    )
    if isinstance(subject, Section):
        rows = rows.filter(section=subject)
    elif isinstance(subject, Byline):
        rows = rows.filter(story_bylines__byline=subject)
    elif isinstance(subject, Tag):
        rows = rows.filter(tagged_items__tag=subject)
    if len(shown) == WINDOW:
        rows = out_since(rows, shown[-1].first_published_at or NEVER, live=False)
    found = list(rows.order_by("-first_published_at").only("first_published_at", "changed_at", "locale")[:WINDOW])
    if not found:
        return []
    left = dict(
        PageLogEntry.objects.filter(page_id__in=[one.pk for one in found], action="wagtail.unpublish")
        .order_by("timestamp")
        .values_list("page_id", "timestamp")
    )
    return [
        Entry(
            id=story_id(one),
            title=_("Withdrawn"),
            url="",
            published=one.first_published_at or timezone.now(),
            updated=left.get(one.pk) or one.changed_at or one.first_published_at or timezone.now(),
            summary=_("This story was withdrawn."),
            html=f"<p>{_('This story was withdrawn.')}</p>",
            is_withdrawn=True,
        )
        for one in found
    ]


def story_id(story: StoryPage) -> str:
    """An id that no change of headline, slug or section moves (RFC 4151)."""
    return tag_address("story", str(story.pk), story.first_published_at)


def tag_address(kind: str, rest: str, day: dt.datetime | None = None) -> str:
    """A name that stays whatever address the thing has (RFC 4151)."""
    # In UTC: another time zone of the newsroom moves no id.
    date = f"{day.astimezone(dt.UTC):%Y-%m-%d}" if day else "2026"
    return f"tag:{authority()},{date}:{kind}/{rest}"


def _title(subject: Subject, language: str) -> str:
    if isinstance(subject, Section):
        return subject.title_in(language)
    if isinstance(subject, Byline):
        return subject.name_in(language)
    return str(subject)


def _subtitle(subject: Subject, masthead: Masthead, language: str) -> str:
    if isinstance(subject, Section) and subject.description_in(language):
        return subject.description_in(language)
    return masthead.words("tagline", language)
