"""Mailings, who wants them and with what consent, and who must not be written to."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    return secrets.token_hex(16)


class Mailing(models.Model):
    """A series of letters that people can have: the daily one, the weekly one, breaking news."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        BY_HAND = "by-hand", _("When an editor sends it")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    # By language code; where a language is missing the paper's own words for that key are taken.
    names = models.JSONField(_("name"), default=dict, blank=True)
    descriptions = models.JSONField(_("what it is"), default=dict, blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm.choices, default=Rhythm.BY_HAND)
    # In the newsroom's time zone. Monday is 0.
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), default=4)
    audience = models.CharField(_("for whom"), max_length=40, blank=True)
    is_open = models.BooleanField(_("readers can subscribe"), default=False)
    is_under_stories = models.BooleanField(_("offered under every story"), default=False)
    # Each letter made from then on says so to its readers.
    counts_links = models.BooleanField(_("how often links are followed is counted"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["sort_order", "key"]

    def __str__(self) -> str:
        return self.name_in()

    def name_in(self, language: str = "") -> str:
        """What readers know it by."""
        language = language or get_language() or ""
        own = self.names.get(language)
        with override(language):
            usual = {"daily": gettext("The day"), "weekly": gettext("The week"), "breaking": gettext("Breaking news")}
        return str(own or usual.get(self.key) or next(iter(self.names.values()), self.key))

    def description_in(self, language: str = "") -> str:
        language = language or get_language() or ""
        own = self.descriptions.get(language)
        with override(language):
            usual = {
                "daily": gettext("What we published since yesterday; no letter on a day without news."),
                "weekly": gettext("The stories of the week, once."),
                "breaking": gettext("Rarely: only when something has happened that cannot wait."),
            }
        return str(own or usual.get(self.key, ""))


class Subscription(models.Model):
    """One address that has asked for one mailing, with the record of its consent (PR-06)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Not confirmed")
        ACTIVE = "active", _("Gets it")
        LEFT = "left", _("Has left")

    # Opens the pages of this subscription, together with our mark (tokens.py).
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="subscriptions", verbose_name=_("mailing"))
    language = models.CharField(_("language"), max_length=20)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    # The consent: when and where it was asked for, in which words, on which basis, and when it was confirmed.
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    page = models.CharField(_("page"), max_length=300, blank=True)
    wording = models.CharField(_("wording"), max_length=500, blank=True)
    basis = models.CharField(_("basis"), max_length=200, default="consent")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["email", "mailing"], name="mailroom_one_subscription"),
            models.CheckConstraint(
                condition=~models.Q(state="active") | models.Q(confirmed_at__isnull=False),
                name="mailroom_active_is_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["mailing", "state"], name="mailroom_of_mailing")]

    def __str__(self) -> str:
        return f"{self.email}: {self.mailing}"


class Suppression(models.Model):
    """An address we do not write to, and why."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("The address takes no mail")
        COMPLAINED = "complained", _("The reader marked a letter as spam")
        BY_HAND = "by-hand", _("Put here at the desk")

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    said = models.CharField(_("what was said"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.email


class ScrambleKey(models.Model):
    """By which a newsroom that this one was moved from scrambled the addresses of erased readers. Ours follows from
    the secret key and is not stored."""

    key = models.CharField(_("key"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("key of scrambled addresses")
        verbose_name_plural = _("keys of scrambled addresses")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.key[:6]}…"
