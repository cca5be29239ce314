"""The one way into the ledger: facts are noted, then all pledges of the patron are settled anew."""

from __future__ import annotations

import datetime as dt
import logging
import zlib
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from standfirst.patrons import ledger, signals
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Alarm, Entry, Payment, Pledge
from standfirst.patrons.services import notices
from standfirst.patrons.services.receipts import receipt_write

log = logging.getLogger("standfirst.patrons")
# Ours among the advisory locks of a PostgreSQL database.
LOCK = 60118


def entries_add(
    *, pledge: Pledge, facts: Iterable[Fact], by: str = "provider", currency: str = "", now: dt.datetime | None = None
) -> int:
    """Note what happened to a pledge, and settle all pledges of its patron. Returns how many facts were new.

    All or nothing. Facts that are known already change nothing. currency: of their amounts, if not the pledge's.
    A payment whose number belongs to another pledge is not noted; the desk is alarmed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        patron_lock(pledge.email)
        new = [
            entry
            for fact in ledger.known(facts)
            if (entry := _noted(pledge, fact, by, currency or pledge.currency, now))
        ]
        standings_settle(email=pledge.email, now=now)
        pledge.refresh_from_db()
    return len(new)


def patron_lock(email: str) -> None:
    """Wait for whoever settles this patron just now. SQLite's writers wait for each other anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, zlib.crc32(email.encode()) & 0x7FFFFFFF])


def _noted(pledge: Pledge, fact: Fact, by: str, currency: str, now: dt.datetime) -> Entry | None:
    if pledge.entries.filter(key=fact.key).exists():
        return None
    same_money = currency == pledge.currency
    counts = fact.counts and (fact.kind is not Kind.PAID or (same_money and _is_agreed(pledge, fact)))
    if fact.kind is Kind.PAID and not _paid(pledge, fact, currency, counts, now):
        return None
    entry = Entry.objects.create(
        pledge=pledge,
        key=fact.key,
        kind=fact.kind,
        at=fact.at,
        payment=fact.payment,
        amount_minor=fact.amount_minor,
        currency=currency if fact.amount_minor else "",
        until=fact.until,
        counts=counts,
        by=by,
    )
    if fact.kind is Kind.REFUNDED:
        _returned(pledge, fact, "refund")
    elif fact.kind is Kind.DISPUTE_LOST:
        _returned(pledge, fact, "dispute")
    elif fact.kind is Kind.DISPUTED:
        alarm_raise(key=f"dispute:{pledge.provider}:{fact.payment}", kind=Alarm.Kind.DISPUTE, pledge=pledge)
    if fact.kind is Kind.PAID and fact.payment:
        # What became of it may have been told before it was.
        for later in pledge.entries.filter(payment=fact.payment, kind=Kind.REFUNDED):
            _returned(pledge, later.fact, "refund")
        for later in pledge.entries.filter(payment=fact.payment, kind=Kind.DISPUTE_LOST):
            _returned(pledge, later.fact, "dispute")
    return entry


def _is_agreed(pledge: Pledge, fact: Fact) -> bool:
    """Where the provider says what a payment covers it knows; else the amount must be one that was agreed, or more."""
    return fact.until is not None or fact.amount_minor >= min([pledge.amount_minor, *pledge.amounts])


def _paid(pledge: Pledge, fact: Fact, currency: str, counts: bool, now: dt.datetime) -> bool:
    payment, is_new = Payment.objects.get_or_create(
        provider=pledge.provider,
        provider_id=fact.payment,
        defaults={
            "pledge": pledge,
            "amount_minor": fact.amount_minor,
            "currency": currency,
            "at": fact.at,
            "is_donation": not pledge.is_membership,
        },
    )
    if payment.pledge_id != pledge.pk:
        alarm_raise(
            key=f"foreign:{pledge.provider}:{fact.payment}:{pledge.reference}"[:160],
            kind=Alarm.Kind.AMOUNT,
            pledge=pledge,
            detail=f"{fact.payment} → {payment.pledge.reference}",
        )
        return False
    if is_new:
        if not counts:
            alarm_raise(
                key=f"amount:{pledge.provider}:{fact.payment}"[:160],
                kind=Alarm.Kind.AMOUNT,
                pledge=pledge,
                detail=str(fact.amount_minor),
            )
        receipt_write(payment=payment)
        notices.receipt_due(payment=payment, now=now, counts=counts)
    return True


