"""Pieces of a story for the theme."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from standfirst.stories import reading
from standfirst.stories.models import StoryPage
from standfirst.stories.richtext import LinkTargets, to_readers

register = template.Library()


@register.simple_tag
def story_reading(story: StoryPage) -> reading.Reading:
    """`{% story_reading page as reading %}`: bylines, sources, related and the rest, in a few queries."""
    # The masthead asks for translations, the page for the rest: read once.
    found: reading.Reading | None = getattr(story, "_reading", None)
    if found is None:
        found = story._reading = reading.story_reading(story)
    return found


@register.filter
def for_readers(value: Any, targets: LinkTargets | None = None) -> SafeString:
    """`{{ value|for_readers:reading.targets }}`: stored rich text as safe HTML with links and paragraph ids."""
    source = getattr(value, "source", value) or ""
    return to_readers(str(source), targets or LinkTargets([str(source)]))


@register.filter
def has_head(table: Any) -> bool:
    """`{% if value.table|has_head %}`: whether a table's columns have names; tables from elsewhere may have none."""
    columns = table.get("columns") if isinstance(table, dict) else getattr(table, "columns", None)
    return any((c.get("heading") if isinstance(c, dict) else c["heading"]) for c in columns or ())
