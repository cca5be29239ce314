"""Readers, the browsers they are signed in with, the codes and passkeys that let them in."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def handle_made() -> str:
    return secrets.token_hex(16)


class Reader(models.Model):
    """A person outside the desk, known by one e-mail address."""

    # What passkeys know her by; says nothing.
    handle = models.CharField(max_length=32, unique=True, default=handle_made, editable=False)
    # As kit.mailaddress.normal writes it.
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True, default="")
    language = models.CharField(_("language"), max_length=20, blank=True, default="")
    made_at = models.DateTimeField(_("since"), default=timezone.now)
    # When she first showed that the address is hers; another room may have entered her before.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # The day of the last sign-in, no more.
    seen_on = models.DateField(_("last here"), null=True, blank=True)

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="reader_email_in_small_letters")
        ]

    def __str__(self) -> str:
        return self.name or f"reader {self.pk}"


class Session(models.Model):
    """A browser that a reader is signed in with."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="sessions")
    # Of the cookie's value, which nobody but that browser has.
    mark = models.CharField(max_length=64, unique=True, editable=False)
    # In rough words, such as "Firefox, Android": so that she knows which one it is.
    device = models.CharField(_("device"), max_length=60, blank=True, default="")
    begun_at = models.DateTimeField(_("signed in"), default=timezone.now)
    # Written once a day at most.
    seen_on = models.DateField(_("last used"), default=timezone.localdate)
    expires_at = models.DateTimeField(_("ends"), db_index=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.device or '?'}, {self.begun_at:%Y-%m-%d}"


class Code(models.Model):
    """A code on its way to an address: good for a quarter of an hour, once, in the browser that asked for it."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign-in", _("Signing in")
        ADDRESS = "address", _("Another address")

    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.SIGN_IN)
    email = models.EmailField(_("e-mail address"), max_length=254)
    # Who wants to change to this address.
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, null=True, related_name="codes")
    # A keyed hash of the code together with what the browser's cookie holds.
    mark = models.CharField(max_length=64, editable=False)
    browser = models.CharField(max_length=64, unique=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.made_at:%Y-%m-%d %H:%M}"


class Passkey(models.Model):
    """A key on one of the reader's devices (WebAuthn). Only its public half is here."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=80)
    # base64url, as browsers name it.
    credential = models.CharField(max_length=1400, unique=True, editable=False)
    public_key = models.BinaryField(editable=False)
    sign_count = models.PositiveBigIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("since"), default=timezone.now)
    used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name
