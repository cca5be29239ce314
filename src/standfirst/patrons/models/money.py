"""Money that moved, and the receipts for it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.patrons.models.pledges import Pledge


class Payment(models.Model):
    """Money that came in (positive) or went back (negative). Only ever added (a trigger refuses anything else)."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=30)
    #: The provider's own number of it; what went back has the payment's with what it was behind it.
    provider_id = models.CharField(max_length=160)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(db_index=True)
    noted_at = models.DateTimeField(default=timezone.now)
    is_donation = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "provider_id"], name="payment_once_per_provider")]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"


class LegalEntity(models.Model):
    """Who takes the money and writes the receipts. Each counts its own receipts, without gaps."""

    name = models.CharField(_("legal name"), max_length=150)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    registration = models.CharField(_("registration or tax number"), max_length=100, blank=True)
    prefix = models.CharField(
        _("first letters of receipt numbers"), max_length=10, blank=True, help_text=_("Such as LN-.")
    )
    is_current = models.BooleanField(_("writes the receipts now"), default=True)
    last_receipt = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("legal entity")
        verbose_name_plural = _("legal entities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_legal_entity_now"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """A numbered receipt for one movement of money, with everything it says, so that it never changes."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    token = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    #: To whom; goes when the person is erased.
    name = models.CharField(max_length=150, blank=True, default="")
    language = models.CharField(max_length=20, default="en")
    #: The entity's words and the tax text as they were.
    words = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["entity", "number"], name="receipt_number_once")]

    def __str__(self) -> str:
        return f"{self.words.get('prefix', '')}{self.number}"
