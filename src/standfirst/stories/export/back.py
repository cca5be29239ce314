"""Stories from an export, back in the paper: the same numbers, addresses, dates and public versions.

Only into an empty newsroom, so nothing here asks what is there already. All of it is one transaction of the caller.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from modelsearch.backends import get_search_backends
from wagtail.models import Locale, Page

from standfirst.kit.canonical import salted_digest
from standfirst.kit.chain import words_digest
from standfirst.kit.exports import BadExport, Fields, In, gettext_noop, records
from standfirst.people.models import Byline, User
from standfirst.stories import tasks
from standfirst.stories.addresses import language_prefix
from standfirst.stories.export.body import Body
from standfirst.stories.export.story import MONTHS, STORIES
from standfirst.stories.models import (
    ChangeLabel,
    MonthPage,
    PublicVersion,
    RelatedStory,
    Section,
    StoryBasedOn,
    StoryByline,
    StoryKind,
    StoryPage,
    StoryRelated,
    StorySource,
    StoryTag,
    Tag,
    VersionText,
)
from standfirst.stories.services.intake import pages_insert

BATCH = 100
_ADDRESS = r"{prefix}\d{{4}}/\d\d/\d\d/[a-z0-9-]{{1,110}}/"
MOST_IN_A_BODY = 20_000_000


@dataclass
class Lists:
    """What stories point to, by the name they know it by; read once."""

    sections: dict[str, Section]
    kinds: dict[str, StoryKind]
    tags: dict[str, Tag]
    bylines: dict[str, Byline]
    months: dict[int, MonthPage]
    locales: dict[str, Locale]
    accounts: dict[str, User]

    @classmethod
    def here(cls) -> Lists:
        return cls(
            {row.slug: row for row in Section.objects.all()},
            {row.slug: row for row in StoryKind.objects.all()},
            {row.slug: row for row in Tag.objects.all()},
            {row.slug: row for row in Byline.objects.all()},
            {row.pk: row for row in MonthPage.objects.select_related("locale")},
            {row.language_code: row for row in Locale.objects.all()},
            {row.email.lower(): row for row in User.objects.all()},
        )


def read(inward: In) -> None:
    """The months' folders and all public stories."""
    _read_months(inward)
    batch: list[Fields] = []
    lists = Lists.here()
    for name in inward.names(f"{STORIES}/", ".json"):
        batch.append(Fields(inward.json(name), name))
        if len(batch) == BATCH:
            take_in(inward, batch, live=True, lists=lists)
            batch = []
    take_in(inward, batch, live=True, lists=lists)


def _read_months(inward: In) -> None:
    homes = {home.locale.language_code: home for home in Page.objects.filter(depth=2).select_related("locale")}
    folders: list[MonthPage] = []
    for said in records(inward.json(MONTHS), MONTHS):
        home = homes.get(said.text("language", 20))
        if home is None:
            raise BadExport(
                gettext_noop("%(where)s: there is no front in the language “%(language)s”."),
                where=said.where,
                language=said.text("language", 20),
            )
        month = said.needed("month", 20)
        home.numchild += 1
        folder = MonthPage(
            title=month,
            draft_title=month,
            slug=month,
            locale=home.locale,
            translation_key=said.key("translation_key"),
            content_type=ContentType.objects.get_for_model(MonthPage),
            path=Page._get_path(home.path, home.depth + 1, home.numchild),
            depth=home.depth + 1,
            url_path=f"{home.url_path}{month}/",
        )
        folder.pk = folder.id = folder.page_ptr_id = said.number("id")
        folders.append(folder)
    pages_insert(folders)
    for home in homes.values():
        Page.objects.filter(pk=home.pk).update(numchild=home.numchild)


def take_in(inward: In, batch: Sequence[Fields], *, live: bool, lists: Lists | None = None) -> None:
    """Write a batch of stories, all rows of each."""
    if not batch:
        return
    lists = lists or Lists.here()
    stories = [_placed(inward, said, lists, live=live) for said in batch]
    for said, story in zip(batch, stories, strict=True):
        if story.pk in inward.known("story"):
            raise BadExport(
                gettext_noop("%(where)s: another story has the number %(pk)s already."), where=said.where, pk=story.pk
            )
        inward.known("story").add(story.pk)
    pages_insert(stories)
    months = {story.month.pk: story.month for story in stories}
    for month in months.values():
        MonthPage.objects.filter(pk=month.pk).update(numchild=month.numchild)
    for model, name in (
        (StoryByline, "story_bylines"),
        (StoryBasedOn, "based_on"),
        (StorySource, "sources"),
        (StoryTag, "tagged_items"),
        (StoryRelated, "related_by_hand"),
    ):
        lines: list[Any] = []
        for story in stories:
            for line in getattr(story, name).all():
                setattr(line, "content_object" if model is StoryTag else "story", story)
                lines.append(line)
        model.objects.bulk_create(lines, batch_size=150)
    for said, story in zip(batch, stories, strict=True):
        _read_versions(inward, said, story)
    if live:
        _read_related_found(batch)
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(StoryPage, stories)
    tasks.stories_returned.enqueue([story.pk for story in stories])
    inward.count("stories" if live else "drafts", len(stories))


