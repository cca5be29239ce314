"""All that a story's page shows, gathered in a number of queries that does not grow with its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects

from standfirst.people.models import Byline
from standfirst.stories import selectors
from standfirst.stories.blocks import used_pictures
from standfirst.stories.models import StoryBasedOn, StoryPage, StorySource, Tag
from standfirst.stories.pictures.showing import PictureSet
from standfirst.stories.richtext import LinkTargets


@dataclass(frozen=True)
class BylineLine:
    byline: Byline
    name: str
    note: str
    url: str


@dataclass
class Reading:
    """One story ready to be shown. `targets` resolves the links of every rich text on the page."""

    story: StoryPage
    bylines: list[BylineLine] = field(default_factory=list)
    based_on: list[StoryBasedOn] = field(default_factory=list)
    sources: list[StorySource] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    related: list[StoryPage] = field(default_factory=list)
    translations: list[StoryPage] = field(default_factory=list)
    targets: LinkTargets = field(default_factory=lambda: LinkTargets(()))
    version: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the words changed after first publication."""
        first, changed = self.story.first_published_at, self.story.changed_at
        return self.version > 1 and bool(first and changed and changed > first)


def rich_texts(story: StoryPage) -> Iterator[str]:
    """Every piece of rich text on the page, as stored."""
    yield story.methods
    for block in story.body.raw_data:
        yield from _rich(block.get("value"))


def _rich(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "<a " in value:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _rich(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _rich(inner)


def story_reading(story: StoryPage) -> Reading:
    """Read a live story, or a preview that was never saved, for its page."""
    related = selectors.related_for(story) if story.pk else []
    # The story and those beside it in the same queries. A preview keeps the bylines of its form.
    is_draft = "story_bylines" in getattr(story, "_cluster_related_objects", {}) or not story.pk
    prefetch_related_objects(related if is_draft else [story, *related], *selectors.shown_parts())
    lines = list(story.story_bylines.all())
    known = Byline.objects.prefetch_related("texts").in_bulk([line.byline_id for line in lines]) if is_draft else {}
    language = story.language
    # Every picture of the page remembers its renditions: one query, however many there are.
    inside = [value.get("image") for _id, value in used_pictures(story.body)]
    PictureSet([story.lead_image, *inside])
    return Reading(
        story=story,
        bylines=[
            BylineLine(byline, byline.name_in(language), line.note, byline.get_absolute_url())
            for line in lines
            if (byline := known.get(line.byline_id) or line.byline)
        ],
        based_on=list(story.based_on.all()),
        sources=list(story.sources.all()),
        tags=list(story.tags.all()),
        related=related,
        translations=selectors.translations_of(story) if story.pk else [],
        targets=LinkTargets(rich_texts(story)),
        version=selectors.version_number(story),
    )
