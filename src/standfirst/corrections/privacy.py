"""What this room keeps about people: who sent a suggestion, and what she wrote."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from standfirst.corrections.models import Suggestion
from standfirst.corrections.services import suggestion_forget, suggestions_forget_due
from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.letterbox.selectors import with_address


def register() -> None:
    keeping.register(
        Holding(
            key="corrections.suggestions",
            what=_(
                "Suggested corrections: the words you marked, what you wrote, your e-mail address and the name to "
                "thank if you gave them, time and language"
            ),
            why=_("So that the desk can check them, answer you, and thank you if you like."),
            how_long=_(
                "Address and name for 90 days after the decision, spam for 14 days. What you wrote stays with the "
                "case without them; you can take it back at any time. A name printed in the public log stays there."
            ),
            basis=keeping.LEGITIMATE_INTEREST,
            given=suggestions_given,
            erase=suggestions_erase,
            forget_due=suggestions_forget_due,
        )
    )


def suggestions_with(email: str) -> QuerySet[Suggestion]:
    """The suggestions that ask for an answer at this address, the newest first."""
    return with_address(Suggestion.objects.select_related("case"), "reply_to", email).order_by("-received_at", "-pk")


def suggestions_given(email: str) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "received_at": one.received_at,
            "kind": one.kind,
            "language": one.language,
            "story": one.case.story_id,
            "quote": one.exact,
            "wording": one.wording,
            "why": one.why,
            "reply_to": one.reply_to,
            "credit": one.credit,
            "state": one.case.state,
            "answer": one.case.answer,
            "told_at": one.told_at,
        }
        for one in suggestions_with(email)
    ]


def suggestions_erase(email: str) -> Erased:
    done = 0
    for one in suggestions_with(email):
        suggestion_forget(suggestion=one)
        done += 1
    return Erased(done)
