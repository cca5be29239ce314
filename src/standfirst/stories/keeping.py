"""A form that was open while its story was corrected goes on saving, and its writer is told what stays corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from standfirst.stories.models import StoryPage, WordEdit

if TYPE_CHECKING:
    from wagtail.models import Revision

# As many as one reads in a line.
_NAMED = 3


def sentence(kept: Sequence[WordEdit]) -> str:
    """What was put right in words that came from an open form; "" when nothing was."""
    if not kept:
        return ""
    named = "; ".join(
        _("“%(old)s” → “%(new)s”") % {"old": edit.old, "new": edit.new} if edit.new else f"– “{edit.old}”"
        for edit in kept[:_NAMED]
    )
    return _(
        "This story was corrected while you had it open, and what you save stays corrected: %(words)s. "
        "Everything else is as you wrote it."
    ) % {"words": named if len(kept) <= _NAMED else f"{named} …"}


def let_it_be_saved(request: HttpRequest, page: Page) -> None:
    """A correction that came between is no newer version that saving would overwrite: the form keeps it.

    Only where no draft lay open, so that the correction itself became the newest revision; else that stays the newest.
    """
    loaded = request.POST.get("loaded_revision_id", "")
    if request.method != "POST" or request.POST.get("overwrite_revision_id") or not loaded.isdigit():
        return
    story = page if isinstance(page, StoryPage) else None
    newest = story.get_latest_revision() if story else None
    if story is None or newest is None or str(newest.pk) == loaded or not _are_corrections(story, int(loaded), newest):
        return
    said = request.POST.copy()
    said["loaded_revision_id"] = str(newest.pk)
    said["loaded_revision_created_at"] = newest.created_at.isoformat()
    request.POST = said  # type: ignore[assignment]


def _are_corrections(story: StoryPage, loaded: int, newest: Revision) -> bool:
    """Whether everything saved since the form was loaded are corrections, which it does not undo."""
    was = story.revisions.filter(pk=loaded).first()
    if was is None:
        return False
    since = set(story.revisions.filter(pk__gt=loaded, created_at__gt=was.created_at).values_list("pk", flat=True))
    made = WordEdit.objects.filter(story=story).values_list("revision_id", flat=True)
    return newest.pk in since and since <= set(made)


def note_what_was_kept(request: HttpRequest, page: Page) -> None:
    """Publishing reads the page anew before it calls the next hook."""
    request.words_kept = getattr(page, "words_kept", [])  # type: ignore[attr-defined]


def tell_what_was_kept(request: HttpRequest, page: Page) -> Any:
    kept: Sequence[WordEdit] = getattr(request, "words_kept", None) or getattr(page, "words_kept", [])
    # A page that saves itself is told in its answer (forms.StoryForm.get_field_updates_for_resave).
    if kept and "application/json" not in request.headers.get("Accept", ""):
        messages.warning(request, sentence(kept))
    return None
