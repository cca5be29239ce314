"""Reading the mailroom: mailings, what an address gets, and how a letter stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from standfirst.kit.mailaddress import normal
from standfirst.mailroom import tokens
from standfirst.mailroom.addresses import scramble_key, scrambled_by
from standfirst.mailroom.models import (
    Delivery,
    Letter,
    Link,
    Mailing,
    Note,
    ScrambleKey,
    Subscription,
    Supplier,
    Suppression,
)
from standfirst.mailroom.suppliers import suppliers
from standfirst.press.kept import kept_until_refreshed
from standfirst.press.shown import FRAME, shown_under

#: Mail that has waited so long is stuck.
LATE_AFTER = dt.timedelta(minutes=30)
#: States of a delivery in which something is still to come.
OPEN = (Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.DEFERRED)


def mailings(*, is_open: bool = True) -> list[Mailing]:
    """The mailings that readers can subscribe to, or all."""
    found = Mailing.objects.all()
    return list(found.filter(is_open=True) if is_open else found)


@shown_under(FRAME)
@kept_until_refreshed
def offered() -> list[Mailing]:
    """What readers can subscribe to; shown in the frame of every page, and under stories what an editor has ticked."""
    return mailings()


def mailing_of(key: str) -> Mailing | None:
    return Mailing.objects.filter(key=key).first()


def subscriptions_of(email: str) -> QuerySet[Subscription]:
    """What an address gets, waits to confirm, or has left."""
    return Subscription.objects.filter(email=normal(email)).select_related("mailing").order_by("mailing")


def subscription_at(token: str) -> Subscription | None:
    """The subscription whose link this token is from."""
    key = tokens.key_in(token)
    return Subscription.objects.filter(key=key).select_related("mailing").first() if key else None


def is_suppressed(email: str) -> bool:
    return bool(not_written_to([email]))


def not_written_to(emails: Iterable[str]) -> set[str]:
    """Those of these addresses that we do not write to, also when it is kept only scrambled."""
    written = spellings(emails)
    found = Suppression.objects.filter(email__in=list(written)).values_list("email", flat=True)
    return {written[one] for one in found}


def spellings(emails: Iterable[str]) -> dict[str, str]:
    """In which spellings these addresses may be kept → the address: plain, scrambled by us, or where we came from."""
    keys = [scramble_key(), *ScrambleKey.objects.values_list("key", flat=True)]
    return {spelling: one for one in emails for spelling in (one, *(scrambled_by(key, one) for key in keys))}


def subscribers(mailing: Mailing, language: str) -> QuerySet[Subscription]:
    """Those who get a mailing in a language, and can be written to."""
    found = Subscription.objects.filter(mailing=mailing, language=language, state=Subscription.State.ACTIVE)
    return found.exclude(email__in=Suppression.objects.values("email"))


def readers_of(letter: Letter) -> QuerySet[Any, tuple[int, str]]:
    """Subscription and address of everybody whom a letter is to reach. A correction is for those who got the mistake;
    whoever has left since is not written to even then."""
    if letter.corrects is None:
        return subscribers(letter.mailing, letter.language).order_by("pk").values_list("pk", "email")
    got = letter.corrects.deliveries.filter(
        state__in=[Delivery.State.SENT, Delivery.State.UNSURE, Delivery.State.DEFERRED],
        subscription__state=Subscription.State.ACTIVE,
    )
    got = got.exclude(to__in=Suppression.objects.values("email"))
    return got.order_by("pk").values_list("subscription_id", "subscription__email")


@dataclass(frozen=True)
class Progress:
    """How a letter stands, from its deliveries alone."""

    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    rate_per_minute: float = 0.0
    ends_at: dt.datetime | None = None
    answer: str = ""

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """State, its name, how many; in the order of the states, without those that nobody is in."""
        return [(s.value, str(s.label), self.counts[s]) for s in Delivery.State if self.counts.get(s)]


def progress_of(letter: Letter) -> Progress:
    """Counts by state, the rate of the last ten minutes, when it will be done at that rate, and the last answer."""
    if letter.counts:
        return Progress(counts=letter.counts, total=sum(letter.counts.values()))
    counts = counts_of(letter)
    total = sum(counts.values())
    now = timezone.now()
    lately = letter.deliveries.filter(sent_at__gte=now - dt.timedelta(minutes=10)).aggregate(
        n=Count("pk"), first=Min("sent_at"), last=Max("sent_at")
    )
    rate, ends = 0.0, None
    if lately["n"] and lately["n"] > 1:
        span = max((lately["last"] - lately["first"]).total_seconds(), 1.0)
        rate = lately["n"] / span * 60
        waiting = counts.get(Delivery.State.QUEUED, 0) + counts.get(Delivery.State.SENDING, 0)
        if waiting and letter.state == Letter.State.SENDING:
            ends = now + dt.timedelta(minutes=waiting / rate)
    last = letter.deliveries.exclude(answer="").exclude(state=Delivery.State.SUPPRESSED)
    answer = last.order_by("-sent_at", "-next_at").values_list("answer", flat=True).first()
    return Progress(counts=counts, total=total, rate_per_minute=rate, ends_at=ends, answer=answer or "")


def is_link_of(letter: int, path: str) -> bool:
    """Whether a letter that went out links to this page and counted it."""
    return Link.objects.filter(letter_id=letter, path=path).exists()


def counts_of(letter: Letter) -> dict[str, int]:
    rows = letter.deliveries.values_list("state").annotate(n=Count("pk")).order_by()
    return {str(state): int(n) for state, n in rows}


def delivery_of(reference: str) -> Delivery | None:
    """The delivery of a service mail, by its reference."""
    note = Note.objects.filter(reference=reference).select_related("delivery").first()
    return note.delivery if note else None


def late_since() -> dt.datetime | None:
    """Since when mail is stuck: it should have gone long ago, and no editor holds it up. None when none is."""
    waiting = Delivery.objects.filter(state__in=OPEN, next_at__lte=timezone.now() - LATE_AFTER)
    waiting = waiting.exclude(letter__state__in=[Letter.State.PAUSED, Letter.State.STOPPED])
    return waiting.aggregate(since=Min("next_at"))["since"]


def suppliers_down() -> QuerySet[Supplier]:
    """Those that did not take mail when they were last asked; what is not in `mail_url` any more is left out."""
    names = [url.name[:80] for url in suppliers()]
    return Supplier.objects.filter(trouble__gt="", name__in=names).order_by("name")
