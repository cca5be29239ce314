"""What became of deliveries, as the mail server, a bounce or a complaint says it. The states are told in ROOM.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from standfirst.mailroom import journal
from standfirst.mailroom.journal import Outcome
from standfirst.mailroom.models import Delivery, Letter, Suppression
from standfirst.mailroom.selectors import OPEN
from standfirst.mailroom.services.lists import address_suppress
from standfirst.mailroom.signals import letter_sent

# After a 4xx it is tried again after so many minutes; then it is given up, two days later.
PAUSES_MINUTES = (5, 15, 60, 180, 360, 720, 1440)


def outcomes_write(outcomes: Iterable[Outcome]) -> int:
    """Write what became of deliveries that are in hand; returns how many were. All or nothing, and safe to run twice:
    one that is not in hand any more stays as it is."""
    told = {one.delivery: one for one in outcomes}
    if not told:
        return 0
    with transaction.atomic():
        rows = list(Delivery.objects.select_for_update().filter(pk__in=told, state=Delivery.State.SENDING))
        bounced = []
        for row in rows:
            if _apply(row, told[row.pk]):
                bounced.append(row)
        fields = ["state", "attempts", "next_at", "sent_at", "supplier", "foreign_id", "answer"]
        Delivery.objects.bulk_update(rows, fields, 200)
        _give_up_stopped()
        for row in bounced:
            address_suppress(email=row.to, reason=Suppression.Reason.BOUNCED, said=row.answer)
    return len(rows)


def _apply(row: Delivery, outcome: Outcome) -> bool:
    """Move one delivery on; returns whether its address is not to be written to again."""
    at = dt.datetime.fromtimestamp(outcome.at, dt.UTC)
    if outcome.what == journal.BACK:
        row.state, row.next_at = (
            Delivery.State.QUEUED,
            dt.datetime.fromtimestamp(outcome.again_at or outcome.at, dt.UTC),
        )
        row.answer = outcome.answer[:300] or row.answer
        return False
    row.attempts += 1
    row.supplier, row.answer = outcome.supplier[:80], outcome.answer[:300]
    if outcome.what in (journal.SENT, journal.UNSURE):
        row.state = Delivery.State.SENT if outcome.what == journal.SENT else Delivery.State.UNSURE
        row.sent_at, row.foreign_id = at, outcome.foreign_id[:200]
        return False
    if outcome.what == journal.DEFERRED:
        if row.attempts > len(PAUSES_MINUTES):
            row.state = Delivery.State.GIVEN_UP
        else:
            row.state = Delivery.State.DEFERRED
            row.next_at = at + dt.timedelta(minutes=PAUSES_MINUTES[row.attempts - 1])
        return False
    row.state = Delivery.State.BOUNCED
    return outcome.is_address


def deliveries_recover(told: dict[int, Outcome]) -> int:
    """After a sender has died: write what its journal says, and put the rest of what it had in hand back. Returns how
    many were put back. Call it only where no other sender can be running."""
    outcomes_write(told.values())
    back = Delivery.objects.filter(state=Delivery.State.SENDING).update(state=Delivery.State.QUEUED)
    _give_up_stopped()
    return back


def _give_up_stopped() -> None:
    """What was in hand when its letter was stopped, and was not taken, ends with it."""
    waiting = Delivery.objects.filter(state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED])
    stopped = waiting.filter(letter__state=Letter.State.STOPPED)
    stopped.update(state=Delivery.State.GIVEN_UP, answer="The letter was stopped at the desk.")


def letters_finish() -> int:
    """Close the letters for which nothing more is to come; returns how many. Tells `letter_sent` after the commit."""
    done = 0
    for letter in Letter.objects.filter(state=Letter.State.SENDING):
        if letter.deliveries.filter(state__in=OPEN).exists():
            continue
        with transaction.atomic():
            held = Letter.objects.select_for_update().get(pk=letter.pk)
            if held.state != Letter.State.SENDING or held.deliveries.filter(state__in=OPEN).exists():
                continue
            held.state, held.finished_at = Letter.State.SENT, timezone.now()
            held.save(update_fields=["state", "finished_at"])
            _tell(held.pk)
            done += 1
    return done


def _tell(letter_id: int) -> None:
    transaction.on_commit(lambda: letter_sent.send(Letter, letter_id=letter_id))


@transaction.atomic
def delivery_bounced(*, delivery: Delivery, said: str, is_address: bool) -> bool:
    """A mail that a server had taken came back. Twice is once; returns whether it was news.

    is_address: the address takes no mail at all; it is not written to again.
    """
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state in (Delivery.State.BOUNCED, Delivery.State.COMPLAINED):
        return False
    row.state, row.answer = Delivery.State.BOUNCED, said[:300]
    row.save(update_fields=["state", "answer"])
    if is_address:
        address_suppress(email=row.to, reason=Suppression.Reason.BOUNCED, said=said)
    return True


@transaction.atomic
def delivery_complained(*, delivery: Delivery, said: str) -> bool:
    """The reader has marked it as spam: she leaves the mailing and is not written to. Twice is once."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state == Delivery.State.COMPLAINED:
        return False
    row.state, row.answer = Delivery.State.COMPLAINED, said[:300]
    row.save(update_fields=["state", "answer"])
    address_suppress(email=row.to, reason=Suppression.Reason.COMPLAINED, said=said)
    return True
