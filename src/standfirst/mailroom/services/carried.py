"""Subscriptions that come along in a list of people, with the record of their consent."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.models import Mailing, Subscription

#: What a record of consent holds besides address and mailing.
RECORD = ("language", "state", "asked_at", "page", "wording", "basis", "confirmed_at", "left_at")


@transaction.atomic
def subscription_carried(*, email: str, mailing: Mailing, record: dict[str, Any]) -> bool:
    """Write a subscription down as another newsroom had it; returns whether it is new. One that is here stays.

    record: by the names of `RECORD`. Raises NoAddress. Whoever is suppressed here must not be brought as active.
    """
    _row, is_new = Subscription.objects.get_or_create(
        email=address_checked(email),
        mailing=mailing,
        defaults={name: record[name] for name in RECORD if name in record},
    )
    return is_new
