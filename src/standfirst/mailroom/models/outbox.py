"""What goes out: letters and notes, and one delivery for each address. The states are told in ROOM.md."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.mailroom.models.lists import Mailing, Subscription


class Letter(models.Model):
    """One letter to the subscribers of a mailing, finished, in one language."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        QUEUED = "queued", _("Waits for its time")
        SENDING = "sending", _("Being sent")
        PAUSED = "paused", _("Paused")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Stopped")

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="letters", verbose_name=_("mailing"))
    language = models.CharField(_("language"), max_length=20)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT, db_index=True)
    subject = models.CharField(_("subject"), max_length=200)
    preheader = models.CharField(_("preview line"), max_length=200, blank=True)
    text = models.TextField(_("plain text"), blank=True)
    html = models.TextField("HTML", blank=True)
    # What it was put together from, for whoever changes a draft, and which stories it carries: ["story:12"].
    source = models.JSONField(default=dict, blank=True, editable=False)
    carries = models.JSONField(default=list, blank=True, editable=False)
    # A letter that goes out by itself exists once for its day: "daily:en:2026-11-23".
    slot = models.CharField(max_length=80, unique=True, null=True, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("puts right")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False, db_index=True)
    # Its words say that its links are counted.
    counts_links = models.BooleanField(default=False, editable=False)
    # How many deliveries ended in each state, kept when the addresses are forgotten.
    counts = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("letter to readers")
        verbose_name_plural = _("letters to readers")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class Link(models.Model):
    """A page that a letter links to, and how often that was followed by anybody. Nothing about who or when."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="links")
    path = models.CharField(max_length=400)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counted link")
        verbose_name_plural = _("counted links")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "path"], name="mailroom_link_once_per_letter")]

    def __str__(self) -> str:
        return self.path


class Note(models.Model):
    """The words of one service mail: a receipt, an answer. The same reference is the same mail."""

    reference = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.reference


class Delivery(models.Model):
    """One mail to one address, and what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("In hand")
        SENT = "sent", _("Taken by the mail server")
        UNSURE = "unsure", _("Sent, and no answer heard")
        DEFERRED = "deferred", _("Tried again later")
        BOUNCED = "bounced", _("Refused")
        COMPLAINED = "complained", _("Marked as spam")
        SUPPRESSED = "suppressed", _("Not written to")
        GIVEN_UP = "given-up", _("Given up")

    letter = models.ForeignKey(Letter, models.CASCADE, null=True, related_name="deliveries")
    note = models.OneToOneField(Note, models.CASCADE, null=True, related_name="delivery")
    subscription = models.ForeignKey(Subscription, models.SET_NULL, null=True, related_name="+")
    to = models.EmailField(max_length=254, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    supplier = models.CharField(max_length=80, blank=True)
    # The number under which an API supplier speaks of it.
    foreign_id = models.CharField(max_length=200, blank=True)
    # What the server said last.
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["letter", "to"], name="mailroom_once_per_letter"),
            models.CheckConstraint(
                condition=Q(letter__isnull=False, note__isnull=True) | Q(letter__isnull=True, note__isnull=False),
                name="mailroom_letter_or_note",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="mailroom_due", condition=Q(state__in=["queued", "deferred", "sending"])
            ),
            models.Index(fields=["letter", "state"], name="mailroom_of_letter"),
            models.Index(fields=["supplier", "sent_at"], name="mailroom_pace"),
            models.Index(fields=["foreign_id"], name="mailroom_foreign", condition=~Q(foreign_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.get_state_display()}"


class Supplier(models.Model):
    """What is known about a supplier of the settings, by its name: since when it is used, and how it stands."""

    name = models.CharField(max_length=80, unique=True)
    first_used_on = models.DateField(null=True)
    down_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
