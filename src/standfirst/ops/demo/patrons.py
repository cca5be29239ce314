"""The demo's readers who pay: all of it in the sandbox, where no money moves."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from standfirst.ops.demo import reading
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import (
    ExternalPage,
    LegalEntity,
    Notice,
    Pledge,
    Support,
    SupportText,
    Tier,
    TierPrice,
    TierText,
)
from standfirst.patrons.services import entries_add, pledge_grant, pledge_start, pledges_carry_on
from standfirst.readers.services import reader_confirmed


def patrons_enter(*, now: dt.datetime, by: str) -> None:
    """Open the support page, and let a patron stand in every state there is. by: who gives at the desk."""
    with _unlogged():
        _entered(reading.patrons(), now, by)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Weeks of changes of state in one second are no news for whoever starts the demo."""
    log = logging.getLogger("standfirst.patrons")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)


def _entered(said: dict[str, Any], now: dt.datetime, by: str) -> None:
    tiers = _offered(said)
    told: list[tuple[dt.datetime, Pledge, Fact]] = []
    for one in said["patrons"]:
        days = [event[1] for event in one["events"]]
        began = now - dt.timedelta(days=max(days, default=1), minutes=3)
        pledge = _pledge(one, tiers, began, now)
        told += [(fact.at, pledge, fact) for fact in _facts(pledge, one["events"], now)]
        if one.get("has_account"):
            reader = reader_confirmed(email=one["email"], language=pledge.language)
            reader.name = one["name"]
            reader.save(update_fields=["name"])
    # In the order in which it happened, or the numbers of receipts would run against their dates.
    for at, pledge, fact in sorted(told, key=lambda event: event[0]):
        entries_add(pledge=pledge, facts=[fact], by="reader" if fact.kind is Kind.CANCELLED else "provider", now=at)
    for one in said["complimentary"]:
        until = now + dt.timedelta(days=one["days"])
        pledge_grant(email=one["email"], name=one["name"], until=until, tier=tiers[one["tier"]], by=by)
    pledges_carry_on(now=now)
    # What was due in those weeks was written then; nobody is to hear of it on the day the demo is built.
    Notice.objects.filter(sent_at=None).update(sent_at=timezone.now())


def _offered(said: dict[str, Any]) -> dict[str, Tier]:
    words = dict(said["support"])
    texts = words.pop("texts")
    support = Support(site=Site.objects.get(is_default_site=True), **words)
    support.texts = [SupportText(language=code, **texts[code]) for code in reading.LANGUAGES]
    support.pages = [ExternalPage(name="Patreon", address="https://example.org/lantern/patreon")]
    support.full_clean()
    support.save()
    LegalEntity.objects.create(**said["entity"])
    tiers: dict[str, Tier] = {}
    for order, one in enumerate(said["tiers"]):
        words = dict(one)
        prices, ukrainian = words.pop("prices"), words.pop("uk")
        tier = Tier(sort_order=10 * (order + 1), **words)
        tier.texts = [TierText(language="uk", **ukrainian)]
        tier.prices = [
            TierPrice(period=period, amount_minor=amount, currency=said["support"]["currency"])
            for period, amount in prices
        ]
        tier.full_clean()
        tier.save()
        tiers[tier.slug] = tier
    return tiers


def _pledge(one: dict[str, Any], tiers: dict[str, Tier], began: dt.datetime, now: dt.datetime) -> Pledge:
    starts_in = one.get("starts_in")
    return pledge_start(
        email=one["email"],
        name=one["name"],
        amount_minor=one["amount"],
        currency="UAH",
        period=one.get("period", "month"),
        provider=one.get("provider", "sandbox"),
        tier=tiers[one["tier"]] if "tier" in one else None,
        language=one.get("language", "en"),
        kind=one.get("kind", Pledge.Kind.OWN),
        payer_email=one.get("payer_email", ""),
        payer_name=one.get("payer_name", ""),
        message=one.get("message", ""),
        starts_at=now + dt.timedelta(days=starts_in) if starts_in else None,
        now=began,
    )


def _facts(pledge: Pledge, events: list[list[Any]], now: dt.datetime) -> list[Fact]:
    """What the sandbox would have told, with numbers of its own."""
    facts, payments = [], 0
    for number, (kind, days, *of) in enumerate(events, 1):
        at = now - dt.timedelta(days=days)
        is_paid = kind == Kind.PAID
        payments += is_paid
        about = payments if is_paid else of[0] if of else 0
        payment = f"demo_{pledge.reference}_{about}" if about else ""
        amount = pledge.amount_minor if payment else 0
        facts.append(Fact(f"{kind}:{number}", Kind(kind), at, payment, amount))
    return facts
