"""From a message of Stripe's to neutral facts. Shapes of several versions of its interface are understood."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from standfirst.patrons.errors import NotRead
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.providers.base import Reading
from standfirst.patrons.providers.stripe.amounts import from_stripe

REFERENCE = "standfirst_reference"
Invoice = Callable[[str], dict[str, Any]]


def moment(seconds: Any) -> dt.datetime:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 2**33:
        raise NotRead("A moment of the message cannot be read.")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def text(value: Any) -> str:
    """An id, or the id of an object that was expanded."""
    if isinstance(value, dict):
        value = value.get("id")
    return value[:120] if isinstance(value, str) else ""


def whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotRead("An amount of the message cannot be read.")
    return value


def _money(thing: dict[str, Any], name: str) -> tuple[int, str]:
    currency = text(thing.get("currency")).upper()
    try:
        return from_stripe(whole(thing.get(name)), currency), currency
    except ValueError as error:
        raise NotRead("The currency of the message is none that we know.") from error


def _within(thing: Any, *path: str) -> Any:
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing


def read(body: str, *, invoice: Invoice) -> Reading:
    """What an event means. invoice: asks Stripe for an invoice whose payments the message has left out."""
    try:
        event = json.loads(body)
        kind, thing = event["type"], event["data"]["object"]
        at = moment(event["created"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotRead("The message of Stripe cannot be read.") from error
    if not isinstance(thing, dict) or not isinstance(kind, str):
        raise NotRead("The message of Stripe cannot be read.")
    if kind.startswith("checkout.session."):
        return _session(kind, thing, at)
    if kind.startswith("customer.subscription."):
        return subscription(thing, at, kind=kind, event_id=text(event.get("id")))
    if kind in ("invoice.paid", "invoice.payment_failed", "invoice.payment_action_required"):
        return _invoice(kind, thing, at, invoice)
    if kind == "charge.refunded":
        return _refund(thing, at)
    if kind in ("charge.dispute.created", "charge.dispute.closed"):
        return _dispute(kind, thing, at)
    return Reading()


def _session(kind: str, thing: dict[str, Any], at: dt.datetime) -> Reading:
    facts: list[Fact] = []
    currency = ""
    is_paid = thing.get("payment_status") == "paid" or kind.endswith("async_payment_succeeded")
    if thing.get("mode") == "payment":
        payment = text(thing.get("payment_intent")) or text(thing.get("id"))
        if kind.endswith("async_payment_failed"):
            facts.append(Fact(f"failed:{payment}", Kind.FAILED, at, payment))
        elif is_paid:
            amount, currency = _money(thing, "amount_total")
            facts.append(Fact(f"paid:{payment}", Kind.PAID, at, payment, amount))
    elif kind.endswith("async_payment_failed"):
        facts.append(Fact(f"failed:{text(thing.get('id'))}", Kind.FAILED, at))
    if kind.endswith("expired"):
        return Reading()
    return Reading(
        reference=text(_within(thing, "metadata", REFERENCE)),
        pledge_id=text(thing.get("subscription")),
        customer_id=text(thing.get("customer")),
        currency=currency,
        facts=tuple(facts),
    )


def subscription(thing: dict[str, Any], at: dt.datetime, *, kind: str = "", event_id: str = "") -> Reading:
    """A subscription as it is in a message, or as it was fetched (then kind is "")."""
    name = text(thing.get("id"))
    facts: list[Fact] = []
    if kind.endswith(".deleted") or thing.get("status") == "canceled":
        ended = moment(thing["ended_at"]) if thing.get("ended_at") else at
        facts.append(Fact(f"ended:{name}", Kind.ENDED, ended))
    elif thing.get("cancel_at_period_end") or thing.get("cancel_at"):
        when = moment(thing["canceled_at"]) if thing.get("canceled_at") else at
        facts.append(Fact(f"cancel:{name}:{int(when.timestamp())}", Kind.CANCELLED, when))
    return Reading(
        reference=text(_within(thing, "metadata", REFERENCE)),
        pledge_id=name,
        customer_id=text(thing.get("customer")),
        facts=tuple(facts),
        # Its content may be older than that of a message that came before it.
        doubtful=kind.endswith(".updated"),
    )


def invoice_payment(thing: dict[str, Any], invoice: Invoice) -> str:
    """The payment of an invoice: as a field in older versions, in a list in newer ones."""
    found = text(thing.get("payment_intent")) or text(thing.get("charge"))
    if found:
        return found
    payments = _within(thing, "payments", "data")
    if payments is None and thing.get("id"):
        asked = invoice(text(thing.get("id")))
        found = text(asked.get("payment_intent")) or text(asked.get("charge"))
        payments = _within(asked, "payments", "data")
    for one in payments if isinstance(payments, list) else []:
        found = found or text(_within(one, "payment", "payment_intent")) or text(_within(one, "payment", "charge"))
    return found or text(thing.get("id"))


def invoice_facts(thing: dict[str, Any], at: dt.datetime, invoice: Invoice) -> tuple[list[Fact], str, str]:
    """The payment that an invoice tells of, with its currency and number. None for an invoice over nothing."""
    amount, currency = _money(thing, "amount_paid")
    if amount == 0:
        return [], currency, ""
    payment = invoice_payment(thing, invoice)
    paid_at = _within(thing, "status_transitions", "paid_at")
    ends = [_within(line, "period", "end") for line in _within(thing, "lines", "data") or []]
    until = max((moment(end) for end in ends if end), default=None)
    when = moment(paid_at) if paid_at else at
    return [Fact(f"paid:{payment}", Kind.PAID, when, payment, amount, until)], currency, payment


def _invoice(kind: str, thing: dict[str, Any], at: dt.datetime, invoice: Invoice) -> Reading:
    details = _within(thing, "parent", "subscription_details") or thing.get("subscription_details") or {}
    lines = _within(thing, "lines", "data") or [{}]
    reference = text(_within(details, "metadata", REFERENCE)) or text(_within(lines[0], "metadata", REFERENCE))
    name = text(thing.get("subscription")) or text(_within(details, "subscription"))
    currency, payment = "", ""
    facts: list[Fact] = []
    if kind == "invoice.paid":
        facts, currency, payment = invoice_facts(thing, at, invoice)
    else:
        key = f"{'failed' if kind == 'invoice.payment_failed' else 'action'}:{text(thing.get('id'))}"
        facts = [Fact(f"{key}:{thing.get('attempt_count', 0)}", Kind.FAILED, at)]
    return Reading(reference, name, payment, text(thing.get("customer")), currency, tuple(facts))


def _refund(thing: dict[str, Any], at: dt.datetime) -> Reading:
    payment = text(thing.get("payment_intent")) or text(thing.get("id"))
    amount, currency = _money(thing, "amount_refunded")
    return Reading(
        reference=text(_within(thing, "metadata", REFERENCE)),
        payment_id=payment,
        currency=currency,
        facts=(Fact(f"refunded:{payment}:{amount}", Kind.REFUNDED, at, payment, amount),),
    )


def _dispute(kind: str, thing: dict[str, Any], at: dt.datetime) -> Reading:
    payment = text(thing.get("payment_intent")) or text(thing.get("charge"))
    name = text(thing.get("id"))
    if kind.endswith("created"):
        facts = [Fact(f"disputed:{name}", Kind.DISPUTED, at, payment)]
    else:
        ending = {"won": Kind.DISPUTE_WON, "warning_closed": Kind.DISPUTE_WON, "lost": Kind.DISPUTE_LOST}
        found = ending.get(text(thing.get("status")))
        facts = [Fact(f"{found}:{name}", found, at, payment)] if found else []
    return Reading(payment_id=payment, facts=tuple(facts))
