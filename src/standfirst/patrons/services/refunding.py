"""Money that goes back."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.patrons import providers
from standfirst.patrons.errors import NotPossible, ProviderAway
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Alarm, Payment, Pledge
from standfirst.patrons.services.booking import alarm_raise, entries_add


def left_of(payment: Payment) -> int:
    """How much of a payment has not gone back."""
    back = payment.pledge.payments.filter(amount_minor__lt=0, provider_id__startswith=f"{payment.provider_id}:")
    return payment.amount_minor + sum(row.amount_minor for row in back)


def payment_refund(
    *, payment: Payment, by: str, amount_minor: int | None = None, now: dt.datetime | None = None
) -> None:
    """Give back a payment, or a part of it. Where the provider cannot, it notes that the desk has paid it back.

    Raises NotPossible when so much is not left, and ProviderAway; nothing has changed then.
    """
    now = now or timezone.now()
    left = left_of(payment)
    amount = left if amount_minor is None else amount_minor
    if payment.amount_minor <= 0 or not 0 < amount <= left:
        raise NotPossible(_("So much is not left of this payment to give back."))
    provider = providers.found(payment.provider)
    if provider is not None and "refund" in provider.capabilities:
        provider.refund(payment, amount)
    total = payment.amount_minor - left + amount
    fact = Fact(f"refunded:{payment.provider_id}:{total}", Kind.REFUNDED, now, payment.provider_id, total)
    entries_add(pledge=payment.pledge, facts=[fact], by=by, currency=payment.currency, now=now)


def pledge_refund(*, pledge: Pledge, by: str, now: dt.datetime | None = None) -> None:
    """Give back all that was paid, where the provider can; for the rest the desk is alarmed."""
    provider = providers.found(pledge.provider)
    for payment in pledge.payments.filter(amount_minor__gt=0):
        if not left_of(payment):
            continue
        said = money.for_people(left_of(payment), payment.currency)
        if provider is None or "refund" not in provider.capabilities:
            alarm_raise(key=f"payback:{payment.pk}", kind=Alarm.Kind.CANCEL, pledge=pledge, detail=said)
            continue
        try:
            payment_refund(payment=payment, by=by, now=now)
        except ProviderAway as error:
            detail = f"{said}: {error}"
            alarm_raise(key=f"payback:{payment.pk}", kind=Alarm.Kind.CANCEL, pledge=pledge, detail=detail)
