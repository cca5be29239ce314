"""Who gets what: asking for letters, confirming, choosing, leaving."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from standfirst.kit.mailaddress import normal
from standfirst.mailroom import tokens
from standfirst.mailroom.addresses import address_checked, scrambled
from standfirst.mailroom.errors import NoMailing
from standfirst.mailroom.models import Delivery, Mailing, Subscription, Suppression
from standfirst.mailroom.models.lists import new_key
from standfirst.mailroom.posting import base_url
from standfirst.mailroom.selectors import OPEN, spellings
from standfirst.mailroom.services.notes import note_send
from standfirst.mailroom.signals import address_bounced

# An address that nobody has confirmed is forgotten after so long (PR-06).
UNCONFIRMED = dt.timedelta(days=7)
# Whoever has left is forgotten after so long: until then we can show that she had asked.
LEFT = dt.timedelta(days=90)
# A confirmation is not mailed more often than this, however often somebody asks for it.
ASK_AGAIN = dt.timedelta(minutes=10)
# An address that we do not write to is asked at most once in this time.
ASK_SUPPRESSED_AGAIN = dt.timedelta(days=1)
#: The kind of the mail that asks for a confirmation.
CONFIRM_KIND = "confirm"
#: What a basis begins with for people whose consent somebody else has recorded; they need not confirm again.
IMPORTED = "import:"


@transaction.atomic
def subscribe(
    *, email: str, mailing: Mailing | str, language: str, page: str, wording: str, basis: str = "consent"
) -> Subscription:
    """Ask for a mailing. Pending until it is confirmed by POST; a mail with the link goes to the address.

    page, wording: where it was asked for and in which words, for the record of consent.
    basis: "consent"; or "import:…" with where the consent is recorded, which is confirmed at once without a mail.
    For an address that gets it already nothing changes but the language, and nothing is mailed.
    Raises NoAddress and NoMailing.
    """
    email = address_checked(email)
    found = mailing if isinstance(mailing, Mailing) else Mailing.objects.filter(key=mailing).first()
    if found is None:
        raise NoMailing(gettext("There is no mailing “%(key)s”.") % {"key": mailing})
    now = timezone.now()
    is_import = basis.startswith(IMPORTED)
    record = {"language": language, "asked_at": now, "page": page[:300], "wording": wording[:500], "basis": basis[:200]}
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        email=email, mailing=found, defaults=record
    )
    if subscription.state == Subscription.State.ACTIVE:
        if subscription.language != language:
            subscription.language = language
            subscription.save(update_fields=["language"])
        return subscription
    if is_import:
        # Whoever has left here has said so later than any import.
        if subscription.state == Subscription.State.PENDING:
            for name, value in record.items():
                setattr(subscription, name, value)
            subscription.state, subscription.confirmed_at = Subscription.State.ACTIVE, now
            subscription.save()
        return subscription
    was_asked_at = None if is_new else subscription.asked_at
    was_left = subscription.state == Subscription.State.LEFT
    if was_left:
        # A new key, so that the links of old letters do not speak for a new consent.
        subscription.key = new_key()
    if is_new or was_left or (was_asked_at and now - was_asked_at >= ASK_AGAIN):
        for name, value in record.items():
            setattr(subscription, name, value)
        subscription.state, subscription.confirmed_at, subscription.left_at = Subscription.State.PENDING, None, None
        subscription.save()
        _ask(subscription)
    return subscription


def _ask(subscription: Subscription) -> None:
    """Mail the link at which the address is confirmed."""
    with override(subscription.language):
        words = {"paper": settings.NEWSROOM.name, "link": confirm_link(subscription), "days": UNCONFIRMED.days}
        subject = gettext("%(paper)s: please confirm your address") % words
        text = render_to_string("mailroom/mail/confirm.txt", words)
    note_send(
        to=subscription.email,
        subject=subject,
        text=text,
        language=subscription.language,
        kind=CONFIRM_KIND,
        even_suppressed=_may_ask(subscription.email),
        # One for all that was asked for in these minutes.
        reference=f"confirm-{scrambled(subscription.email)}-{int(subscription.asked_at.timestamp() // 600)}",
    )


def _may_ask(email: str) -> bool:
    """Whether an address that we do not write to gets this one mail: it bounced or complained, and its reader asks for
    letters again. Once a day, since anybody can type it; never when the desk has put it there."""
    refused = Suppression.objects.filter(email__in=list(spellings([email])))
    since = timezone.now() - ASK_SUPPRESSED_AGAIN
    lately = Delivery.objects.filter(to=email, note__kind=CONFIRM_KIND, note__made_at__gt=since)
    return not refused.filter(reason=Suppression.Reason.BY_HAND).exists() and not lately.exists()


def confirm_link(subscription: Subscription) -> str:
    prefix = "" if subscription.language == settings.LANGUAGE_CODE else f"/{subscription.language}"
    return f"{base_url()}{prefix}/newsletters/confirm/{tokens.token_of(subscription.key, tokens.CONFIRM)}/"


@transaction.atomic
def subscriptions_confirm(*, email: str) -> list[Subscription]:
    """The reader has pressed the button behind the link in her mail: all that waits for it is confirmed."""
    waiting = Subscription.objects.filter(email=email, state=Subscription.State.PENDING).select_related("mailing")
    return [subscription_confirm(subscription=one) for one in waiting]


@transaction.atomic
def subscription_confirm(*, subscription: Subscription) -> Subscription:
    """The reader has pressed the button behind her link. Twice is once; whoever has left since stays away.

    A reader who had marked a letter as spam, or whose address had bounced, has now shown both to be over.
    """
    found = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if found.state == Subscription.State.PENDING:
        found.state, found.confirmed_at = Subscription.State.ACTIVE, timezone.now()
        found.save(update_fields=["state", "confirmed_at"])
        refused = Suppression.objects.filter(email__in=list(spellings([found.email])))
        refused.exclude(reason=Suppression.Reason.BY_HAND).delete()
    return found


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> Subscription:
    """The reader leaves a mailing: at once, with what waits for her in the outbox. Twice is once."""
    found = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if found.state != Subscription.State.LEFT:
        found.state, found.left_at = Subscription.State.LEFT, timezone.now()
        found.save(update_fields=["state", "left_at"])
    waiting = Delivery.objects.filter(subscription=found, state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED])
    waiting.update(state=Delivery.State.SUPPRESSED, answer="The reader has left before it was sent.")
    return found


@transaction.atomic
def preferences_set(*, email: str, mailings: set[str], language: str, page: str, wording: str) -> None:
    """Choose letters for an address whose owner has shown that it is hers: in these mailings, out of all others.

    mailings: keys. Whoever chooses from her own page has confirmed by opening it from a mail, so no mail asks again.
    """
    email = address_checked(email)
    now = timezone.now()
    for mailing in Mailing.objects.all():
        found = Subscription.objects.select_for_update().filter(email=email, mailing=mailing).first()
        if mailing.key not in mailings:
            if found:
                unsubscribe(subscription=found)
            continue
        if found and found.state == Subscription.State.ACTIVE:
            if found.language != language:
                Subscription.objects.filter(pk=found.pk).update(language=language)
            continue
        if not mailing.is_open:
            continue
        record = {
            "language": language,
            "asked_at": now,
            "page": page[:300],
            "wording": wording[:500],
            "basis": "consent",
            "state": Subscription.State.ACTIVE,
            "confirmed_at": now,
            "left_at": None,
        }
        Subscription.objects.update_or_create(email=email, mailing=mailing, defaults=record)


@transaction.atomic
def address_change(*, old: str, new: str) -> int:
    """A reader's address has changed; returns how many subscriptions went along. All or nothing."""
    old, new = normal(old), address_checked(new)
    moved = 0
    for found in Subscription.objects.select_for_update().filter(email=old):
        there = Subscription.objects.filter(email=new, mailing=found.mailing).first()
        if there is None:
            Subscription.objects.filter(pk=found.pk).update(email=new)
            moved += 1
            continue
        if found.state == Subscription.State.ACTIVE and there.state != Subscription.State.ACTIVE:
            there.state, there.confirmed_at, there.left_at = found.state, found.confirmed_at, None
            there.save(update_fields=["state", "confirmed_at", "left_at"])
        found.delete()
        moved += 1
    Delivery.objects.filter(to=old, note__isnull=False, state__in=OPEN).update(to=new)
    return moved