def _returned(pledge: Pledge, fact: Fact, how: str) -> None:
    """Book what went back, once: the sum of a payment and all that was returned of it is never below nothing."""
    paid = Payment.objects.filter(provider=pledge.provider, provider_id=fact.payment, pledge=pledge).first()
    if paid is None:
        return
    rows = Payment.objects.filter(
        provider=pledge.provider, pledge=pledge, amount_minor__lt=0, provider_id__startswith=f"{fact.payment}:"
    )
    back = -sum(row.amount_minor for row in rows)
    total = paid.amount_minor if how == "dispute" else min(fact.amount_minor, paid.amount_minor)
    if total <= back:
        return
    payment = Payment.objects.create(
        pledge=pledge,
        provider=pledge.provider,
        provider_id=f"{fact.payment}:{how}:{total}",
        amount_minor=back - total,
        currency=paid.currency,
        at=fact.at,
        is_donation=paid.is_donation,
    )
    receipt_write(payment=payment)


def entries_carry(*, pledge: Pledge, entries: Iterable[Entry], now: dt.datetime | None = None) -> int:
    """Note what another newsroom knew of a pledge, as it was; returns how many entries are new. All or nothing.

    No money is booked, no receipt written and no letter sent: that was done there.
    """
    with transaction.atomic():
        patron_lock(pledge.email)
        known = set(pledge.entries.values_list("key", flat=True))
        new = [entry for entry in entries if entry.key not in known]
        Entry.objects.bulk_create(new)
        standings_settle(email=pledge.email, now=now, is_quiet=True)
        pledge.refresh_from_db()
    return len(new)


def standings_settle(*, email: str, now: dt.datetime | None = None, is_quiet: bool = False) -> None:
    """Work out anew how all pledges of a patron stand, and write it down. Call it inside a transaction.

    is_quiet: without letters about it.
    """
    now = now or timezone.now()
    pledges = list(Pledge.objects.filter(email=email).select_related("tier").prefetch_related("entries").order_by("pk"))
    held = [ledger.Held(one.pk, tuple(_facts(one)), one.terms) for one in pledges]
    found = ledger.settled(held, now)
    # Those that let go first: the database refuses two that hold, for a moment too.
    for pledge in sorted(pledges, key=lambda one: found[one.pk].state in ledger.HOLDING):
        _written(pledge, found[pledge.pk], now, is_quiet)


def _facts(pledge: Pledge) -> Iterable[Fact]:
    for entry in pledge.entries.all():
        fact = entry.fact
        if entry.currency and entry.currency != pledge.currency:
            # Its money is in the payments; the ledger of the pledge counts its own currency.
            fact = Fact(fact.key, fact.kind, fact.at, fact.payment, 0, fact.until, counts=False)
        yield fact


def _written(pledge: Pledge, result: ledger.Outcome, now: dt.datetime, is_quiet: bool) -> None:
    before = pledge.state
    values = {
        "state": str(result.state),
        "why": result.why,
        "until": result.until,
        "changes_at": result.changes_at,
        "received_minor": result.received_minor,
        "is_double": result.is_double,
        "since": result.since,
    }
    if all(getattr(pledge, name) == value for name, value in values.items()):
        return
    became_double = result.is_double and not pledge.is_double
    for name, value in values.items():
        setattr(pledge, name, value)
    pledge.save(update_fields=list(values))
    if became_double:
        from standfirst.patrons import tasks

        tasks.provider_stop.enqueue(pledge.pk)
        alarm_raise(key=f"double:{pledge.reference}", kind=Alarm.Kind.DOUBLE, pledge=pledge)
    if before != pledge.state:
        log.info("Pledge %s: %s → %s (%s).", pledge.pk, before, pledge.state, result.why or "clock")
        signals.pledge_changed.send(Pledge, pledge=pledge, before=before)
    if not is_quiet:
        notices.notices_due(pledge=pledge, before=before, now=now)


def alarm_raise(*, key: str, kind: str, pledge: Pledge | None = None, detail: str = "") -> None:
    """Say once that a person must look at something about money."""
    Alarm.objects.get_or_create(key=key[:160], defaults={"kind": kind, "pledge": pledge, "detail": detail[:300]})


def pledges_carry_on(*, now: dt.datetime | None = None) -> int:
    """What the clock alone changes: time that ran out, gifts whose day has come, letters that are due."""
    now = now or timezone.now()
    due = Pledge.objects.filter(changes_at__lte=now) | Pledge.objects.filter(state=ledger.State.PAST_DUE)
    emails = set(due.values_list("email", flat=True))
    for email in sorted(emails):
        with transaction.atomic():
            patron_lock(email)
            standings_settle(email=email, now=now)
            for pledge in Pledge.objects.filter(email=email, state=ledger.State.PAST_DUE):
                notices.notices_due(pledge=pledge, before=pledge.state, now=now)
    notices.renewals_due(now=now)
    return len(emails)
