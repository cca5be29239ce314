"""The record: one chain of entries for all that the paper has put before readers and may not take back unseen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from standfirst.kit.chain import Link
from standfirst.kit.exports import moment


class RecordEntry(models.Model):
    """One entry (`kit.chain`). Written by `services.record_append` alone; nothing changes or removes one."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    # "version" of subject "12/3": the third version of story 12. "correction" of subject "7": entry 7 of the log.
    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("subject"), max_length=60, db_index=True)
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("recorded"))
    previous = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, unique=True)
    # Not of this newsroom's own: came with an export that did not bring its subject along (a withdrawn story).
    is_elsewhere = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("entry of the record")
        verbose_name_plural = _("entries of the record")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.subject}"

    @property
    def link(self) -> Link:
        at = moment(self.at) or ""
        return Link(self.number, self.kind, self.subject, self.digest, at, self.previous, self.hash)


class RecordGuard(models.Model):
    """While its one row is there, the triggers of `stories.guards` refuse. Only tests take it away."""

    class Meta:
        verbose_name = _("guard of the record")