def _placed(inward: In, said: Fields, lists: Lists, *, live: bool) -> StoryPage:
    month = lists.months.get(said.number("month"))
    if month is None:
        raise BadExport(gettext_noop("%(where)s: its month is not in %(months)s."), where=said.where, months=MONTHS)
    month.numchild += 1
    pk, slug = said.number("id"), said.needed("slug", 255)
    if not slug.isascii() or set(slug) & set("/?#\\ <>\"'"):
        raise BadExport(
            gettext_noop("%(where)s: “slug” should be of small letters, digits and hyphens."), where=said.where
        )
    story = filled(inward, said, StoryPage(), lists)
    story.pk = story.id = story.page_ptr_id = pk
    story.month = month
    story.path = Page._get_path(month.path, month.depth + 1, month.numchild)
    story.depth = month.depth + 1
    story.url_path = f"{month.url_path}{story.slug}/"
    story.content_type = ContentType.objects.get_for_model(StoryPage)
    story.draft_title = story.title
    story.live = live
    story.has_unpublished_changes = not live
    story.first_published_at = said.moment("published_at")
    story.changed_at = said.moment("changed_at")
    story.label_shown = said.choice("label_shown", ["", *ChangeLabel.values])
    story.last_published_at = said.moment("last_published_at")
    story.latest_revision_created_at = story.last_published_at or story.changed_at or story.first_published_at
    story.public_path = _address(said, story, needed=live)
    if not live:
        story.held_because = said.text("held_because", 255)
        story.go_live_at = said.moment("goes_live_at")
    story.owner = lists.accounts.get(said.text("written_by", 254).lower())
    return story


def _address(said: Fields, story: StoryPage, *, needed: bool) -> str | None:
    address = said.text("address", 220) if said.any("address") is not None else ""
    if not address and not needed:
        return None
    if not re.fullmatch(_ADDRESS.format(prefix=re.escape(language_prefix(story.language))), address):
        raise BadExport(
            gettext_noop("%(where)s: “address” should be such as %(prefix)s2026/11/03/bridge-closed/."),
            where=said.where,
            prefix=language_prefix(story.language),
        )
    if needed and said.where != f"{STORIES}{address.rstrip('/')}.json":
        raise BadExport(
            gettext_noop("%(where)s: a story at %(address)s lies at %(stories)s%(path)s.json."),
            where=said.where,
            address=address,
            stories=STORIES,
            path=address.rstrip("/"),
        )
    return address


def filled(inward: In, said: Fields, story: StoryPage, lists: Lists | None = None) -> StoryPage:
    """A story with the words of a record; nothing is written."""
    lists = lists or Lists.here()
    language = said.needed("language", 20)
    if language not in lists.locales:
        raise BadExport(
            gettext_noop("%(where)s: the language “%(language)s” is none of this newsroom's."),
            where=said.where,
            language=language,
        )
    story.locale = lists.locales[language]
    story.slug = said.needed("slug", 255)
    story.translation_key = said.key("translation_key")
    story.title = said.needed("headline", 255)
    story.kicker = said.text("kicker", 80)
    story.standfirst = said.text("standfirst")
    story.kind = _named(said, "kind", lists.kinds)
    story.section = _named(said, "section", lists.sections)
    story.dateline = said.text("dateline", 120)
    story.seo_title = said.text("search_title", 255)
    story.search_description = said.text("search_description")
    story.kept_from_search = said.flag("kept_from_search")
    story.expire_at = said.moment("expires_at")
    story.methods = inward.rich(said.text("methods"), said.where)
    _lead(inward, said, story)
    body = Body(inward, said.where).read(said.items("body"))
    text = json.dumps(body, cls=DjangoJSONEncoder)
    if len(text) > MOST_IN_A_BODY:
        raise BadExport(gettext_noop("%(where)s: its text is longer than a story can be."), where=said.where)
    story.body = text
    story.story_bylines = [
        StoryByline(byline=byline, note=line.text("note", 100), sort_order=number)
        for number, line in enumerate(said.records("bylines"))
        if (byline := _named(line, "slug", lists.bylines)) is not None
    ]
    story.based_on = [
        StoryBasedOn(name=line.needed("name", 150), url=line.link("url"), sort_order=number)
        for number, line in enumerate(said.records("based_on"))
    ]
    story.sources = [
        StorySource(
            title=line.needed("title", 300),
            publisher=line.text("publisher", 150),
            url=line.link("url"),
            published_on=line.text("published_on", 40),
            note=line.text("note", 300),
            sort_order=number,
        )
        for number, line in enumerate(said.records("sources"))
    ]
    tags = [_named_slug(said, slug, lists.tags) for slug in said.texts("tags", 100)]
    story.tagged_items = [StoryTag(tag=tag) for tag in dict.fromkeys(tags)]
    story.related_by_hand = [
        StoryRelated(related_id=pk, sort_order=number)
        for number, pk in enumerate(dict.fromkeys(said.numbers("related_by_hand")))
    ]
    return story


