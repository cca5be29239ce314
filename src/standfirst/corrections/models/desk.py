"""What the desk sets for itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadyAnswer(models.Model):
    """The paper's own words of a ready answer, where it does not use ours (corrections.answers)."""

    language = models.CharField(_("language"), max_length=20)
    kind = models.CharField(_("kind"), max_length=12)
    text = models.TextField(_("text"), max_length=2000)

    class Meta:
        verbose_name = _("ready answer")
        verbose_name_plural = _("ready answers")
        constraints = [models.UniqueConstraint(fields=["language", "kind"], name="ready_answer_once")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"
