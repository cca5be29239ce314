"""The ways the readers' room can refuse.

letterbox.errors.LetterRefused
└── ReaderRefused
    ├── TooManyCodes     too many codes to one address, from one connection, or in all; see `retry_after`
    ├── TooManyTries     too many tries from one connection
    ├── MailNotSent      the mail server did not take the letter with the code
    ├── CodeWrong        another code than the one that was sent; so many tries are `left`
    ├── CodeOver         none that is still good was asked for in this browser, or it was tried too often
    ├── NotThisForm      the form was not handed out to this browser
    ├── AddressTaken     somebody has an account with that address
    └── PasskeyRefused   the device's answer does not hold
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.letterbox.errors import LetterRefused


class ReaderRefused(LetterRefused):
    """Something about an account was not done. `words` is for the reader."""


class TooManyCodes(ReaderRefused):
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()

    @property
    def words(self) -> str:
        minutes = max(1, round(self.retry_after / 60))
        return ngettext(
            "Many codes were asked for, for this address or from your connection. The newest one you got may still be "
            "good; a new one can be asked for in %(minutes)d minute.",
            "Many codes were asked for, for this address or from your connection. The newest one you got may still be "
            "good; a new one can be asked for in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}


class TooManyTries(TooManyCodes):
    @property
    def words(self) -> str:
        minutes = max(1, round(self.retry_after / 60))
        return ngettext(
            "There were many tries from your connection. Please try again in %(minutes)d minute.",
            "There were many tries from your connection. Please try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}


class MailNotSent(ReaderRefused):
    status = 503
    retry_after = 60

    @property
    def words(self) -> str:
        return _("Our mail did not go out just now, so no code is on its way. Please try again in a minute.")


class CodeWrong(ReaderRefused):
    def __init__(self, *, left: int) -> None:
        self.left = left
        super().__init__()

    @property
    def words(self) -> str:
        return ngettext(
            "This is not the code we sent. You can try %(left)d more time.",
            "This is not the code we sent. You can try %(left)d more times.",
            self.left,
        ) % {"left": self.left}


class CodeOver(ReaderRefused):
    @property
    def words(self) -> str:
        return _(
            "There is no code in this browser that is still good: it was used, tried too often, or is older than a "
            "quarter of an hour; or it was asked for in another browser. Please ask for a new one."
        )


class NotThisForm(ReaderRefused):
    status = 403

    @property
    def words(self) -> str:
        return _("This form was not handed out to this browser. Nothing was done: please press the button once more.")


class AddressTaken(ReaderRefused):
    status = 409

    @property
    def words(self) -> str:
        return _(
            "The address is yours, but it has an account of its own here. Sign in with it and erase that account if "
            "you want to move to it."
        )


class PasskeyRefused(ReaderRefused):
    @property
    def words(self) -> str:
        return _("The passkey did not work. Try once more, or use a code by e-mail.")
