"""What was taken from readers to protect somebody: the act, what it reaches, and the words until they are destroyed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WithholdingRules(models.Model):
    """What the newsroom decided about withholding; one row."""

    # Counts only where at most two people may publish; where there are more, a second one always looks.
    wants_second = models.BooleanField(_("a second person confirms"), default=True)
    days = models.PositiveSmallIntegerField(_("days until what is withheld is destroyed"), default=14)

    @classmethod
    def now(cls) -> WithholdingRules:
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Withholding(models.Model):
    """One act. The row stays for good; the words go when they are destroyed."""

    class Kind(models.TextChoices):
        STORY = "story", _("The whole story")
        VERSION = "version", _("One version")
        WORDS = "words", _("Some words")
        PICTURE = "picture", _("A picture")
        NOTE = "note", _("A note")

    class Category(models.TextChoices):
        DANGER = "danger", pgettext_lazy("why words are withheld", "danger to a person")
        COURT = "court", pgettext_lazy("why words are withheld", "decision of a court")
        ACCIDENT = "accident", pgettext_lazy("why words are withheld", "published by accident")
        PRIVACY = "privacy", pgettext_lazy("why words are withheld", "privacy of a person")
        OTHER = "other", pgettext_lazy("why words are withheld", "another reason")

    # Known outside of the database too (corrections.ledger), where numbers of rows say nothing.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    story = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.PROTECT, related_name="withholdings"
    )
    kind = models.CharField(_("what"), max_length=7, choices=Kind.choices)
    category = models.CharField(_("why"), max_length=8, choices=Category.choices)
    version = models.ForeignKey(
        "stories.PublicVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The number of a picture, which does not outlive its destruction.
    picture = models.PositiveIntegerField(null=True, blank=True)
    # Under which name its original lies meanwhile.
    kept_as = models.CharField(max_length=200, blank=True, default="")
    # The entry, or the line below one, whose words are withheld.
    note_of = models.ForeignKey(
        "corrections.Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    line_of = models.ForeignKey(
        "corrections.Amendment", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Each form in which the words may stand.
    words = models.JSONField(default=list, blank=True)
    # What the marker stands for in the drafts, and beside which letters (kit.masking.Piece).
    pieces = models.JSONField(default=list, blank=True)
    # Only for the desk.
    reason = models.TextField(_("for colleagues"), max_length=2000, blank=True, default="")
    at = models.DateTimeField(_("withheld"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    destroyed_at = models.DateTimeField(_("destroyed"), null=True, blank=True)
    # Its line in the public log.
    entry = models.OneToOneField(
        "corrections.Correction", null=True, on_delete=models.PROTECT, related_name="withholding"
    )

    class Meta:
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["story", "kind"], name="withheld_of_story")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(destroyed_at=None), name="withheld_lifted_or_destroyed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.story}"

    @property
    def is_held(self) -> bool:
        """Neither lifted nor destroyed."""
        return self.lifted_at is None and self.destroyed_at is None


class WithheldOriginal(models.Model):
    """A row some of whose words are withheld, as it was; what is destroyed of it is in here no more."""

    table = models.CharField(max_length=60)
    row = models.PositiveBigIntegerField()
    # Its texts by the names of their fields; what is binary, in hexadecimal. {}: destroyed whole.
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="withheld_row_once")]


class WithheldReach(models.Model):
    """One row that a withholding reaches: whole, in some fields, or wherever its words stand."""

    withholding = models.ForeignKey(Withholding, on_delete=models.CASCADE, related_name="reaches")
    original = models.ForeignKey(WithheldOriginal, on_delete=models.CASCADE, related_name="reaches")
    is_whole = models.BooleanField(default=False)
    fields = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["withholding", "original"], name="withheld_reach_once")]
