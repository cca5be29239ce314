"""Money that no company tells us of: lines of a bank's statement, and cash."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.patrons.errors import NotPossible
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Payment, Pledge, Statement, StatementLine
from standfirst.patrons.services.booking import entries_add
from standfirst.patrons.statements import Booking, bookings_of, references_in
from standfirst.people.models import User


@dataclass(frozen=True)
class Imported:
    """What a statement brought: lines booked, waiting for a person, and known from before."""

    matched: int
    undecided: int
    known: int


def statement_import(*, name: str, data: bytes, by: User, currency: str) -> Imported:
    """Take a bank's statement in: lines with our reference are booked, the others wait. Again, it does nothing.

    All or nothing. Raises NotRead.
    """
    bookings = bookings_of(data, currency=currency)
    matched = undecided = known = 0
    with transaction.atomic():
        digest = hashlib.sha256(data).hexdigest()
        statement, _made = Statement.objects.get_or_create(digest=digest, defaults={"name": name[:200], "by": by})
        for booking in bookings:
            if StatementLine.objects.filter(digest=booking.digest).exists():
                known += 1
                continue
            line = StatementLine.objects.create(
                statement=statement,
                digest=booking.digest,
                at=booking.at,
                amount_minor=booking.amount_minor,
                currency=booking.currency,
                payer=booking.payer,
                purpose=booking.purpose,
            )
            pledge = pledge_meant(booking)
            if pledge is None:
                undecided += 1
            else:
                _booked(line, pledge, by)
                matched += 1
    return Imported(matched, undecided, known)


def pledge_meant(booking: Booking) -> Pledge | None:
    """The pledge whose reference stands in a booking; None for none, for several, and for another currency."""
    named = references_in([booking.purpose, booking.payer])
    pledges = list(Pledge.objects.filter(reference__in=named)[:2])
    if len(pledges) != 1 or pledges[0].currency != booking.currency:
        return None
    return pledges[0]


def _booked(line: StatementLine, pledge: Pledge, by: User) -> None:
    number = f"line:{line.digest[:40]}"
    at = min(line.at, timezone.now())
    fact = Fact(f"paid:{number}", Kind.PAID, at, number, line.amount_minor)
    entries_add(pledge=pledge, facts=[fact], by=by.email, currency=line.currency)
    line.payment = Payment.objects.get(provider=pledge.provider, provider_id=number)
    line.state = StatementLine.State.MATCHED
    line.save(update_fields=["payment", "state"])


def line_decide(*, line: StatementLine, pledge: Pledge | None, by: User) -> None:
    """Say whose a booking is, or that it is nobody's. Raises NotPossible when it was decided already."""
    with transaction.atomic():
        line = StatementLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if line.state != StatementLine.State.UNDECIDED:
            raise NotPossible(_("This line has been decided already."))
        if pledge is None:
            line.state = StatementLine.State.IGNORED
            line.save(update_fields=["state"])
        else:
            _booked(line, pledge, by)


def cash_note(*, pledge: Pledge, amount_minor: int, by: User, at: dt.datetime | None = None) -> None:
    """Book cash, or whatever else came in by hand, for a pledge. Raises kit.money.NotMoney."""
    if not 0 < amount_minor <= money.LARGEST_MINOR:
        raise money.NotMoney(_("Write an amount above nothing."))
    at = at or timezone.now()
    number = f"hand:{secrets.token_hex(8)}"
    entries_add(pledge=pledge, facts=[Fact(f"paid:{number}", Kind.PAID, at, number, amount_minor)], by=by.email)
