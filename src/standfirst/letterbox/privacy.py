"""What this room keeps about people: letters, until the desk is done with them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.letterbox.models import Letter
from standfirst.letterbox.selectors import with_address
from standfirst.letterbox.services import letters_forget_due


def register() -> None:
    keeping.register(
        Holding(
            key="letterbox.letters",
            what=_(
                "Letters to the desk: what you wrote, your name and e-mail address if you gave them, time, page, "
                "language"
            ),
            why=_("So that an editor can read and answer them."),
            how_long=_("90 days after the desk has closed the letter."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=letters_given,
            erase=letters_erase,
            forget_due=letters_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="letterbox.senders",
            what=_(
                "How often something was sent from one connection: a scrambled number, never the address of "
                "your machine"
            ),
            why=_("So that nobody can bury the desk."),
            how_long=_("A day at most, in memory; then the key of the scrambling is thrown away."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=keeping.nothing_given,
            erase=keeping.nothing_erased,
        )
    )


def letters_with(email: str) -> QuerySet[Letter]:
    """The letters that ask for an answer at this address."""
    return with_address(Letter.objects.all(), "reply_to", email)


def letters_given(email: str) -> list[dict[str, Any]]:
    said = (
        "received_at",
        "kind",
        "state",
        "language",
        "about_path",
        "quote",
        "wording",
        "text",
        "sender_name",
        "reply_to",
    )
    return [dict(row) for row in letters_with(email).order_by("received_at", "pk").values(*said)]


def letters_erase(email: str) -> Erased:
    return Erased(letters_with(email).delete()[0])
