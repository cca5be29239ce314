"""The ways the room's doors can refuse.

CorrectionError
├── AlreadyDecided   another editor was first; `case` is the case with her decision
├── PassageMoved     the words are not what they were; `old` was shown, `now` stands there ("": not found any more)
├── NotAllowed       this person may not do this
└── NotReady         something is missing or does not fit; the sentence says what to do

LetterRefused (letterbox.errors): what a reader sent is not kept; each has a status and words of its own
├── WordsNotThere    the words stand neither in the version they were made on nor in the newest one
├── EnoughReports    so many have reported these words that one more is counted and not kept
└── Flooded          so much has come within the hour that nothing more is kept
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from standfirst.letterbox.errors import LetterRefused

if TYPE_CHECKING:
    from standfirst.corrections.models import Case


class CorrectionError(Exception):
    pass


class AlreadyDecided(CorrectionError):
    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(f"Case {case.pk} was decided before: {case.state}.")


class PassageMoved(CorrectionError):
    def __init__(self, *, old: str, now: str) -> None:
        self.old, self.now = old, now
        super().__init__(f"The words were “{old}” and are “{now}” now." if now else f"“{old}” is not there any more.")


class NotAllowed(CorrectionError):
    pass


class NotReady(CorrectionError):
    pass


class WordsNotThere(LetterRefused):
    status = 422

    @property
    def words(self) -> str:
        return _(
            "These words are not in the story. Copy them from it, or leave them out and choose the passage they are "
            "about. Nothing you wrote is lost."
        )


class EnoughReports(LetterRefused):
    status = 429
    retry_after = 24 * 60 * 60

    @property
    def words(self) -> str:
        return _(
            "Very many readers have told us about these words already. We have counted you among them; what you wrote "
            "was not kept, because the desk knows enough to decide."
        )


class Flooded(LetterRefused):
    status = 503
    retry_after = 60 * 60

    @property
    def words(self) -> str:
        return _(
            "More is coming in just now than an editor could ever read, so yours was not kept. Your words are still "
            "here: please send them again in an hour, or copy them."
        )
