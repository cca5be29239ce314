"""The ways the letterbox can refuse.

LetterRefused
├── CameFromElsewhere   another site sent the form
├── TokenWrong          the form's token is not ours
├── TokenTooYoung       sent faster than a person writes
├── TokenTooOld         the form was open for more than a day
├── TooLarge            more than a letter holds
├── TooMany             too many letters from one connection; `retry_after` says when to come back
│   └── TooManyOfAll    … from everybody together
└── SpoolRefused        the database is away, and what waits for it can take no more
    ├── SpoolBusy       more than the spool takes in a minute
    ├── SpoolFull       more than the spool holds
    └── SpoolShut       the disk or the key is not as it should be; the text says which, for the operator

Imports no Django.
"""

from __future__ import annotations


class LetterRefused(Exception):
    """A letter was not taken. The sender keeps the words; `views.words_for` tells her why."""

    status = 422
    # Seconds after which it is worth trying again; 0: nothing is known.
    retry_after = 0

    @property
    def words(self) -> str:
        """What a refusal of a room above tells the sender; this room's own are in `views.words_for`."""
        return ""


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


class TooManyOfAll(TooMany):
    """Nobody's own doing: very many write at the same time."""


class SpoolRefused(LetterRefused):
    status = 503
    retry_after = 120


class SpoolBusy(SpoolRefused):
    retry_after = 60


class SpoolFull(SpoolRefused):
    retry_after = 3600


class SpoolShut(SpoolRefused):
    pass
