"""The ways the room's doors can refuse.

StoryError
├── NotReady         the story may not go out yet; `problems` says what is missing and where
└── NotAllowed       this person may not do this
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfirst.stories.checks import Problem


class StoryError(Exception):
    pass


class NotReady(StoryError):
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem.message) for problem in problems))


class NotAllowed(StoryError):
    pass