def _lead(inward: In, said: Fields, story: StoryPage) -> None:
    lead = said.record("lead") or Fields({}, said.where)
    picture = lead.number_or_none("picture")
    if picture is not None and picture not in inward.known("picture"):
        inward.note(
            gettext_noop("%(where)s: its lead picture %(picture)s is not in the export."),
            where=said.where,
            picture=picture,
        )
        picture = None
    story.lead_image_id = picture
    story.lead_alt = lead.text("alt", 250)
    story.lead_decorative = lead.flag("decorative")
    story.lead_caption = lead.text("caption", 500)
    story.lead_credit = lead.text("credit", 255)


def _named(said: Fields, name: str, rows: dict[str, Any]) -> Any:
    slug = said.text(name, 100)
    return _named_slug(said, slug, rows) if slug else None


def _named_slug(said: Fields, slug: str, rows: dict[str, Any]) -> Any:
    if slug not in rows:
        raise BadExport(
            gettext_noop("%(where)s names “%(slug)s”, which is not in the export. Export again, or correct it."),
            where=said.where,
            slug=slug,
        )
    return rows[slug]


def _read_versions(inward: In, said: Fields, story: StoryPage) -> None:
    for line in said.records("versions"):
        salt, name, content, is_masked = b"", line.text("file", 300), None, line.flag("is_masked")
        if name:
            try:
                salt = bytes.fromhex(line.text("salt", 128))
            except ValueError:
                raise BadExport(gettext_noop("%(where)s: “salt” should be hexadecimal."), where=line.where) from None
            if not inward.has(name) or not name.startswith("versions/"):
                raise BadExport(
                    gettext_noop("%(where)s: its file %(name)s is not in the export."), where=line.where, name=name
                )
            content = inward.data(name)
            if not is_masked and salted_digest(content, salt=salt) != line.text("digest", 64):
                raise BadExport(
                    gettext_noop("%(name)s is not the text that was published: its digest is another. Export again."),
                    name=name,
                )
        published_at = line.moment("published_at")
        if published_at is None:
            raise BadExport(gettext_noop("%(where)s: a public version has a moment of publication."), where=line.where)
        version = PublicVersion.objects.create(
            story=story,
            number=line.number("number"),
            published_at=published_at,
            digest=line.needed("digest", 64),
            label=_label(line),
            note_digest=line.text("note_digest", 64),
        )
        if content is not None:
            note = line.text("note")
            if not is_masked and words_digest(note, salt=salt) != version.note_digest:
                raise BadExport(
                    gettext_noop("%(where)s: its note is not the one readers were told. Export again."),
                    where=line.where,
                )
            VersionText.objects.create(version=version, canonical=content, note=note, salt=salt, is_masked=is_masked)
            inward.count("versions")


def _label(line: Fields) -> str:
    label = line.text("label", 14)
    if label and label not in ChangeLabel.values:
        raise BadExport(
            gettext_noop("%(where)s: “%(label)s” is no label of a change. Export again, or correct it."),
            where=line.where,
            label=label,
        )
    return label


def _read_related_found(batch: Iterable[Fields]) -> None:
    RelatedStory.objects.bulk_create(
        [
            RelatedStory(story_id=said.number("id"), related_id=line.number("id"), score=line.share("score"))
            for said in batch
            for line in said.records("related_found")
        ],
        batch_size=200,
    )


def related_settle(inward: In) -> None:
    """Once every story is there: those that are not in the export are nobody's related ones."""
    known = inward.known("story")
    for model in (RelatedStory, StoryRelated):
        there = set(model.objects.values_list("related_id", flat=True).distinct())
        model.objects.filter(related_id__in=sorted(there - known)).delete()
