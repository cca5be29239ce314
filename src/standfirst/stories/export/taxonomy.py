"""Sections, kinds and tags, with their words in every language of the paper."""

from __future__ import annotations

import re
from typing import Any

from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop, records
from standfirst.stories.models import Section, SectionText, StoryKind, StoryKindText, Tag
from standfirst.stories.selectors import live_stories

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
SECTIONS, KINDS, TAGS = "sections.json", "kinds.json", "tags.json"


def write(out: Out) -> None:
    sections = Section.objects.order_by("pk").prefetch_related("texts")
    out.json(SECTIONS, [_section(section) for section in sections])
    out.json(KINDS, [_kind(kind) for kind in StoryKind.objects.order_by("pk").prefetch_related("texts")])
    tags = Tag.objects.order_by("pk")
    if not out.private:
        # The name of a tag that only drafts bear may say what the newsroom is working on.
        tags = tags.filter(pk__in=Tag.objects.filter(story_tags__content_object__in=live_stories().order_by()))
    said = [{"id": tag.pk, "slug": tag.slug, "name": tag.name} for tag in tags]
    out.json(TAGS, said)
    out.count("sections", sections.count())
    out.count("tags", len(said))


def _texts(rows: Any, *names: str) -> list[dict[str, str]]:
    return [
        {"language": row.language} | {name: getattr(row, name) for name in names}
        for row in sorted(rows, key=lambda row: row.language)
    ]


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.pk,
        "slug": section.slug,
        "title": section.title,
        "description": section.description,
        "order": section.sort_order,
        "in_menu": section.in_menu,
        "texts": _texts(section.texts.all(), "title", "description"),
    }


def _kind(kind: StoryKind) -> dict[str, Any]:
    return {
        "id": kind.pk,
        "slug": kind.slug,
        "label": kind.label,
        "is_opinion": kind.is_opinion,
        "is_labelled": kind.is_labelled,
        "is_active": kind.is_active,
        "order": kind.sort_order,
        "texts": _texts(kind.texts.all(), "label"),
    }


def holds() -> dict[str, int]:
    return {"sections": Section.objects.count(), "tags": Tag.objects.count()}


def slug_of(said: Fields, most: int = 100) -> str:
    slug = said.needed("slug", most)
    if not _SLUG.fullmatch(slug):
        raise BadExport(
            gettext_noop("%(where)s: “slug” should be of letters, digits and hyphens, such as world."), where=said.where
        )
    return slug


def read(inward: In) -> None:
    # A new newsroom has kinds of its own; an export brings those of its paper.
    StoryKind.objects.all().delete()
    for said in records(inward.json(KINDS), KINDS):
        kind = StoryKind(
            pk=said.number("id"),
            slug=slug_of(said, 60),
            label=said.needed("label", 60),
            is_opinion=said.flag("is_opinion"),
            is_labelled=said.flag("is_labelled", True),
            is_active=said.flag("is_active", True),
            sort_order=said.number("order", least=0, most=32767),
        )
        kind.texts = [
            StoryKindText(language=text.needed("language", 20), label=text.needed("label", 60), sort_order=number)
            for number, text in enumerate(said.records("texts"))
        ]
        kind.save()
    for said in records(inward.json(SECTIONS), SECTIONS):
        section = Section(
            pk=said.number("id"),
            slug=slug_of(said),
            title=said.needed("title", 100),
            description=said.text("description", 300),
            sort_order=said.number("order", least=0, most=32767),
            in_menu=said.flag("in_menu", True),
        )
        section.texts = [
            SectionText(
                language=text.needed("language", 20),
                title=text.needed("title", 100),
                description=text.text("description", 300),
                sort_order=number,
            )
            for number, text in enumerate(said.records("texts"))
        ]
        section.save()
        inward.known("section").add(section.pk)
        inward.count("sections")
    tags = [
        Tag(pk=said.number("id"), slug=slug_of(said), name=said.needed("name", 100))
        for said in records(inward.json(TAGS), TAGS)
    ]
    Tag.objects.bulk_create(tags, batch_size=300)
    inward.count("tags", len(tags))
