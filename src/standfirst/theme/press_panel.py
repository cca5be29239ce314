"""The press on the first page of the desk: what is wrong first, then what waits, then what goes out next."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from laces.components import Component

from standfirst.press import heartbeat, selectors
from standfirst.stories.models import StoryPage
from standfirst.stories.selectors import going_out
from standfirst.theme import dates

# The clock acts to the second; what is later than this is stuck.
LATE_AFTER = dt.timedelta(minutes=1)
# Bytes; a large page with its packed copies, and the database's journal.
ROOM = 1 << 20


@dataclass(frozen=True)
class Planned:
    at: dt.datetime
    headline: str
    is_leaving: bool


class ThePress(Component):
    """For those who may publish. One line when all is well."""

    template_name = "theme/desk/press.html"
    order = 0

    class Media:
        js = ("theme/desk-press.js",)

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def state(self) -> selectors.State:
        return selectors.press_state()

    @cached_property
    def now(self) -> dt.datetime:
        return timezone.now()

    @cached_property
    def alarms(self) -> list[str]:
        """What somebody must see to, in sentences."""
        heard = heartbeat.heard(settings.NEWSROOM.folder)
        return [
            *_process_alarms(heard, self.now),
            *_disk_alarms(self.state, is_full=_is_full()),
            *_late_alarms(self.state),
            *_schedule_alarms(heard, self.planned, self.now),
        ]

    @cached_property
    def planned(self) -> list[Planned]:
        """What goes out or comes down by itself, the next first."""
        times = going_out()
        found = StoryPage.objects.filter(pk__in=times).only("pk", "title", "draft_title")
        planned = [Planned(times[story.pk], story.draft_title or story.title, False) for story in found]
        leaving = StoryPage.objects.filter(live=True, expire_at__isnull=False).only("pk", "title", "expire_at")
        planned += [Planned(story.expire_at, story.title, True) for story in leaving]
        return sorted(planned, key=lambda one: one.at)

    @property
    def is_calm(self) -> bool:
        return not self.alarms and not self.state.failing

    def get_context_data(self, parent_context: Any = None) -> Mapping[str, Any]:
        return {
            "alarms": self.alarms,
            "is_calm": self.is_calm,
            "state": self.state,
            "lines": _lines(self.state, self.is_calm),
            "failures": [
                {
                    "path": failing.path,
                    "cause": _cause(failing),
                    "next": when(failing.next_at, self.now) if failing.next_at else "",
                }
                for failing in self.state.failures
            ],
            "more": self.state.failing - len(self.state.failures),
            "next": _next(self.planned, self.now),
            "csrf_token": (parent_context or {}).get("csrf_token", ""),
        }


def when(moment: dt.datetime, now: dt.datetime) -> str:
    """A moment by the newsroom's clock: “14:05 Kyiv”, on another day with the day."""
    if dates.local(moment).date() == dates.local(now).date():
        return _("%(time)s %(city)s") % {"time": dates.clock(moment), "city": dates.city()}
    return dates.moment(moment)


def in_how_long(moment: dt.datetime, now: dt.datetime) -> str:
    """“in 4 minutes”, as exactly as one wants to know it."""
    minutes = round((moment - now).total_seconds() / 60)
    if minutes < 1:
        return _("in less than a minute")
    if minutes < 120:
        return ngettext("in %(count)s minute", "in %(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("in %(count)s hour", "in %(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}


def _next(planned: list[Planned], now: dt.datetime) -> str:
    coming = [one for one in planned if one.at > now]
    if not coming:
        return _("Nothing is planned to go out or come down by itself.")
    words = {"time": when(coming[0].at, now), "wait": in_how_long(coming[0].at, now), "headline": coming[0].headline}
    if coming[0].is_leaving:
        return _("Next: %(time)s, %(wait)s — “%(headline)s” leaves the paper.") % words
    return _("Next: %(time)s, %(wait)s — “%(headline)s”.") % words


def _lines(state: selectors.State, is_calm: bool) -> list[str]:
    now = timezone.now()
    found = []
    if state.waiting and state.waiting_since:
        words = {"count": state.waiting, "time": when(state.waiting_since, now)}
        found.append(
            ngettext(
                "%(count)s page waits to be pressed, since %(time)s.",
                "%(count)s pages wait to be pressed, the oldest since %(time)s.",
                state.waiting,
            )
            % words
        )
    elif is_calm:
        found.append(
            ngettext(
                "%(count)s page is pressed and up to date.",
                "All %(count)s pages are pressed and up to date.",
                state.stored,
            )
            % {"count": state.stored}
        )
    if state.unfresh:
        found.append(
            ngettext(
                "Readers see %(count)s page as it was before the last change.",
                "Readers see %(count)s pages as they were before the last change.",
                state.unfresh,
            )
            % {"count": state.unfresh}
        )
    return found


def _cause(failing: selectors.Failing) -> str:
    if failing.is_disk_full:
        return _("The disk is full.")
    if failing.error:
        return _("The disk refuses: %(cause)s.") % {"cause": failing.cause}
    return failing.cause


def _process_alarms(heard: heartbeat.Heartbeat, now: dt.datetime) -> list[str]:
    found = []
    if heard.is_silent(now):
        does = _(
            "Nothing goes out by itself, and changes reach only the story's own page. "
            "Tell whoever looks after the server: “standfirst doctor” says more."
        )
        if heard.at:
            since = _("The background process has not been heard since %(time)s.") % {"time": when(heard.at, now)}
        else:
            since = _("The background process does not run.")
        found.append(f"{since} {does}")
    for name, why in heard.trouble.items():
        found.append(
            _("A part of the background work fails (%(name)s) and is tried again: %(why)s")
            % {"name": name, "why": why.strip()}
        )
    return found


def _disk_alarms(state: selectors.State, *, is_full: bool) -> list[str]:
    refused = next((failing for failing in state.failures if failing.error), None)
    if refused is None and not is_full:
        return []
    cause = _cause(refused) if refused is not None else _("The disk is full.")
    return [
        _("The disk does not take new pages. Readers see the last good ones. %(cause)s Make room, or have it made.")
        % {"cause": cause}
    ]


def _is_full() -> bool:
    """Seen by ourselves: on a full disk the background process writes down no trouble, nor the database a failure."""
    newsroom = settings.NEWSROOM
    try:
        return any(shutil.disk_usage(place).free < ROOM for place in (newsroom.data, newsroom.press_store))
    except OSError:
        return False


def _late_alarms(state: selectors.State) -> list[str]:
    if not state.late or state.late_since is None:
        return []
    words = {"count": state.late, "time": when(state.late_since, timezone.now())}
    return [
        ngettext(
            "%(count)s page is late: it should have been pressed at %(time)s.",
            "%(count)s pages are late: the first should have been pressed at %(time)s.",
            state.late,
        )
        % words
    ]


def _schedule_alarms(heard: heartbeat.Heartbeat, planned: list[Planned], now: dt.datetime) -> list[str]:
    found = [
        _("%(what)s should have gone out or come down and could not: %(why)s")
        % {"what": one.get("title", ""), "why": one.get("reason", "")}
        for one in heard.failures
    ]
    told = [str(one.get("title", "")) for one in heard.failures]
    for one in planned:
        if now - one.at <= LATE_AFTER or any(title.startswith(one.headline) for title in told):
            continue
        words = {"headline": one.headline, "time": when(one.at, now)}
        if one.is_leaving:
            found.append(_("“%(headline)s” should have left the paper at %(time)s and is still there.") % words)
        else:
            found.append(_("“%(headline)s” should have gone out at %(time)s and has not.") % words)
    return found
