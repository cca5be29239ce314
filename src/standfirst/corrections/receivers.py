"""What this room does on hearing others' news. Each may run twice."""

from __future__ import annotations

from typing import Any

from standfirst.corrections import services
from standfirst.stories.models import StoryPage


def on_story_published(sender: type, *, story_id: int, **kwargs: Any) -> None:
    story = StoryPage.objects.filter(pk=story_id).first()
    if story is not None:
        services.cases_carry_on(story=story)
