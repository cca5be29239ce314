"""A pledge, what is known about it, and what a provider told us."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.kit.money import for_people
from standfirst.patrons import ledger

# Without 0/O, 1/I/L and U: it is read off a screen and typed into a bank's form.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Our own reference, which a bank transfer carries: twelve signs, some 58 bits."""
    return "SF" + "".join(secrets.choice(_ALPHABET) for _ in range(12))


def new_token() -> str:
    return secrets.token_urlsafe(24)


#: What people read for the ledger's states, and for what happened. `ledger` says what there is.
_REFUNDED, _DISPUTED = _("Refunded"), _("Disputed at the bank")
STATES: dict[ledger.State, Any] = {
    ledger.State.PENDING: _("Not paid yet"),
    ledger.State.ACTIVE: _("Active"),
    ledger.State.PAST_DUE: _("Payment overdue"),
    ledger.State.CANCELLED: _("Cancelled, paid until its end"),
    ledger.State.ENDED: _("Ended"),
    ledger.State.REFUNDED: _REFUNDED,
    ledger.State.DISPUTED: _DISPUTED,
}
HAPPENED: dict[ledger.Kind, Any] = {
    ledger.Kind.STARTED: _("Begun"),
    ledger.Kind.PAID: _("Paid"),
    ledger.Kind.FAILED: _("Payment failed"),
    ledger.Kind.CANCELLED: _("Cancelled"),
    ledger.Kind.RESUMED: _("Taken up again"),
    ledger.Kind.ENDED: _("Ended by the provider"),
    ledger.Kind.REFUNDED: _REFUNDED,
    ledger.Kind.DISPUTED: _DISPUTED,
    ledger.Kind.DISPUTE_WON: _("Dispute decided for the paper"),
    ledger.Kind.DISPUTE_LOST: _("Dispute decided for the payer"),
    ledger.Kind.REVOKED: _("Taken back"),
    ledger.Kind.GRANTED: _("Granted"),
}

#: How the keys of entries begin by which the desk took back what was given.
TAKEN_BACK = "revoked:desk:"


def _choices(said: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(value), words) for value, words in said.items()]


class Pledge(models.Model):
    """What one patron promised to give, how, and how it stands.

    Its state is what `ledger.settled` makes of its entries; it stands here so that it can be searched for and so that
    the database refuses a second active pledge of one patron. Written by `services` alone.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("Own")
        GIFT = "gift", _("Gift")
        COMPLIMENTARY = "complimentary", _("Complimentary")

    class Period(models.TextChoices):
        MONTH = ledger.Period.MONTH, _("monthly")
        YEAR = ledger.Period.YEAR, _("yearly")
        ONCE = ledger.Period.ONCE, _("once")

    #: Stands in bank transfers and at the provider.
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    #: Opens the patron's private page.
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.OWN)
    #: Whose pledge it is, in small letters; of a gift, who gets it.
    email = models.EmailField(max_length=254, db_index=True)
    name = models.CharField(max_length=150, blank=True, default="")
    payer_email = models.EmailField(max_length=254, blank=True, default="", db_index=True)
    payer_name = models.CharField(max_length=150, blank=True, default="")
    message = models.CharField(max_length=500, blank=True, default="")
    language = models.CharField(max_length=20, default="en")
    tier = models.ForeignKey("patrons.Tier", null=True, blank=True, on_delete=models.PROTECT, related_name="pledges")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    #: Every amount that was ever agreed: what is paid with an old one counts too.
    amounts = models.JSONField(default=list)
    period = models.CharField(max_length=5, choices=Period.choices, default=Period.MONTH)
    renews = models.BooleanField(default=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=30)
    provider_customer = models.CharField(max_length=120, blank=True, default="")
    provider_pledge = models.CharField(max_length=120, blank=True, default="", db_index=True)
    #: The provider's page where a payment waits, while it is good.
    checkout_url = models.CharField(max_length=2000, blank=True, default="")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by")
    made_at = models.DateTimeField(default=timezone.now)
    #: Which letters she had chosen where she came from.
    letters = models.JSONField(default=list)
    #: Where it was brought in from: "ghost", "patreon"; "" for here.
    origin = models.CharField(max_length=60, blank=True, default="")
    note = models.TextField(max_length=2000, blank=True, default="")

    state = models.CharField(max_length=10, choices=_choices(STATES), default=ledger.State.PENDING, db_index=True)
    why = models.CharField(max_length=200, blank=True, default="")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    changes_at = models.DateTimeField(null=True, blank=True, db_index=True)
    received_minor = models.BigIntegerField(default=0)
    is_double = models.BooleanField(default=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(state__in=sorted(ledger.HOLDING)),
                name="one_active_pledge_per_patron",
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="pledge_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def terms(self) -> ledger.Terms:
        return ledger.Terms(ledger.Period(self.period), self.renews, self.starts_at)

    @property
    def is_membership(self) -> bool:
        return self.tier is not None and self.tier.is_membership and self.period != self.Period.ONCE

    @property
    def is_open(self) -> bool:
        return self.state not in (ledger.State.ENDED, ledger.State.REFUNDED)

    @property
    def may_be_taken_back(self) -> bool:
        """Whether the desk or a list has given what this pledge gives now."""
        is_given = self.provider in ("desk", "external") and self.state in ledger.GIVING
        return is_given and self.entries.filter(kind=ledger.Kind.GRANTED).exists()

    @property
    def money(self) -> str:
        """The amount, for people."""
        return for_people(self.amount_minor, self.currency)

    @property
    def starts_soon(self) -> bool:
        """A gift that is paid and waits for its day."""
        return bool(self.starts_at and self.starts_at > timezone.now() and self.received_minor > 0)

    @property
    def payer(self) -> str:
        """Who gets the receipts."""
        return self.payer_email or self.email


class Entry(models.Model):
    """A line of the ledger: one `ledger.Fact`. Only ever added (a trigger refuses anything else)."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=_choices(HAPPENED))
    at = models.DateTimeField()
    noted_at = models.DateTimeField(default=timezone.now)
    payment = models.CharField(max_length=120, blank=True, default="")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    until = models.DateTimeField(null=True, blank=True)
    counts = models.BooleanField(default=True)
    #: "reader", "provider", "clock", or the e-mail address of a colleague.
    by = models.CharField(max_length=254, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["pledge", "key"], name="entry_once_per_pledge")]

    def __str__(self) -> str:
        return self.key

    @property
    def fact(self) -> ledger.Fact:
        return ledger.Fact(
            key=self.key,
            kind=ledger.Kind(self.kind),
            at=self.at,
            payment=self.payment,
            amount_minor=self.amount_minor,
            until=self.until,
            counts=self.counts,
        )


class Event(models.Model):
    """What a provider told us, raw, as its signature covers it. Worked on once; forgotten after a while."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FOREIGN = "foreign", _("Not about a pledge of ours")
        FAILED = "failed", _("Could not be worked on")

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    received_at = models.DateTimeField(default=timezone.now)
    body = models.TextField()
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING, db_index=True)
    note = models.CharField(max_length=300, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    pledge = models.ForeignKey(Pledge, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="event_once_per_provider")]


class Notice(models.Model):
    """A letter of the room to a patron: one reference is one letter, however often its moment is noticed."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]


class Withdrawal(models.Model):
    """A contract taken back within fourteen days (PY-05): what was declared, and when."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=150)
    contact = models.EmailField(max_length=254)
    contract = models.CharField(max_length=300)
