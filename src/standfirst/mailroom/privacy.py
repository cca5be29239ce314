"""What this room keeps about people: addresses with what they asked for, and to whom mail went."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.mailroom.models import Delivery, Subscription, Suppression
from standfirst.mailroom.services import (
    deliveries_erase,
    letters_forget_due,
    lists_forget_due,
    subscriptions_erase,
    suppression_scramble,
)


def register() -> None:
    keeping.register(
        Holding(
            key="mailroom.subscriptions",
            what=_(
                "Which letters you asked for: your address, when and on which page, in which words, when you "
                "confirmed, when you left"
            ),
            why=_("So that you get the letters you want, and we can show that you wanted them."),
            how_long=_("7 days when you do not confirm; 90 days after you leave; else for as long as you get letters."),
            basis=keeping.CONSENT,
            given=subscriptions_given,
            erase=lambda email: Erased(subscriptions_erase(email=email)),
            forget_due=lists_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="mailroom.deliveries",
            what=_("Which mails went to your address, when, and what your mail server answered; never what you opened"),
            why=_("So that every mail arrives once, and we can say what became of it."),
            how_long=_("90 days; then only how many there were."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=deliveries_given,
            erase=lambda email: Erased(deliveries_erase(email=email)),
            forget_due=letters_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="mailroom.suppressed",
            what=_("That we do not write to your address any more, and why"),
            why=_("So that we do not write to somebody who does not want it, or where nobody reads it."),
            how_long=_("Until you ask for letters again."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=suppressed_given,
            erase=suppressed_erase,
        )
    )
    keeping.register(
        Holding(
            key="mailroom.links",
            what=_(
                "Of a letter that says so at its foot: how often each of its links was followed, by all readers "
                "together; never by whom, from where or when"
            ),
            why=_("So that the newsroom sees which stories were wanted."),
            how_long=_("As long as the letter itself; it says nothing about any person."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=keeping.nothing_given,
            erase=keeping.nothing_erased,
        )
    )


def subscriptions_given(email: str) -> list[dict[str, Any]]:
    said = ("mailing__key", "language", "state", "asked_at", "page", "wording", "basis", "confirmed_at", "left_at")
    rows = Subscription.objects.filter(email=email).order_by("pk").values("email", *said)
    return [{name.removesuffix("__key"): value for name, value in row.items()} for row in rows]


def deliveries_given(email: str) -> list[dict[str, Any]]:
    rows = Delivery.objects.filter(to=email).order_by("pk").select_related("letter", "note")
    return [
        {
            "to": row.to,
            "subject": row.letter.subject if row.letter else row.note.subject if row.note else "",
            "text": row.note.text if row.note else "",
            "state": row.state,
            "sent_at": row.sent_at,
            "answer": row.answer,
        }
        for row in rows
    ]


def suppressed_given(email: str) -> list[dict[str, Any]]:
    rows = Suppression.objects.filter(email=email).values("email", "reason", "said", "since")
    return [dict(row) for row in rows]


def suppressed_erase(email: str) -> Erased:
    kept = _("A scrambled mark of the address, from which nobody can read it, so that we do not write to it again.")
    return Erased(1, kept=kept) if suppression_scramble(email=email) else Erased(0)
