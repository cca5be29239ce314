"""What the room adds to the desk: lines in the histories of stories."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter


class _About(LogFormatter):
    """A line that names the words."""

    def __init__(self, label: Any, sentence: Any) -> None:
        self.label, self.sentence = label, sentence

    def format_message(self, log_entry: Any) -> str:
        return str(self.sentence) % {"words": Truncator((log_entry.data or {}).get("words", "")).chars(80)}


@hooks.register("register_log_actions")
def in_the_history(actions: LogActionRegistry) -> None:
    lines = [
        ("accept", _("Correction accepted"), _("Reported words put right: “%(words)s”")),
        ("decline", _("Report answered"), _("No error, and the reader was told why: “%(words)s”")),
        ("check", _("Report being checked"), _("Reported words are being checked: “%(words)s”")),
        ("duplicate", _("Report repeated"), _("Reported before: “%(words)s”")),
        ("spam", _("Report dropped"), _("A report that nobody meant: “%(words)s”")),
        ("reopen", _("Report opened again"), _("A decision was taken back: “%(words)s”")),
    ]
    for name, label, sentence in lines:
        actions.register_action(f"standfirst.corrections.{name}")(partial(_About, label, sentence))
    actions.register_action("standfirst.corrections.looked", _("Second look"), _("A correction was looked at again"))
    actions.register_action(
        "standfirst.corrections.pile_release", _("Side pile let in"), _("Reports of a flood let in")
    )
    actions.register_action("standfirst.corrections.pile_drop", _("Side pile dropped"), _("Reports of a flood dropped"))
