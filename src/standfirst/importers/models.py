"""What came from where: the memory that lets an import run again without doubling anything."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedItem(models.Model):
    """One thing of another system and what became of it here."""

    source = models.CharField(_("source"), max_length=200, help_text="The old system and site: wordpress:news.example.")
    kind = models.CharField(_("kind"), max_length=20, help_text="post, page, attachment, category, post_tag, author.")
    foreign_id = models.CharField(_("its id there"), max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the export said when we last wrote it.")
    written = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of what we wrote; another one now means it was changed here since.",
    )
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField(null=True)
    object = GenericForeignKey()
    imported_at = models.DateTimeField(_("imported"), auto_now=True)

    class Meta:
        verbose_name = _("imported item")
        verbose_name_plural = _("imported items")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "foreign_id"], name="imported_once"),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.foreign_id}"