@transaction.atomic
def address_suppress(*, email: str, reason: str, said: str = "") -> None:
    """Write to this address no more, and take it out of what waits. Tells `address_bounced` after the commit."""
    email = normal(email)
    _row, is_new = Suppression.objects.get_or_create(email=email, defaults={"reason": reason, "said": said[:500]})
    waiting = Delivery.objects.filter(to=email, state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED])
    waiting.update(state=Delivery.State.SUPPRESSED, answer="The address is not written to.")
    if is_new:
        transaction.on_commit(lambda: address_bounced.send(Suppression, email=email, reason=reason))


def suppression_lift(*, email: str) -> bool:
    """Write to an address again; returns whether it was suppressed."""
    return bool(Suppression.objects.filter(email=normal(email)).delete()[0])


def lists_forget_due(*, now: dt.datetime | None = None) -> int:
    """Delete what nobody confirmed in a week, and whoever left 90 days ago; returns how many. Safe to run twice."""
    now = now or timezone.now()
    unconfirmed = Subscription.objects.filter(state=Subscription.State.PENDING, asked_at__lt=now - UNCONFIRMED)
    gone = Subscription.objects.filter(state=Subscription.State.LEFT, left_at__lt=now - LEFT)
    return unconfirmed.delete()[0] + gone.delete()[0]
