"""Public versions: our own frozen copies (never Wagtail's revisions), and stored lists of related stories."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from standfirst.kit.chain import version_digest
from standfirst.kit.exports import moment


class ChangeLabel(models.TextChoices):
    """What a change of a published story was (standards, section 13). A draft carries it; a version keeps it."""

    TYPO = "typo", _("Typo")
    CORRECTION = "correction", _("Correction")
    CLARIFICATION = "clarification", _("Clarification")
    UPDATE = "update", _("Update")
    EDITORS_NOTE = "editors-note", _("Editor’s note")
    RETRACTION = "retraction", _("Retraction")


# What readers are told at the story, in lists and in the log; nothing else counts as a mistake.
TOLD = (ChangeLabel.CORRECTION, ChangeLabel.CLARIFICATION, ChangeLabel.EDITORS_NOTE, ChangeLabel.RETRACTION)


class PublicVersion(models.Model):
    """One published state of a story. The row stays for good; its words lie apart, so that they can be withheld.

    Whoever writes one also puts it on record (`services.record_versions`).
    """

    story = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.PROTECT, related_name="public_versions"
    )
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of salt + canonical bytes (PV-05), in hexadecimal."
    )
    # What the change from the version before was; of a first version, nothing.
    label = models.CharField(_("label"), max_length=14, choices=ChangeLabel.choices, blank=True, default="")
    # Of the note to readers, with the same salt; "" of none.
    note_digest = models.CharField(max_length=64, editable=False, blank=True, default="")

    class Meta:
        verbose_name = _("public version")
        verbose_name_plural = _("public versions")
        ordering = ["story_id", "number"]
        constraints = [models.UniqueConstraint(fields=["story", "number"], name="public_version_number_once")]

    def __str__(self) -> str:
        return f"{self.story_id}/{self.number}"

    @property
    def salt(self) -> bytes:
        """What its digest was salted with; b"" where words are withheld: they could be guessed with it."""
        return bytes(self.text.salt) if hasattr(self, "text") and not self.text.is_masked else b""

    @property
    def record_digest(self) -> str:
        """What the record keeps of it (`kit.chain`)."""
        return version_digest(
            story=self.story_id,
            number=self.number,
            published_at=moment(self.published_at) or "",
            label=self.label,
            digest=self.digest,
            note_digest=self.note_digest,
        )


class VersionText(models.Model):
    """The words of a public version: its canonical bytes (PV-05), and what readers were told of the change.

    Erased, with the salt, when the version is withheld.
    """

    version = models.OneToOneField(PublicVersion, on_delete=models.CASCADE, primary_key=True, related_name="text")
    canonical = models.BinaryField()
    note = models.TextField(_("note"), blank=True, default="")
    salt = models.BinaryField(max_length=16, editable=False, default=b"")
    # Some of its words are withheld: another text than the one its digest was taken of, and no salt.
    is_masked = models.BooleanField(default=False, editable=False)


class WordEdit(models.Model):
    """Words that were replaced in a live story while a colleague may have had its form open.

    Her form still holds the old ones and would bring them back when it is saved: they are replaced in it again
    (services.revising). Kept for a month, which no form stays open.
    """

    story = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="word_edits")
    # The version whose words these were, in which the passage and the places are counted.
    before = models.ForeignKey(PublicVersion, on_delete=models.CASCADE, related_name="+")
    # The revision that made it public.
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_index=True)
    block = models.CharField(max_length=80)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    old = models.TextField()
    new = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    @classmethod
    def newest_of(cls, story_pk: int) -> int:
        """The number of a story's last edit; 0 before the first."""
        return cls.objects.filter(story_id=story_pk).order_by("-pk").values_list("pk", flat=True).first() or 0


class RelatedStory(models.Model):
    """A stored line of a story's “Related” list, found by machine when a story was published."""

    story = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="related_found")
    related = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        ordering = ["story_id", "-score", "related_id"]
        constraints = [models.UniqueConstraint(fields=["story", "related"], name="related_story_once")]
