"""What payment companies tell us: written down raw at once, worked on by the background process."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import default_task_backend

from standfirst.patrons import ledger, providers
from standfirst.patrons.errors import NotPossible, NotRead, ProviderAway
from standfirst.patrons.models import Alarm, Event, Payment, Pledge
from standfirst.patrons.providers.base import Reading
from standfirst.patrons.services.booking import alarm_raise, entries_add

log = logging.getLogger("standfirst.patrons.hooks")
#: A provider that is away while a message is worked on is asked again after so many minutes.
PAUSES = (1, 5, 30, 120, 480)


def event_take(*, provider: str, event_id: str, body: str, received_at: dt.datetime | None = None) -> bool:
    """Write a checked message down and put it aside to be worked on. False when it is known already."""
    from standfirst.patrons import tasks

    with transaction.atomic():
        event, is_new = Event.objects.get_or_create(
            provider=provider,
            event_id=event_id[:120],
            defaults={"body": body, "received_at": received_at or timezone.now()},
        )
        if is_new:
            # A row of this transaction: it is worked on when this is committed, and not without.
            tasks.event_work.enqueue(event.pk)
    return is_new


def event_work(*, event_id: int, attempt: int = 0) -> None:
    """Let one message touch the ledger, if it carries our reference. Safe to run twice."""
    event = Event.objects.filter(pk=event_id, status=Event.Status.WAITING).first()
    provider = providers.found(event.provider) if event else None
    if event is None or provider is None:
        return
    try:
        reading = provider.read(event.body)
        pledge = _pledge_of(event.provider, reading)
        if pledge is None:
            # Of a payment that we may yet hear of: what became of it can be told before it is.
            _finish(event, Event.Status.FOREIGN, note="" if reading.reference else reading.payment_id)
            return
        facts = list(reading.facts)
        if reading.doubtful and "fetch" in provider.capabilities:
            facts = _asked(provider, pledge, reading) or facts
    except ProviderAway as error:
        _again(event, attempt, str(error))
        return
    except NotRead as error:
        _stuck(event, str(error))
        return
    with transaction.atomic():
        _learn(pledge, reading)
        entries_add(pledge=pledge, facts=facts, currency=reading.currency)
        _replaced(pledge)
        _finish(event, Event.Status.DONE, pledge=pledge)
        _remembered(event.provider, facts)


def _remembered(provider: str, facts: list[ledger.Fact]) -> None:
    """Work anew on what was told of these payments before they were ours."""
    from standfirst.patrons import tasks

    payments = {fact.payment for fact in facts if fact.kind is ledger.Kind.PAID and fact.payment}
    early = Event.objects.filter(provider=provider, status=Event.Status.FOREIGN, note__in=payments)
    for number in early.exclude(body="").values_list("pk", flat=True):
        Event.objects.filter(pk=number).update(status=Event.Status.WAITING, note="")
        tasks.event_work.enqueue(number)


def _asked(provider: providers.Provider, pledge: Pledge, reading: Reading) -> list[ledger.Fact]:
    """How things stand now; its own words when the provider does not answer (they bear their own time)."""
    try:
        if reading.pledge_id and pledge.provider_pledge != reading.pledge_id:
            pledge.provider_pledge = reading.pledge_id
        return provider.fetch_state(pledge)
    except (ProviderAway, NotPossible):
        return []


def _pledge_of(provider: str, reading: Reading) -> Pledge | None:
    """The pledge that a message is about: by our reference, or by a number that came with our reference before."""
    mine = Pledge.objects.filter(provider=provider)
    if reading.reference:
        return mine.filter(reference=reading.reference).first()
    if reading.pledge_id:
        found = mine.filter(provider_pledge=reading.pledge_id).first()
        if found is not None:
            return found
    if reading.payment_id:
        payment = Payment.objects.filter(provider=provider, provider_id=reading.payment_id).first()
        return payment.pledge if payment else None
    return None


def _learn(pledge: Pledge, reading: Reading) -> None:
    """Keep the provider's numbers of a pledge."""
    changed = []
    if reading.pledge_id and pledge.provider_pledge != reading.pledge_id:
        pledge.provider_pledge = reading.pledge_id
        changed.append("provider_pledge")
    if reading.customer_id and pledge.provider_customer != reading.customer_id:
        pledge.provider_customer = reading.customer_id
        changed.append("provider_customer")
    if changed:
        pledge.save(update_fields=changed)


def _replaced(pledge: Pledge) -> None:
    """A pledge that was to replace another was paid: the other one ends with what was paid for it."""
    from standfirst.patrons.services.pledging import pledge_cancel

    old = pledge.replaces
    if old is None or pledge.received_minor <= 0:
        return
    if old.entries.filter(kind=ledger.Kind.CANCELLED, at__gte=pledge.made_at).exists() or not old.is_open:
        return
    pledge_cancel(pledge=old, by="reader")


def _again(event: Event, attempt: int, why: str) -> None:
    from standfirst.patrons import tasks

    if attempt < len(PAUSES) and default_task_backend.supports_defer:
        later = timezone.now() + dt.timedelta(minutes=PAUSES[attempt])
        tasks.event_work.using(run_after=later).enqueue(event.pk, attempt + 1)
        return
    _stuck(event, why)


def _stuck(event: Event, why: str) -> None:
    log.error("Message %s of %s could not be worked on: %s", event.event_id, event.provider, why)
    with transaction.atomic():
        _finish(event, Event.Status.FAILED, note=why)
        alarm_raise(key=f"stuck:{event.pk}", kind=Alarm.Kind.STUCK, detail=f"{event.provider}: {why}")


def _finish(event: Event, status: str, *, note: str = "", pledge: Pledge | None = None) -> None:
    Event.objects.filter(pk=event.pk).update(status=status, note=note[:300], pledge=pledge, done_at=timezone.now())
