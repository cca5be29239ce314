"""Taking in what came back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from standfirst.kit.mailaddress import normal
from standfirst.mailroom.models import Delivery, Suppression
from standfirst.mailroom.posting import delivery_in, is_at_once
from standfirst.mailroom.returns import BOUNCED, COMPLAINED, Return
from standfirst.mailroom.services.lists import address_suppress, unsubscribe
from standfirst.mailroom.services.outcomes import delivery_bounced, delivery_complained

# A report without a number we know is about a mail of these days.
LATELY = dt.timedelta(days=14)


@transaction.atomic
def return_take(*, returned: Return) -> bool:
    """Write down a bounce, a complaint or a wish to leave; returns whether it was about a mail of ours.

    Anybody can write to a mailbox: what is not signed by a supplier counts only for a mail whose Message-ID bears our
    mark. Twice is once.
    """
    delivery = _delivery_of(returned)
    if delivery is None:
        # A mail that was sent at once stands in no table; its name says to whom it went.
        is_proved = returned.is_proved or is_at_once(returned.message_id, returned.to)
        if not is_proved or not returned.to or not (returned.is_address or returned.what == COMPLAINED):
            return False
        reason = Suppression.Reason.COMPLAINED if returned.what == COMPLAINED else Suppression.Reason.BOUNCED
        address_suppress(email=returned.to, reason=reason, said=returned.said)
        return True
    if returned.what == BOUNCED:
        delivery_bounced(delivery=delivery, said=returned.said, is_address=returned.is_address)
    elif returned.what == COMPLAINED:
        delivery_complained(delivery=delivery, said=returned.said)
    elif delivery.subscription is not None:
        unsubscribe(subscription=delivery.subscription)
    return True


def _delivery_of(returned: Return) -> Delivery | None:
    rows = Delivery.objects.select_related("subscription")
    number = delivery_in(returned.message_id)
    if number is not None:
        return rows.filter(pk=number).first()
    if not returned.is_proved:
        return None
    if returned.message_id:
        found = rows.filter(foreign_id__in=[returned.message_id, returned.message_id.strip("<>")])
        mine = found.filter(to=normal(returned.to)) if returned.to else found
        if delivery := mine.first():
            return delivery
    if not returned.to:
        return None
    # A supplier may tell of a mail before we have written down that it took it.
    lately = rows.filter(Q(sent_at__gte=timezone.now() - LATELY) | Q(state=Delivery.State.SENDING))
    return lately.filter(to=normal(returned.to)).order_by(F("sent_at").desc(nulls_first=True)).first()
