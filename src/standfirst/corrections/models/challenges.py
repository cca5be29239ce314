"""A reader's suggestion, and the case that all suggestions about the same words make together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Passage(models.Model):
    """Words of one story: a W3C text quote and, where they were found, a text position (AN-02, AN-03, AN-05).

    start and end count code points from the beginning of the passage named `block` in that version's text, as
    `stories.passages` makes it; words that run on into following passages end beyond it. Empty: not placed.
    """

    version = models.PositiveIntegerField(_("version"), default=0)
    block = models.CharField(_("paragraph"), max_length=80, blank=True, default="")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.CharField(_("words in question"), max_length=500, blank=True, default="")
    prefix = models.CharField(max_length=64, blank=True, default="")
    suffix = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def is_placed(self) -> bool:
        return self.start is not None


class Case(Passage):
    """One item of the queue: some words of a story that one reader or many have challenged.

    Its passage is where these words stand in the newest public version it was looked for in.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        CHECKING = "checking", _("Needs checking")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Not an error")
        DUPLICATE = "duplicate", _("Duplicate")
        SPAM = "spam", _("Spam")

    OPEN = (State.NEW, State.CHECKING)

    class Gravity(models.IntegerChoices):
        """What the desk looks at first; proposed from the words, changed by an editor."""

        SMALL = 1, _("Wording")
        FACT = 2, _("A fact")
        GRAVE = 3, _("Headline, standfirst or figure")

    story = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.PROTECT, related_name="cases"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    gravity = models.PositiveSmallIntegerField(_("gravity"), choices=Gravity.choices, default=Gravity.SMALL)
    # Of its suggestions that are no spam: how many, and when the first and the last came.
    reports = models.PositiveIntegerField(_("reports"), default=1)
    opened_at = models.DateTimeField(_("first report"), default=timezone.now)
    reported_at = models.DateTimeField(_("last report"), default=timezone.now)
    # Came in a flood: waits beside the queue until an editor releases or drops the whole pile (decision 17).
    is_aside = models.BooleanField(default=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("checked by"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # What those who reported it are told.
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    # Only for the desk.
    note = models.TextField(_("note of the desk"), max_length=2000, blank=True, default="")
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    correction = models.ForeignKey(
        "corrections.Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "is_aside", "-gravity", "opened_at"], name="queue_order"),
            models.Index(fields=["story", "state"], name="cases_of_story"),
            models.Index(fields=["-decided_at", "-id"], name="decided_order"),
            models.Index(fields=["opened_at"], name="cases_opened_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {f'“{self.exact[:60]}”' if self.exact else self.named}"

    @property
    def named(self) -> str:
        """The words in question, or that it is about no words but the story."""
        return self.exact or gettext("The whole story")

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Suggestion(Passage):
    """What one reader sent: the words as she saw them, and what she says of them. No address of her machine."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Suggested correction")
        CLARIFICATION = "clarification", _("Suggested clarification")

    # In the address of her private status page; nobody can guess it.
    token = models.CharField(max_length=43, unique=True, editable=False)
    # The number on her receipt, made without the database: it is given while that is away, too.
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    # The same words in the same form arrive once; likewise one that waited in the spool.
    once = models.CharField(max_length=64, unique=True, editable=False)
    spool_id = models.CharField(max_length=32, unique=True, null=True, editable=False)
    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="suggestions")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices, default=Kind.CORRECTION)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    language = models.CharField(_("language"), max_length=20, blank=True, default="")
    wording = models.CharField(_("better wording"), max_length=1000, blank=True, default="")
    why = models.TextField(_("why"), max_length=2000, blank=True, default="")
    # Forgotten 90 days after the case is closed (PR-05).
    reply_to = models.EmailField(_("e-mail for an answer"), blank=True, default="")
    credit = models.CharField(_("name to thank"), max_length=100, blank=True, default="")
    is_spam = models.BooleanField(default=False)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["received_at", "pk"]
        indexes = [
            models.Index(fields=["received_at"], name="suggestions_come_lately"),
            # Whom no mail has reached yet: few rows, asked for on every look at the queue.
            models.Index(fields=["case"], condition=Q(told_at=None) & ~Q(reply_to=""), name="not_told_yet"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__gte=models.F("start")), name="suggestion_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: “{self.exact[:60]}”"
