"""What the desk works on: statements of the bank, and alarms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.patrons.models.money import Payment
from standfirst.patrons.models.pledges import Pledge


class Statement(models.Model):
    """A file of the bank that was read."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-pk"]


class StatementLine(models.Model):
    """One booking. digest: of what it says, with a number where the same booking stands twice in one file."""

    class State(models.TextChoices):
        MATCHED = "matched", _("Matched")
        UNDECIDED = "undecided", _("To be decided")
        IGNORED = "ignored", _("Not from a patron")

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payer = models.CharField(max_length=200, blank=True, default="")
    purpose = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.UNDECIDED)
    payment = models.OneToOneField(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="line")

    class Meta:
        ordering = ["pk"]


class Alarm(models.Model):
    """Something about money that a person must look at."""

    class Kind(models.TextChoices):
        DOUBLE = "double", _("Two pledges of one patron")
        DISPUTE = "dispute", _("Payment disputed at the bank")
        AMOUNT = "amount", _("Another amount than was agreed")
        STUCK = "stuck", _("A message of a provider could not be worked on")
        CANCEL = "cancel", _("To be done by hand at the payment company or the bank")

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    pledge = models.ForeignKey(Pledge, null=True, blank=True, on_delete=models.CASCADE, related_name="alarms")
    at = models.DateTimeField(default=timezone.now)
    detail = models.CharField(max_length=300, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
