"""Stories whose text is withheld as a whole: which ones a room above says (corrections), and what is left of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfirst.stories.models import StoryPage

_asked: list[Callable[[Iterable[int]], set[int]]] = []


def withheld_by(look: Callable[[Iterable[int]], set[int]]) -> None:
    """Register, from a room's apps.py, who says which of these stories are withheld."""
    if look not in _asked:
        _asked.append(look)


def withheld_among(pks: Iterable[int]) -> set[int]:
    """Those of these stories whose text nobody but the desk may have."""
    found = list(pks)
    return set().union(*(look(found) for look in _asked))


def blanked(story: StoryPage) -> StoryPage:
    """The story in memory without a word of its own; its address and its place in the paper stay."""
    story.title = story.draft_title = "—"
    for name in ("kicker", "standfirst", "dateline", "lead_alt", "lead_caption", "lead_credit", "methods"):
        setattr(story, name, "")
    for name in ("seo_title", "search_description", "change_label", "change_note"):
        setattr(story, name, "")
    story.lead_image, story.body = None, json.dumps([])
    for name in ("sources", "based_on"):
        setattr(story, name, [])
    return story
