"""What this room does on hearing others' news."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from standfirst.corrections import services, vault
from standfirst.corrections.models import Suggestion
from standfirst.corrections.services import desk, log, withholding
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


def on_working_copy_saved(sender: type, *, instance: Revision, **kwargs: Any) -> None:
    """Before it is written: words that are withheld do not come back by a form that was open, or an old copy."""
    if instance.content_type_id == ContentType.objects.get_for_model(StoryPage).pk:
        for one in withholding.withheld_words(int(instance.object_id)):
            mask = vault.mask_of(one)
            if mask.finds(instance.content):
                instance.content = mask.data(instance.content)
                instance.object_str = mask.text(instance.object_str)


def on_suggestion_saved(sender: type, *, instance: Suggestion, created: bool, **kwargs: Any) -> None:
    """A letter that waited in the spool may quote what was withheld meanwhile."""
    if created:
        withholding.withhold_also(suggestion=instance)
