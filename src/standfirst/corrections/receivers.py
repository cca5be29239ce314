"""What this room does on hearing others' news."""

from __future__ import annotations

from typing import Any

from standfirst.corrections import services
from standfirst.corrections.services import desk, log
from standfirst.people.models import User
from standfirst.stories.models import PublicVersion, StoryPage


def on_story_published(sender: type, *, story_id: int, **kwargs: Any) -> None:
    """May come twice."""
    story = StoryPage.objects.filter(pk=story_id).first()
    if story is not None:
        services.cases_carry_on(story=story)


def on_version_frozen(
    sender: type, *, version: PublicVersion, before: PublicVersion | None, editor: User | None = None, **kwargs: Any
) -> None:
    """Part of publishing's transaction."""
    correction = log.correction_record(version=version, before=before)
    if correction is not None:
        desk.second_look_ask(correction=correction, author=editor)


def on_address_changed(sender: type, *, old: str, new: str, **kwargs: Any) -> None:
    """Part of the transaction in which a reader moves to another address."""
    services.suggestions_carried(old=old, new=new)
