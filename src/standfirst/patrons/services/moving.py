"""A person takes another address, or leaves."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from standfirst.patrons import ledger, tasks
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Member, Pledge
from standfirst.patrons.services.booking import entries_add, patron_lock, standings_settle


def address_move(*, old: str, new: str) -> int:
    """Carry a person's pledges to her new address. Two that go on become one that does, and the desk is alarmed."""
    with transaction.atomic():
        patron_lock(min(old, new))
        patron_lock(max(old, new))
        moving = Pledge.objects.filter(email=old)
        # The database refuses two that hold, for a moment too; they are settled right after.
        moving.filter(state__in=sorted(ledger.HOLDING)).update(state=ledger.State.ENDED)
        count = moving.update(email=new)
        Pledge.objects.filter(payer_email=old).update(payer_email=new)
        if Member.objects.filter(email=new).exists():
            Member.objects.filter(email=old).delete()
        Member.objects.filter(email=old).update(email=new)
        if count:
            standings_settle(email=new)
    return count


def patron_leaves(*, pledge: Pledge) -> None:
    """Whoever has her data erased is charged no more."""
    now = timezone.now()
    fact = Fact(f"cancelled:{now.isoformat()}", Kind.CANCELLED, now)
    entries_add(pledge=pledge, facts=[fact], by="reader", now=now)
    tasks.provider_stop.enqueue(pledge.pk)
