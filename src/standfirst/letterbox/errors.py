"""The ways the letterbox can refuse.

LetterRefused
├── CameFromElsewhere   another site sent the form
├── TokenWrong          the form's token is not ours
├── TokenTooYoung       sent faster than a person writes
├── TokenTooOld         the form was open for more than a day
├── TooLarge            more than a letter holds
└── TooMany             too many letters from one connection; `retry_after` says when to come back
"""

from __future__ import annotations


class LetterRefused(Exception):
    """A letter was not taken. The sender keeps the words; `message` is for her."""

    status = 422


class CameFromElsewhere(LetterRefused):
    status = 403


class TokenWrong(LetterRefused):
    pass


class TokenTooYoung(LetterRefused):
    pass


class TokenTooOld(LetterRefused):
    pass


class TooLarge(LetterRefused):
    status = 413


class TooMany(LetterRefused):
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()
