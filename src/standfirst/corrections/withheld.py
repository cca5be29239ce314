"""What stands, dated and with its reason, in the place of what is withheld."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from standfirst.corrections.models import Correction, Withholding
from standfirst.corrections.vault import line_of
from standfirst.stories.models import PublicVersion, StoryPage


@dataclass(frozen=True)
class WithheldLine:
    """words: “Withheld on 3 November 2026: …”. url: the line in the public log."""

    words: str
    url: str


def lines_of_story(story: StoryPage) -> list[WithheldLine]:
    """What is withheld of the text that readers see at a story's address."""
    kinds = Withholding.Kind
    return _lines(_holding().filter(story=story.pk or 0, kind__in=(kinds.WORDS, kinds.PICTURE, kinds.STORY)))


def lines_of_absence(story: StoryPage) -> list[WithheldLine]:
    """Why a story is not there: as a whole, or because nothing was published since its newest version was withheld."""
    newest = story.public_versions.order_by("-number").first()
    return _lines(_holding().filter(Q(kind=Withholding.Kind.STORY) | Q(version=newest), story=story.pk))


def lines_of_version(version: PublicVersion) -> list[WithheldLine]:
    rows = _holding().filter(story=version.story_id)
    whole = Q(version=version) | Q(kind=Withholding.Kind.STORY)
    if hasattr(version, "text"):
        if not version.text.is_masked:
            return []
        whole = Q(kind=Withholding.Kind.WORDS)
    return _lines(rows.filter(whole))


def line_of_note(correction: Correction) -> str:
    rows = _holding().filter(story=correction.story_id)
    rows = rows.filter(
        Q(note_of=correction) | Q(kind=Withholding.Kind.STORY) | Q(version__isnull=False, version=correction.after_id)
    )
    return " ".join(line_of(one) for one in rows) or _("The words of this entry are withheld.")


def _holding() -> QuerySet[Withholding]:
    return Withholding.objects.filter(lifted_at=None).select_related("entry", "story__locale").order_by("at", "pk")


def _lines(rows: Iterable[Withholding]) -> list[WithheldLine]:
    return [WithheldLine(line_of(one), one.entry.address if one.entry else "") for one in rows]
