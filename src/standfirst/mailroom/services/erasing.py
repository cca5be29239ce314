"""Letting go of a person: her subscriptions, where mail went, and all but the fact that we must not write to her."""

from __future__ import annotations

from django.db import transaction

from standfirst.mailroom.addresses import scrambled
from standfirst.mailroom.models import Delivery, Note, Subscription, Suppression
from standfirst.mailroom.selectors import OPEN


def subscriptions_erase(*, email: str) -> int:
    """Forget what an address gets; returns how many mailings."""
    return Subscription.objects.filter(email=email).delete()[0]


@transaction.atomic
def deliveries_erase(*, email: str) -> int:
    """Forget that mail went to an address; returns how many mails. A letter's count of readers stays right."""
    notes = Note.objects.filter(delivery__to=email)
    gone = notes.count()
    notes.delete()
    letters = Delivery.objects.filter(to=email, letter__isnull=False)
    letters.filter(state__in=OPEN).exclude(state=Delivery.State.SENDING).update(state=Delivery.State.SUPPRESSED)
    return gone + letters.update(to=scrambled(email), subscription=None, answer="", foreign_id="")


def suppression_scramble(*, email: str) -> int:
    """Keep that an address is not written to, without the address."""
    return Suppression.objects.filter(email=email).update(email=scrambled(email), said="")
