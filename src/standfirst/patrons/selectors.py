"""What other rooms and pages may ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from standfirst.kit.mailaddress import normal
from standfirst.patrons import ledger
from standfirst.patrons.models import Pledge

#: The best first: what a patron may do is what her best pledge gives.
_BEST = (
    ledger.State.ACTIVE,
    ledger.State.PAST_DUE,
    ledger.State.CANCELLED,
    ledger.State.PENDING,
    ledger.State.DISPUTED,
    ledger.State.REFUNDED,
    ledger.State.ENDED,
)


@dataclass(frozen=True)
class Standing:
    """How a person stands as a patron. state: "" for somebody who never was one. gives: "vote", "no-sponsors", …"""

    tier: str = ""
    state: str = ""
    gives: frozenset[str] = field(default_factory=frozenset)
    until: dt.datetime | None = None

    @property
    def is_patron(self) -> bool:
        return self.state in ledger.GIVING


def standing_of(person: Any) -> Standing:
    """The standing of a reader, or of an e-mail address. A paid gift and one's own pledge give what both give."""
    email = normal(person if isinstance(person, str) else person.email)
    pledges = list(pledges_of(email)) if email else []
    if not pledges:
        return Standing()
    best = min(pledges, key=lambda one: (_BEST.index(ledger.State(one.state)), -one.pk))
    giving = [one for one in pledges if one.state in ledger.GIVING]
    gives = frozenset().union(*(one.tier.gives for one in giving if one.tier is not None))
    ends = [one.until for one in giving if one.until]
    return Standing(
        tier=best.tier.slug if best.tier else "",
        state=best.state,
        gives=gives,
        until=max(ends, default=best.until),
    )


def pledges_of(email: str) -> QuerySet[Pledge]:
    """All pledges of a person, the newest first."""
    return Pledge.objects.filter(email=normal(email)).select_related("tier").order_by("-made_at", "-pk")


def pledge_by_reference(reference: str) -> Pledge | None:
    return Pledge.objects.filter(reference=reference).select_related("tier").first() if reference else None


def pledge_by_token(token: str) -> Pledge | None:
    return Pledge.objects.filter(token=token).select_related("tier").first() if token else None
