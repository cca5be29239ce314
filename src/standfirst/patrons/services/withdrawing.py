"""The European right to take a contract back (PY-05)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.patrons.errors import NotPossible
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Pledge, Withdrawal
from standfirst.patrons.services import notices
from standfirst.patrons.services.booking import entries_add
from standfirst.patrons.services.pledging import provider_stop
from standfirst.patrons.services.refunding import pledge_refund

#: The contract may be taken back for so long after it was made (Directive 2011/83, article 9).
WITHDRAWAL = dt.timedelta(days=14)


def may_withdraw(pledge: Pledge, now: dt.datetime | None = None) -> bool:
    """Whether the contract can be taken back: a membership, within fourteen days of when it was made."""
    now = now or timezone.now()
    has_one = pledge.is_membership and pledge.kind != Pledge.Kind.COMPLIMENTARY and not pledge.origin
    return has_one and now < pledge.made_at + WITHDRAWAL and not hasattr(pledge, "withdrawal")


def pledge_withdraw(*, pledge: Pledge, name: str, contact: str, now: dt.datetime | None = None) -> Withdrawal:
    """Withdraw from the contract (PY-05): it ends, all that was paid goes back, and a receipt says so.

    Where the provider cannot pay back by itself, the desk is alarmed. Raises NotPossible after the fourteen days.
    """
    now = now or timezone.now()
    with transaction.atomic():
        pledge = Pledge.objects.select_for_update(of=("self",)).select_related("tier").get(pk=pledge.pk)
        if not may_withdraw(pledge, now):
            raise NotPossible(_("The fourteen days in which this contract can be taken back are over."))
        contract = (
            f"{pledge.tier or ''} · {money.for_people(pledge.amount_minor, pledge.currency)} · {pledge.reference}"
        )
        made = Withdrawal.objects.create(pledge=pledge, at=now, name=name, contact=contact, contract=contract)
        key = f"withdrawn:{pledge.reference}"
        entries_add(pledge=pledge, facts=[Fact(key, Kind.CANCELLED, now)], by="reader", now=now)
        notices.notice_make(pledge=pledge, kind=notices.WITHDRAWN, reference="once")
    provider_stop(pledge_id=pledge.pk)
    pledge_refund(pledge=pledge, by="reader", now=now)
    return made
