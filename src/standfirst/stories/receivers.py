"""The one place that hears Wagtail's own signals about stories."""

from __future__ import annotations

from typing import Any

from standfirst.stories import services
from standfirst.stories.acting import actor
from standfirst.stories.models import StoryPage


def on_page_published(sender: type, instance: StoryPage, **kwargs: Any) -> None:
    if not isinstance(instance, StoryPage):
        return
    if instance.live:
        services.story_record_publication(
            story=instance, editor=actor() or getattr(kwargs.get("revision"), "user", None)
        )
    else:
        # Wagtail sends the same signal when a story is scheduled. What would stop it at night stops it now.
        instance.require_ready()


def on_address_changed(sender: type, old: str, new: str, **kwargs: Any) -> None:
    """A section, a byline, a tag or a standing page has another address; stories see to theirs when published."""
    services.address_change(old=old, new=new)


def on_page_unpublished(sender: type, instance: StoryPage, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        services.story_record_withdrawal(story=instance)
