"""A story as JSON and as a page that reads by itself; its public versions byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from standfirst.kit.canonical import salted_digest
from standfirst.kit.exports import Out, moment
from standfirst.stories.canonical import plain_data
from standfirst.stories.export.page import Links, story_html
from standfirst.stories.models import MonthPage, PublicVersion, RelatedStory, StoryByline, StoryPage, Tag
from standfirst.stories.reading import rich_texts
from standfirst.stories.selectors import live_stories

STORIES, VERSIONS, MONTHS = "stories", "versions", "months.json"
_AT_ONCE = 100
_DOCUMENT_LINK = re.compile(r'linktype="document"')
_ID = re.compile(r'\bid="(\d+)"')
_OPENING = re.compile(r"<a\b[^>]*>")


def place(story: StoryPage) -> str:
    """Where a public story lies in the export: as its address, "2026/11/03/bridge-closed"."""
    return str(story.public_path).strip("/")


def things(private: bool) -> int:
    return live_stories().count()


def holds() -> dict[str, int]:
    return {"stories": StoryPage.objects.count()}


def in_parts(pks: list[int]) -> Iterator[list[StoryPage]]:
    """Stories with all that is written of them, a hundred in memory at once."""
    rows = StoryPage.objects.select_related("section", "kind", "lead_image", "locale", "owner").prefetch_related(
        Prefetch("story_bylines", StoryByline.objects.select_related("byline").prefetch_related("byline__texts")),
        "based_on",
        "sources",
        "related_by_hand",
        "tagged_items__tag",
        Prefetch("related_found", RelatedStory.objects.order_by("-score", "related_id")),
        Prefetch("public_versions", PublicVersion.objects.select_related("text").order_by("number")),
    )
    for start in range(0, len(pks), _AT_ONCE):
        yield list(rows.filter(pk__in=pks[start : start + _AT_ONCE]).order_by("pk"))


def shows() -> Iterator[tuple[str, int]]:
    """The pictures and files that public stories show."""
    rows = live_stories().order_by("pk").only("lead_image_id", "body", "methods")
    for story in rows.iterator(chunk_size=_AT_ONCE):
        if story.lead_image_id:
            yield "picture", story.lead_image_id
        for block in story.body.raw_data:
            yield from shown_in(block["type"], block["value"])
        for text in rich_texts(story):
            yield from (("document", pk) for pk in documents_linked(text))


def shown_in(kind: str, value: Any) -> Iterator[tuple[str, int]]:
    if kind == "picture" and isinstance(value, dict) and isinstance(value.get("image"), int):
        yield "picture", value["image"]
    elif kind == "file" and isinstance(value, dict) and isinstance(value.get("document"), int):
        yield "document", value["document"]
    elif kind == "gallery" and isinstance(value, dict):
        for one in value.get("pictures") or []:
            # Wagtail wraps items of a list since 2.16; older ones are bare.
            yield from shown_in("picture", one.get("value", one) if isinstance(one, dict) else one)


def documents_linked(text: str) -> Iterator[int]:
    for tag in _OPENING.findall(text):
        found = _ID.search(tag) if _DOCUMENT_LINK.search(tag) else None
        if found:
            yield int(found[1])


def write(out: Out) -> None:
    pks = list(live_stories().order_by("pk").values_list("pk", flat=True))
    _write_months(out)
    for stories in in_parts(pks):
        links = Links(stories)
        for story in stories:
            here = f"{STORIES}/{place(story)}"
            said = record(story, links, private=out.private)
            said["versions"] = list(write_versions(out, story))
            if out.private:
                said["written_by"] = story.owner.email if story.owner else ""
            if out.origin:
                said["url"] = f"{out.origin}{story.public_path}"
            out.json(f"{here}.json", said)
            out.data(f"{here}.html", story_html(story, here=f"{here}.html", links=links, origin=out.origin))
            out.count("stories")


def _write_months(out: Out) -> None:
    """The folders stories lie in at the desk, in which nothing else is."""
    months = MonthPage.objects.select_related("locale").order_by("pk")
    if not out.private:
        parents = {path[:-4] for path in live_stories().order_by().values_list("path", flat=True).iterator()}
        months = [month for month in months if month.path in parents]
    out.json(
        MONTHS,
        [
            {
                "id": month.pk,
                "language": month.locale.language_code,
                "month": month.slug,
                "translation_key": str(month.translation_key),
            }
            for month in months
        ],
    )


def record(story: StoryPage, links: Links, *, private: bool) -> dict[str, Any]:
    """All of a story that readers see, and what it takes to go on with it elsewhere."""
    related = [line.related_id for line in story.related_by_hand.all()]
    found = [(line.related_id, line.score) for line in story.related_found.all()]
    return {
        "id": story.pk,
        "month": story.path[:-4] and links.months.get(story.path[:-4]),
        "address": story.public_path,
        "slug": story.slug,
        "translation_key": str(story.translation_key),
        "published_at": moment(story.first_published_at),
        "changed_at": moment(story.changed_at),
        "label_shown": story.label_shown,
        "last_published_at": moment(story.last_published_at),
        "expires_at": moment(story.expire_at),
        **plain_data(story),
        "lead": {
            "picture": story.lead_image_id,
            "alt": story.lead_alt,
            "decorative": story.lead_decorative,
            "caption": story.lead_caption,
            "credit": story.lead_credit,
        },
        "links": links.said(rich_texts(story)),
        "tags": [tag.slug for tag in tags_of(story)],
        "related_by_hand": [pk for pk in related if private or pk in links.public],
        "related_found": [{"id": pk, "score": score} for pk, score in found if private or pk in links.public],
        "search_title": story.seo_title,
        "search_description": story.search_description,
        "kept_from_search": story.kept_from_search,
    }


def tags_of(story: StoryPage) -> list[Tag]:
    """In the order readers see."""
    return [item.tag for item in sorted(story.tagged_items.all(), key=lambda item: item.pk or 0)]


def write_versions(out: Out, story: StoryPage) -> Iterator[dict[str, Any]]:
    """Each public version: its canonical bytes as a file, and what it takes to check them.

    One whose text is withheld keeps its line and its digest, and no salt: with it a short text could be guessed. One of
    which some words are withheld has a file without them, which no longer fits its digest.
    """
    for version in story.public_versions.all():
        said: dict[str, Any] = {
            "number": version.number,
            "published_at": moment(version.published_at),
            "digest": version.digest,
            "label": version.label,
            "note_digest": version.note_digest,
        }
        if hasattr(version, "text"):
            content, salt = bytes(version.text.canonical), bytes(version.salt)
            name = f"{VERSIONS}/{place(story)}/{version.number}.json"
            if not version.text.is_masked and salted_digest(content, salt=salt) != version.digest:
                out.missing(f"{name}: its text is not what its digest was taken of.")
            else:
                out.data(name, content)
                said |= {"salt": salt.hex(), "file": name, "note": version.text.note}
                said |= {"is_masked": True} if version.text.is_masked else {}
                out.count("versions")
        yield said
