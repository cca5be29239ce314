"""What a patron does: begin, cancel, come back, change, withdraw; and what the desk gives."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend

from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.patrons import ledger, providers
from standfirst.patrons.errors import AlreadyPatron, NotPossible, ProviderAway
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Alarm, Pledge, Tier
from standfirst.patrons.models.pledges import TAKEN_BACK
from standfirst.patrons.services import notices
from standfirst.patrons.services.booking import alarm_raise, entries_add, patron_lock

STOP_PAUSES = (5, 60, 360, 1440)


def pledge_start(
    *,
    email: str,
    amount_minor: int,
    currency: str,
    period: str,
    provider: str,
    tier: Tier | None = None,
    name: str = "",
    language: str = "en",
    kind: str = Pledge.Kind.OWN,
    payer_email: str = "",
    payer_name: str = "",
    message: str = "",
    starts_at: dt.datetime | None = None,
    replaces: Pledge | None = None,
    renews: bool | None = None,
    attempt: str = "",
    now: dt.datetime | None = None,
) -> Pledge:
    """Write down what somebody wants to give; nothing is paid yet.

    attempt: a secret of the form that was sent; the same one again is the same pledge, whatever became of it.
    Whoever gives already is not refused, or strangers would learn here who does: she gets a letter instead
    (`second_tell`), and a second pledge that is paid does not go on. Raises kit.money.NotMoney.
    """
    from standfirst.patrons import tasks

    now = now or timezone.now()
    email = normal(email)
    money.exponent(currency)
    if not 0 < amount_minor <= money.LARGEST_MINOR:
        raise money.NotMoney(_("Write an amount above nothing."))
    if renews is None:
        renews = kind == Pledge.Kind.OWN and period != Pledge.Period.ONCE
    with transaction.atomic():
        patron_lock(email)
        same = _begun_before(attempt=attempt, replaces=replaces, amount_minor=amount_minor, now=now)
        if same is not None:
            return same
        pledge = Pledge.objects.create(
            email=email,
            name=name.strip(),
            kind=kind,
            payer_email=normal(payer_email),
            payer_name=payer_name.strip(),
            message=message.strip(),
            language=language,
            tier=tier,
            amount_minor=amount_minor,
            amounts=[amount_minor],
            currency=currency,
            period=period,
            renews=renews,
            starts_at=starts_at,
            provider=provider,
            replaces=replaces,
            made_at=now,
            **({"token": attempt} if attempt else {}),
        )
        entries_add(pledge=pledge, facts=[Fact("started", Kind.STARTED, now)], by="reader", now=now)
        # For every pledge alike, and after the answer: how long that takes tells nothing either.
        tasks.second_tell.enqueue(pledge.pk)
    return pledge


def _begun_before(*, attempt: str, replaces: Pledge | None, amount_minor: int, now: dt.datetime) -> Pledge | None:
    if attempt:
        return Pledge.objects.filter(token=attempt).first()
    if replaces is None:
        return None
    pending = Pledge.objects.filter(replaces=replaces, state=ledger.State.PENDING, amount_minor=amount_minor)
    return pending.filter(made_at__gt=now - dt.timedelta(minutes=15)).first()


def second_tell(*, pledge_id: int) -> None:
    """Somebody began to give with this address: who gives already gets the way to her page, once an hour at most."""
    begun = Pledge.objects.filter(pk=pledge_id).first()
    if begun is None or not begun.renews or begun.replaces_id:
        return
    others = Pledge.objects.filter(email=begun.email, state__in=sorted(ledger.HOLDING), renews=True)
    held = others.exclude(pk=begun.pk).first()
    if held is not None:
        notices.notice_make(pledge=held, kind=notices.LINK, reference=f"{timezone.now():%Y%m%d%H}")


def pledge_cancel(*, pledge: Pledge, by: str = "reader", now: dt.datetime | None = None) -> None:
    """No further payment; what was paid for stays until its end. Never fails because a provider is away.

    Raises NotPossible when there is nothing to cancel.
    """
    now = now or timezone.now()
    if not pledge.is_open:
        raise NotPossible(_("This pledge has ended already; nothing more will be charged."))
    with transaction.atomic():
        entries_add(pledge=pledge, facts=[Fact(f"cancelled:{now.isoformat()}", Kind.CANCELLED, now)], by=by, now=now)
    provider_stop(pledge_id=pledge.pk)


def provider_stop(*, pledge_id: int, attempt: int = 0) -> None:
    """Tell the provider to stop charging; again later while it does not answer, then a person is alarmed."""
    from standfirst.patrons import tasks

    pledge = Pledge.objects.get(pk=pledge_id)
    provider = providers.found(pledge.provider)
    if provider is None or pledge.state in ledger.HOLDING:
        return
    if "cancel" not in provider.capabilities:
        if pledge.renews:
            detail = _("It is cancelled here; %(provider)s must be told by hand.") % {"provider": provider.label}
            alarm_raise(key=f"cancel:{pledge.reference}", kind=Alarm.Kind.CANCEL, pledge=pledge, detail=detail)
        return
    try:
        provider.cancel(pledge)
    except ProviderAway as error:
        if attempt < len(STOP_PAUSES) and default_task_backend.supports_defer:
            later = timezone.now() + dt.timedelta(minutes=STOP_PAUSES[attempt])
            tasks.provider_stop.using(run_after=later).enqueue(pledge_id, attempt + 1)
            return
        alarm_raise(key=f"cancel:{pledge.reference}", kind=Alarm.Kind.CANCEL, pledge=pledge, detail=str(error))


def pledge_resume(*, pledge: Pledge, now: dt.datetime | None = None) -> None:
    """Come back before the paid time is over: it goes on as if it had not been cancelled.

    Raises NotPossible (then she begins anew) and ProviderAway; nothing has changed then.
    """
    now = now or timezone.now()
    provider = providers.found(pledge.provider)
    if pledge.state != ledger.State.CANCELLED or not pledge.renews or pledge.is_double:
        raise NotPossible(_("This pledge cannot be taken up again. You can begin a new one."))
    if provider is None or "resume" not in provider.capabilities:
        raise NotPossible(_("The payment company does not let a pledge be taken up again. You can begin a new one."))
    other = Pledge.objects.filter(email=pledge.email, state__in=sorted(ledger.HOLDING), renews=True)
    if other.exists():
        raise AlreadyPatron(_("There is an active pledge for this address already."))
    provider.resume(pledge)
    entries_add(pledge=pledge, facts=[Fact(f"resumed:{now.isoformat()}", Kind.RESUMED, now)], by="reader", now=now)


def pledge_change(*, pledge: Pledge, amount_minor: int, now: dt.datetime | None = None) -> Pledge:
    """Give another amount from the next payment on. Returns the pledge that holds it.

    Where the provider cannot, it is a new pledge that replaces this one when it is paid: lead her to its checkout.
    Raises NotPossible, NotMoney and ProviderAway.
    """
    if pledge.state not in ledger.HOLDING or not pledge.renews:
        raise NotPossible(_("Only a pledge that goes on can be changed."))
    if not 0 < amount_minor <= money.LARGEST_MINOR:
        raise money.NotMoney(_("Write an amount above nothing."))
    if amount_minor == pledge.amount_minor:
        return pledge
    provider = providers.found(pledge.provider)
    if provider is None or not provider.is_chosen_here:
        raise NotPossible(_("This is paid elsewhere, and it is changed there."))
    if "change" in provider.capabilities:
        provider.change(pledge, amount_minor)
        with transaction.atomic():
            pledge.amounts = [*pledge.amounts, amount_minor]
            pledge.amount_minor = amount_minor
            pledge.save(update_fields=["amounts", "amount_minor"])
        return pledge
    return pledge_start(
        email=pledge.email,
        name=pledge.name,
        language=pledge.language,
        amount_minor=amount_minor,
        currency=pledge.currency,
        period=pledge.period,
        provider=pledge.provider,
        tier=pledge.tier,
        replaces=pledge,
        now=now,
    )


def pledge_take_back(*, pledge: Pledge, by: str, now: dt.datetime | None = None) -> None:
    """What the desk or a list has given ends at once; no money moves. A list that says so again gives it again.

    Raises NotPossible where nothing was given, or no longer is.
    """
    now = now or timezone.now()
    if not pledge.may_be_taken_back:
        raise NotPossible(_("Nothing is given here that could be taken back."))
    fact = Fact(f"{TAKEN_BACK}{now.isoformat()}", Kind.REVOKED, now)
    entries_add(pledge=pledge, facts=[fact], by=by, now=now)


def pledge_grant(
    *,
    email: str,
    until: dt.datetime,
    tier: Tier | None,
    by: str,
    name: str = "",
    language: str = "en",
    now: dt.datetime | None = None,
) -> Pledge:
    """A complimentary pledge, given by the desk until a day."""
    now = now or timezone.now()
    with transaction.atomic():
        pledge = Pledge.objects.create(
            email=normal(email),
            name=name.strip(),
            language=language,
            kind=Pledge.Kind.COMPLIMENTARY,
            tier=tier,
            amount_minor=0,
            currency="EUR",
            period=Pledge.Period.YEAR,
            renews=False,
            provider="desk",
            made_at=now,
        )
        fact = Fact(f"granted:{until.isoformat()}", Kind.GRANTED, now, until=until)
        entries_add(pledge=pledge, facts=[fact], by=by, now=now)
    return pledge
