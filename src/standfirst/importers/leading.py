"""The texts that stood above the others on the old front page (sticky, featured) stand above the others here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from standfirst.fronts.intake import front_take_in
from standfirst.importers.memory import Memory
from standfirst.importers.records import Incoming
from standfirst.importers.report import Report
from standfirst.stories.models import StoryPage

_MAX = 200


class Leading:
    """Gathers them while they come in; `place` puts them on the fronts once all is in."""

    def __init__(self) -> None:
        self._foreign_ids: list[str] = []

    def add(self, item: Incoming) -> None:
        if item.leads_front and item.kind == "post" and len(self._foreign_ids) < _MAX:
            self._foreign_ids.append(item.foreign_id)

    def place(self, memory: Memory, report: Report) -> None:
        """The newest leads, the next stand beside it; a front that an editor has arranged stays as it is."""
        known = memory.get_many(("post",), self._foreign_ids).values() if self._foreign_ids else ()
        numbers = [row.object_id for row in known]
        stories = StoryPage.objects.filter(pk__in=numbers, live=True).order_by("-first_published_at")
        for story in front_take_in(stories=list(stories)):
            report.note(_("“%(title)s” stands at the top of the front, as it did there.") % {"title": story.title})
