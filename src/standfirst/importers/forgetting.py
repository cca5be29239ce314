"""What reports of imports say of a story whose words were withheld and are destroyed now."""

from __future__ import annotations

from standfirst.importers.models import MoveEntry
from standfirst.kit.masking import Mask


def report_forget(story: int, mask: Mask | None) -> None:
    """Take words out of the lines about a story; without a mask, all that they say of its text."""
    for entry in MoveEntry.objects.filter(page_id=story):
        if mask is None:
            entry.title, entry.changes, entry.details, entry.sought = "—", [], {}, ""
        else:
            entry.title, entry.sought = mask.text(entry.title)[:500], mask.text(entry.sought)
            entry.changes, entry.details = mask.data(entry.changes), mask.data(entry.details)
        entry.save(update_fields=["title", "changes", "details", "sought"])
