"""What this room keeps about people: the paper's own address, which may be a person's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from standfirst.fronts.models import Masthead
from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding


def register() -> None:
    keeping.register(
        Holding(
            key="fronts.imprint",
            what=_("The imprint: the paper's public e-mail and postal address"),
            why=_("So that everybody can reach the paper, as the law asks."),
            how_long=_("As long as the paper appears."),
            basis=keeping.LEGAL_OBLIGATION,
            given=imprint_given,
            erase=imprint_erase,
        )
    )


def imprint_given(email: str) -> list[dict[str, Any]]:
    rows = Masthead.objects.filter(contact_email__iexact=email)
    return list(rows.values("name", "contact_email", "postal_address"))


def imprint_erase(email: str) -> Erased:
    if not Masthead.objects.filter(contact_email__iexact=email).exists():
        return Erased(0)
    return Erased(0, kept=_("This is the public address of the paper; an editor changes it in the masthead."))
