"""The ways the room's doors can refuse.

StoryError
├── NotReady         the story may not go out yet; `problems` says what is missing and where
├── NotAllowed       this person may not do this
└── PassageMoved     the words to be replaced have changed meanwhile
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


class PassageMoved(StoryError):
    """The words to be replaced do not stand there (any more). Show both, and ask.

    block: the passage; old: the words that were to be replaced; now: what the passage says today, "" when it is gone.
    """

    def __init__(self, *, block: str, old: str, now: str) -> None:
        self.block, self.old, self.now = block, old, now
        super().__init__(f"“{old}” does not stand there any more. The passage now says: “{now}”.")
