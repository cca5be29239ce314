"""Which letters are due to a patron, each once. Sending is `tasks.notice_send`; the words are templates."""

from __future__ import annotations

import datetime as dt

from standfirst.patrons import ledger
from standfirst.patrons.models import Notice, Payment, Pledge

WELCOME, FAILED, CANCELLED, ENDED, GIFT, WITHDRAWN, LINK, RECEIPT, RENEWAL = (
    "welcome",
    "failed",
    "cancelled",
    "ended",
    "gift",
    "withdrawn",
    "link",
    "receipt",
    "renewal",
)
#: A payment that failed is spoken of three times within the fourteen days of grace.
REMINDERS = (dt.timedelta(0), dt.timedelta(days=5), dt.timedelta(days=11))
#: A bank or a card may take a day; nobody is reminded before.
PATIENCE = dt.timedelta(days=1)
#: A year's pledge renews after so long a warning.
WARNING = dt.timedelta(days=14)
#: Of a payment that is told of later than this, nobody hears by a letter.
LATE = dt.timedelta(days=30)


def notice_make(*, pledge: Pledge, kind: str, reference: str) -> Notice | None:
    """Put a letter aside to be sent after the commit; None when it was made before."""
    from standfirst.patrons import tasks

    notice, is_new = Notice.objects.get_or_create(
        reference=f"patrons:{kind}:{pledge.reference}:{reference}"[:120], defaults={"pledge": pledge, "kind": kind}
    )
    if is_new:
        # A row of this transaction: it is sent when this is committed, and not without.
        tasks.notice_send.enqueue(notice.pk)
        return notice
    return None


def receipt_due(*, payment: Payment, now: dt.datetime, counts: bool) -> None:
    """A letter with the receipt of a payment, but for the first one, whose letter of welcome holds it."""
    pledge = payment.pledge
    is_welcomed = counts and pledge.state == ledger.State.PENDING and not (pledge.starts_at and pledge.starts_at > now)
    if not is_welcomed and now - payment.at < LATE:
        notice_make(pledge=pledge, kind=RECEIPT, reference=payment.provider_id)


def renewals_due(*, now: dt.datetime) -> int:
    """A letter before a year's pledge renews, once for each year. What is paid elsewhere renews elsewhere."""
    due = Pledge.objects.filter(
        state=ledger.State.ACTIVE, period=ledger.Period.YEAR, renews=True, until__gt=now, until__lte=now + WARNING
    )
    due = due.filter(payments__isnull=False).distinct()
    return sum(notice_make(pledge=one, kind=RENEWAL, reference=f"{one.until:%Y%m%d}") is not None for one in due)


def notices_due(*, pledge: Pledge, before: str, now: dt.datetime) -> None:
    """Make what the new state of a pledge, or the time that has passed in it, asks for."""
    state = pledge.state
    if pledge.origin and not pledge.payments.exists():
        # Moved in: her letters came from where she was.
        return
    if state == ledger.State.ACTIVE and before == ledger.State.PENDING:
        if pledge.kind == Pledge.Kind.GIFT:
            notice_make(pledge=pledge, kind=GIFT, reference="first")
        if pledge.kind != Pledge.Kind.COMPLIMENTARY:
            notice_make(pledge=pledge, kind=WELCOME, reference="first")
    elif state == ledger.State.ENDED and before == ledger.State.PENDING and pledge.received_minor:
        notice_make(pledge=pledge, kind=WELCOME, reference="first")
    elif state == ledger.State.PAST_DUE and pledge.since:
        begun = pledge.since if pledge.why else pledge.since + PATIENCE
        for number, wait in enumerate(REMINDERS, 1):
            if now >= begun + wait:
                last = number
            else:
                break
        else:
            last = len(REMINDERS)
        if now >= begun:
            notice_make(pledge=pledge, kind=FAILED, reference=f"{pledge.since:%Y%m%d%H%M%S}:{last}")
    elif state == ledger.State.CANCELLED and before in ledger.HOLDING and not pledge.is_double:
        notice_make(pledge=pledge, kind=CANCELLED, reference=pledge.why[-60:] or "clock")
    elif state == ledger.State.ENDED and before == ledger.State.PAST_DUE:
        notice_make(pledge=pledge, kind=ENDED, reference=f"{pledge.until:%Y%m%d}")
