"""Public versions: our own frozen copies (never Wagtail's revisions), and stored lists of related stories."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicVersion(models.Model):
    """One published state of a story. The row stays for good; its words lie apart, so that they can be withheld."""

    story = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.PROTECT, related_name="public_versions"
    )
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    salt = models.BinaryField(max_length=16, editable=False)
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of salt + canonical bytes (PV-05), in hexadecimal."
    )

    class Meta:
        verbose_name = _("public version")
        verbose_name_plural = _("public versions")
        ordering = ["story_id", "number"]
        constraints = [models.UniqueConstraint(fields=["story", "number"], name="public_version_number_once")]

    def __str__(self) -> str:
        return f"{self.story_id}/{self.number}"


class VersionText(models.Model):
    """The canonical bytes of a public version (PV-05); erased when the version is withheld for good."""

    version = models.OneToOneField(PublicVersion, on_delete=models.CASCADE, primary_key=True, related_name="text")
    canonical = models.BinaryField()


class RelatedStory(models.Model):
    """A stored line of a story's “Related” list, found by machine when a story was published."""

    story = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="related_found")
    related = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        ordering = ["story_id", "-score", "related_id"]
        constraints = [models.UniqueConstraint(fields=["story", "related"], name="related_story_once")]
