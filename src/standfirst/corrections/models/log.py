"""The public log: numbered, only ever added to. Its words lie apart, so that people can be protected (decision 6)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from standfirst.kit.canonical import canonical_digest
from standfirst.kit.exports import moment


class CorrectionLabel(models.TextChoices):
    """What stands in the log (standards, section 13). Typos and updates do not."""

    CORRECTION = "correction", _("Correction")
    CLARIFICATION = "clarification", _("Clarification")
    EDITORS_NOTE = "editors-note", _("Editor’s note")
    RETRACTION = "retraction", _("Retraction")
    REMOVAL = "removal", _("Removal")


class Correction(models.Model):
    """One entry. The row stays for good."""

    class Origin(models.TextChoices):
        READER = "reader", _("Found by a reader")
        STAFF = "staff", _("Found by the newsroom")
        SUBJECT = "subject", _("Found by somebody the story is about")

    class Place(models.TextChoices):
        TOP = "top", _("Above the text")
        END = "end", _("Below the text")

    # One sequence for the newsroom, from 1, without gaps.
    number = models.PositiveIntegerField(_("number"), unique=True)
    story = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.PROTECT, related_name="corrections"
    )
    label = models.CharField(_("label"), max_length=14, choices=CorrectionLabel.choices)
    before = models.ForeignKey(
        "stories.PublicVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    after = models.OneToOneField(
        "stories.PublicVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="correction"
    )
    place = models.CharField(_("place"), max_length=3, choices=Place.choices, default=Place.END)
    origin = models.CharField(_("origin"), max_length=7, choices=Origin.choices, default=Origin.STAFF)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    fixed_at = models.DateTimeField(_("put right"))
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of salt + canonical bytes of its text, in hexadecimal."
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.get_label_display()} {self.number}"

    @property
    def address(self) -> str:
        """Its page. Numbers exist once, whatever the language of the story."""
        return f"/corrections/{self.number}/"

    @property
    def took(self) -> dt.timedelta | None:
        """From the first report to the fix; None where nobody reported it."""
        return self.fixed_at - self.reported_at if self.reported_at else None

    @property
    def is_withheld(self) -> bool:
        return not hasattr(self, "text")

    @property
    def salt(self) -> bytes:
        """What its digest was salted with; b"" where words are withheld: they could be guessed with it."""
        return bytes(self.text.salt) if not self.is_withheld and not self.text.is_masked else b""

    @property
    def record_digest(self) -> str:
        """What the record keeps of it (`kit.chain`): every fact of the entry, and the digest of its words."""
        return canonical_digest(
            {
                "number": self.number,
                "story": self.story_id,
                "label": self.label,
                "before": str(self.before) if self.before else "",
                "after": str(self.after) if self.after else "",
                "place": self.place,
                "origin": self.origin,
                "reported_at": moment(self.reported_at) or "",
                "fixed_at": moment(self.fixed_at),
                "digest": self.digest,
            }
        )


class CorrectionText(models.Model):
    """The words of an entry; erased, with the salt, when they are withheld."""

    correction = models.OneToOneField(Correction, on_delete=models.CASCADE, primary_key=True, related_name="text")
    # What readers see under the label: what was wrong and what is right.
    note = models.TextField(_("note"), max_length=1000)
    was = models.TextField(_("it said"), blank=True, default="")
    now = models.TextField(_("it says now"), blank=True, default="")
    # Who found it, if she wishes.
    credit = models.CharField(_("found by"), max_length=100, blank=True, default="")
    salt = models.BinaryField(max_length=16, editable=False, default=b"")
    # Some of them are withheld: other words than those its digest was taken of, and no salt.
    is_masked = models.BooleanField(default=False, editable=False)


class Amendment(models.Model):
    """A dated line below an entry. An entry itself is never changed."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("added"))
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["correction_id", "number"]
        constraints = [models.UniqueConstraint(fields=["correction", "number"], name="amendment_number_once")]

    def __str__(self) -> str:
        return f"{self.correction.number}/{self.number}"

    @property
    def text(self) -> str:
        """What it says; "" where that is withheld."""
        return self.words.text if hasattr(self, "words") else ""

    @property
    def salt(self) -> bytes:
        return bytes(self.words.salt) if hasattr(self, "words") and not self.words.is_masked else b""

    @property
    def record_digest(self) -> str:
        """What the record keeps of it."""
        return canonical_digest({"subject": str(self), "at": moment(self.at), "digest": self.digest})


class AmendmentText(models.Model):
    """The words of an amendment; erased, with the salt, when they are withheld."""

    amendment = models.OneToOneField(Amendment, on_delete=models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField(_("text"), max_length=1000, blank=True, default="")
    salt = models.BinaryField(max_length=16, editable=False, default=b"")
    is_masked = models.BooleanField(default=False, editable=False)


class SecondLook(models.Model):
    """An author's correction of her own story goes out at once and waits here for another editor's look."""

    correction = models.OneToOneField(
        Correction, on_delete=models.CASCADE, primary_key=True, related_name="second_look"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    waits_since = models.DateTimeField()
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    looked_at = models.DateTimeField(null=True, blank=True, db_index=True)
