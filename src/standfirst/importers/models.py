"""What came from where: the memory that lets an import run again without doubling anything."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedItem(models.Model):
    """One thing of another system and what became of it here."""

    source = models.CharField(_("source"), max_length=200, help_text="The old system and site: wordpress:news.example.")
    kind = models.CharField(
        _("kind"),
        max_length=20,
        help_text="post, page, picture, file, upload, attachment, section, tag, author, awaited.",
    )
    foreign_id = models.CharField(_("its id there"), max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the export said when we last wrote it.")
    written = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of what we wrote; another one now means it was changed here since.",
    )
    changed_there = models.DateTimeField(
        _("last changed there"), null=True, help_text="Of a text: an export that says less is an older one."
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


class Move(models.Model):
    """One import: what it was, how far it came, and its report (MoveEntry)."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        INTERRUPTED = "interrupted", _("interrupted")

    source = models.CharField(_("source"), max_length=200)
    file = models.CharField(_("file"), max_length=255, blank=True)
    by = models.CharField(_("started by"), max_length=150, blank=True, help_text=_("The account on the server."))
    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    # Moved on with every batch: of an interrupted import, when it was last at work.
    at_work_at = models.DateTimeField(_("last at work"), auto_now=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    seconds = models.FloatField(default=0.0)
    totals = models.JSONField(default=dict)
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.source} {self.began_at:%Y-%m-%d %H:%M}"


class MoveEntry(models.Model):
    """What an import says about one thing: a text, a list's addresses, a picture that is missing."""

    class Status(models.TextChoices):
        PUBLIC = "public", _("public")
        DRAFT = "draft", _("draft")
        LEFT_OUT = "left out", _("left out")
        CHANGED_HERE = "changed here", _("changed here since")
        VANISHED = "vanished", _("not in this file")
        PICTURE = "picture", _("missing picture")
        LIST = "list", _("list")

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="entries")
    status = models.CharField(max_length=12, choices=Status.choices)
    kind = models.CharField(max_length=40, blank=True)
    foreign_id = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500, blank=True)
    was = models.CharField(max_length=1000, blank=True, help_text="Its old address in full; of a picture, its address.")
    now = models.CharField(max_length=400, blank=True)
    page_id = models.PositiveBigIntegerField(null=True)
    changes = models.JSONField(default=list, help_text="Sentences.")
    details = models.JSONField(default=dict, help_text="addresses; in, captions; ours, theirs, our_text, their_text.")
    has_changes = models.BooleanField(default=False)
    has_trouble = models.BooleanField(default=False, help_text="An old address of it leads nowhere.")
    # Title and old addresses in small letters, for the search at the desk.
    sought = models.TextField(blank=True)

    class Meta:
        verbose_name = _("line of an import's report")
        verbose_name_plural = _("lines of an import's report")
        ordering = ["pk"]
        indexes = [models.Index(fields=["move", "status"])]

    def __str__(self) -> str:
        return f"{self.status}: {self.title or self.was}"
