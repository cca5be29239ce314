"""The frozen form of a story: plain data whose canonical bytes are a public version (PV-05)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from standfirst.kit.canonical import canonical_bytes

if TYPE_CHECKING:
    from standfirst.stories.models import StoryPage


def story_data(story: StoryPage, lines: Mapping[str, Iterable[Any]] | None = None) -> dict[str, Any]:
    """Everything readers see of the story itself, as plain JSON data. No account, no time of publication.

    lines: bylines, sources and the like (by the name of their relation) that a form holds and nobody has saved yet.
    """

    return {
        **plain_data(story, lines),
        "lead": _picture(story.lead_image, story.lead_alt, story.lead_decorative, story.lead_caption, story.lead_credit)
        if story.lead_image
        else None,
        "tags": sorted(tag.slug for tag in story.tags.all()),
    }


def plain_data(story: StoryPage, lines: Mapping[str, Iterable[Any]] | None = None) -> dict[str, Any]:
    """What a frozen version and an export say of a story in the same form."""

    def of(name: str) -> Iterable[Any]:
        return lines[name] if lines and name in lines else getattr(story, name).all()

    return {
        "language": story.language,
        "kicker": story.kicker,
        "headline": story.title,
        "standfirst": story.standfirst,
        "kind": story.kind.slug if story.kind else "",
        "section": story.section.slug if story.section else "",
        "dateline": story.dateline,
        "bylines": [
            {"slug": line.byline.slug, "name": line.byline.name_in(story.language), "note": line.note}
            for line in of("story_bylines")
        ],
        "based_on": [{"name": line.name, "url": line.url} for line in of("based_on")],
        "body": plain_blocks(story.body.get_prep_value()),
        "methods": story.methods,
        "sources": [
            {
                "title": line.title,
                "publisher": line.publisher,
                "url": line.url,
                "published_on": line.published_on,
                "note": line.note,
            }
            for line in of("sources")
        ],
    }


def _picture(image: Any, alt: str, decorative: bool, caption: str, credit: str) -> dict[str, Any]:
    return {
        "image": image.pk,
        "file": image.file_hash,
        "alt": "" if decorative else alt,
        "caption": caption,
        "credit": credit or image.credit,
        "source_kind": image.source_kind,
    }


def plain_blocks(blocks: Any) -> list[Any]:
    """Blocks as JSON keeps them: an update note's moment is a datetime until it is stored."""
    plain: list[Any] = json.loads(json.dumps(list(blocks), cls=DjangoJSONEncoder))
    return plain


def story_bytes(story: StoryPage) -> bytes:
    return canonical_bytes(story_data(story))
