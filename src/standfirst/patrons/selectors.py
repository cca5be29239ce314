"""What other rooms and pages may ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from standfirst.kit.mailaddress import normal
from standfirst.patrons import ledger
from standfirst.patrons.models import Pledge, Support
from standfirst.patrons.models.tiers import LETTERS
from standfirst.people.models import in_every_language
from standfirst.press.shown import FRAME, shown_under

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


def going_on(email: str) -> Pledge | None:
    """The pledge with this address that goes on by itself, if there is one."""
    return Pledge.objects.filter(email=normal(email), state__in=sorted(ledger.HOLDING), renews=True).first()


def standing_of(person: Any) -> Standing:
    """The standing of a reader, or of an e-mail address. A paid gift and one's own pledge give what both give."""
    email = normal(person if isinstance(person, str) else person.email)
    pledges = list(pledges_of(email)) if email else []
    if not pledges:
        return Standing()
    _as_of(pledges, timezone.now())
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


def gets_letters(email: str) -> bool:
    """Whether the letters for patrons go to this address: her tier gives them, and her pledge stands today."""
    return LETTERS in standing_of(email).gives


def _as_of(pledges: list[Pledge], now: dt.datetime) -> None:
    """What the clock has changed since the daily round, for this answer alone."""
    if not any(one.changes_at and one.changes_at <= now for one in pledges):
        return
    held = [ledger.Held(one.pk, tuple(entry.fact for entry in one.entries.all()), one.terms) for one in pledges]
    found = ledger.settled(held, now)
    for one in pledges:
        one.state, one.until = found[one.pk].state, found[one.pk].until


def pledges_of(email: str) -> QuerySet[Pledge]:
    """All pledges of a person, the newest first."""
    return Pledge.objects.filter(email=normal(email)).select_related("tier").order_by("-made_at", "-pk")


def addresses_ahead() -> set[str]:
    """The support page with its text edition, in every language, once the desk has opened it."""
    found = Support.objects.filter(is_open=True).exists()
    return in_every_language(lambda: reverse("patrons:support"), ("", "text/")) if found else set()


@shown_under(FRAME)
def support() -> Support | None:
    """The support page's words; None before the desk has written any."""
    return Support.objects.prefetch_related("texts", "pages").first()


def pledge_by_reference(reference: str) -> Pledge | None:
    return Pledge.objects.filter(reference=reference).select_related("tier").first() if reference else None


def pledge_by_token(token: str) -> Pledge | None:
    return Pledge.objects.filter(token=token).select_related("tier").first() if token else None
