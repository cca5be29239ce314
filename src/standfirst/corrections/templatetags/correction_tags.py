"""Pieces of the log for the theme."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django import template
from django.utils.translation import get_language, ngettext

from standfirst.corrections import logbook, withheld
from standfirst.corrections.models import Correction
from standfirst.corrections.withheld import WithheldLine
from standfirst.stories.models import ChangeLabel, PublicVersion, StoryPage

register = template.Library()

# Above the text stand the newest of those that belong there; a page that opens with forty says nothing.
MOST_ON_TOP = 3
# One of each plural form a language can have.
_NUMBERS = (1, 2, 5, 0, 3, 11, 100)


@dataclass(frozen=True)
class Notes:
    """What a story's page says of mistakes in it, each part the newest first."""

    top: list[Correction]
    end: list[Correction]

    @property
    def all(self) -> list[Correction]:
        return sorted([*self.top, *self.end], key=lambda one: -one.number)

    @property
    def is_retracted(self) -> bool:
        return any(one.label == ChangeLabel.RETRACTION for one in self.all)


@register.simple_tag
def corrections_for(story: StoryPage) -> Notes:
    """`{% corrections_for page as notes %}`: `notes.top` above the text, `notes.end` below it."""
    rows = list(reversed(logbook.corrections_of(story)))
    top = [one for one in rows if one.place == Correction.Place.TOP][:MOST_ON_TOP]
    return Notes(top, [one for one in rows if one not in top])


@register.simple_tag
def withheld_of(story: StoryPage) -> list[WithheldLine]:
    """`{% withheld_of page as withheld %}`: a dated line for everything that is withheld of a story's text now."""
    return withheld.lines_of_story(story)


@register.simple_tag
def withheld_version(version: PublicVersion) -> list[WithheldLine]:
    """`{% withheld_version version as withheld %}`: the same for one version, whole or in part."""
    return withheld.lines_of_version(version)


@register.simple_tag
def withheld_note(correction: Correction) -> str:
    """`{% withheld_note correction %}`: why the words of an entry are not there."""
    return withheld.line_of_note(correction)


@register.simple_tag
def newest_corrections(language: str, count: int = 3) -> list[Correction]:
    """`{% newest_corrections language as corrections %}`: for the narrow column of a front."""
    return logbook.newest(language, count)


@register.simple_tag
def changes_told(story: StoryPage) -> str:
    """The numbers of the versions that changed more than a typo, for whoever read an earlier one: "2 5"."""
    rows = story.public_versions.filter(number__gt=1).exclude(label=ChangeLabel.TYPO).order_by("number")
    return " ".join(str(number) for number in rows.values_list("number", flat=True)) if story.pk else ""


@register.simple_tag
def changed_since_words() -> str:
    """The sentence of since.js in every plural form of the language; {n} and {date} are filled in by the browser."""
    said: dict[str, str] = {}
    for number in _NUMBERS:
        words = ngettext(
            "{n} thing changed since you read this on {date}",
            "{n} things changed since you read this on {date}",
            number,
        )
        if words not in said.values():
            said[str(number)] = words
    return json.dumps({"language": get_language(), "forms": said}, ensure_ascii=False)
