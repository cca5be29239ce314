"""What the press knows of a story, on its form: when it was pressed, what waits, which pages show it."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from standfirst.people.selectors import may_publish
from standfirst.press.selectors import PageState, page_state, pages_showing
from standfirst.stories.models import StoryPage

# The first screen of them; a story on hundreds of pages needs no list of hundreds.
SHOWN = 20


class PressedPanel(Panel):
    """Only to read, and only for stories that readers have seen."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/desk/pressed.html"

        @cached_property
        def public_path(self) -> str:
            # Not the working copy's: that one may be older than the publication.
            found = StoryPage.objects.filter(pk=self.instance.pk).values_list("public_path", flat=True).first()
            return str(found or "")

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.public_path)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = page_state(self.public_path)
            pages = pages_showing(f"{StoryPage.press_kind}:{self.instance.pk}")
            # Pages that would show it again still depend on one that was withdrawn.
            total = 0 if page and page.status == 410 else pages.count()
            return {
                "self": self,
                "sentences": _sentences(page, tells_why=may_publish(self.request.user)),
                "is_failing": bool(page and page.failing),
                "pages": list(pages.values_list("path", flat=True)[:SHOWN]) if total else [],
                "total": total,
                "more": max(0, total - SHOWN),
            }


def _sentences(page: PageState | None, *, tells_why: bool) -> list[str]:
    if page is None:
        return [_("Not pressed yet. The first reader who comes has it pressed.")]
    found = []
    if page.status == 410:
        found.append(_("Withdrawn. Its address says so."))
    elif page.pressed_at and page.status:
        words = {"time": _at(page.pressed_at), "count": page.took_ms}
        # Translators: a moment to the second, then how many thousandths of a second it took.
        found.append(_("Pressed %(time)s, in %(count)s ms.") % words)
    if page.failing:
        why = page.failing.cause if tells_why else _("an editor sees why on the first page of the desk")
        found.append(_("It could not be pressed anew: %(why)s") % {"why": why})
        if page.failing.next_at:
            found.append(_("Next attempt: %(time)s.") % {"time": _at(page.failing.next_at)})
    elif page.waits_since:
        found.append(_("It waits to be pressed, since %(time)s.") % {"time": _at(page.waits_since)})
    if page.waits_since and page.status == 200:
        found.append(_("Until then readers see it as it was."))
    return found


def _at(moment: dt.datetime) -> str:
    """By the clock of whoever looks, as everywhere on this form; the day where it is not today."""
    here = timezone.localtime(moment)
    return written(here, "H:i:s" if here.date() == timezone.localdate() else "j E Y, H:i:s")
