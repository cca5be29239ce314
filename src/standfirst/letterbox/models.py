"""Letters: what readers send by the paper's forms, until the desk has dealt with it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One message of a stranger. No address of the sender's machine is kept."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Letter to the desk")
        CORRECTION = "correction", _("Suggested correction")
        CLARIFICATION = "clarification", _("Suggested clarification")

    class State(models.TextChoices):
        NEW = "new", _("New")
        DONE = "done", _("Dealt with")
        SPAM = "spam", _("Spam")

    # Made when the form is handed out, so that a form sent twice arrives once.
    token = models.CharField(max_length=64, unique=True, editable=False)
    # Of a letter that waited in the spool while the database was away: delivered once, however often it is tried.
    spool_id = models.CharField(max_length=32, unique=True, null=True, editable=False)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.CONTACT)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW, db_index=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    about_path = models.CharField(_("page"), max_length=300, blank=True)
    about_block = models.CharField(_("paragraph"), max_length=40, blank=True)
    quote = models.CharField(_("words in question"), max_length=500, blank=True)
    wording = models.CharField(_("better wording"), max_length=1000, blank=True)
    text = models.TextField(_("message"), max_length=5000, blank=True)
    sender_name = models.CharField(_("name"), max_length=150, blank=True)
    reply_to = models.EmailField(_("e-mail for an answer"), blank=True)
    # When the desk was done with it; 90 days later it is forgotten (PR-05).
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False, db_index=True)
    note = models.TextField(_("note of the desk"), blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def about_address(self) -> str:
        """The page it is about, at the paragraph."""
        return f"{self.about_path}#p-{self.about_block}" if self.about_block else self.about_path
