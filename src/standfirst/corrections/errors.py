"""The ways the room's doors can refuse.

CorrectionError
├── AlreadyDecided   another editor was first; `case` is the case with her decision
├── PassageMoved     the words are not what they were; `old` was shown, `now` stands there ("": not found any more)
├── NotAllowed       this person may not do this
└── NotReady         something is missing or does not fit; the sentence says what to do
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
