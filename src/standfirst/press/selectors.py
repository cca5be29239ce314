"""How the press is doing: for the desk, the command line and the doctor."""

from __future__ import annotations

import datetime as dt
import errno
import re
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from standfirst.press.addresses import INTERNAL
from standfirst.press.models import PressedPage, Refresh, key_number
from standfirst.press.shown import FRAME

# A page usually waits for less than a second.
LATE_AFTER = dt.timedelta(seconds=60)
# So many failing pages are named; a mistake that breaks every page needs no list.
NAMED = 20
_REFUSED_BY_DISK = re.compile(r"\[Errno (\d+)\] ([^:]+)")


@dataclass(frozen=True)
class Failing:
    """A page that could not be pressed; the one before it is served. error: of the disk's refusal, 0 for another."""

    path: str
    cause: str
    failures: int
    next_at: dt.datetime | None
    error: int = 0

    @property
    def is_disk_full(self) -> bool:
        return self.error in (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Progress:
    """How far a change of the frame has come."""

    done: int
    total: int


@dataclass(frozen=True)
class State:
    """The press in numbers.

    stored: pages that readers can open · waiting: to be pressed anew, failing ones apart · unfresh: stored pages that
    are served though something on them has changed · late: should have been pressed more than a minute ago, and
    nothing is being pressed.
    """

    stored: int
    waiting: int
    waiting_since: dt.datetime | None
    unfresh: int
    failing: int
    failures: tuple[Failing, ...]
    late: int
    late_since: dt.datetime | None
    progress: Progress | None

    @property
    def disk_refuses(self) -> bool:
        return any(failing.error for failing in self.failures)


@dataclass(frozen=True)
class PageState:
    """One page: what is stored of it, and what is wrong with it."""

    path: str
    status: int
    pressed_at: dt.datetime | None
    took_ms: int
    waits_since: dt.datetime | None
    failing: Failing | None


def press_state() -> State:
    """The press as it stands now."""
    now = timezone.now()
    wanted = PressedPage.objects.filter(wanted_at__isnull=False)
    waiting = wanted.filter(failures=0)
    waits = waiting.aggregate(count=Count("pk"), since=Min("wanted_at"), fresh=Min("fresh"))
    failing = failing_pages()
    failures = failing.count()
    late, late_since = _late(now)
    return State(
        stored=PressedPage.objects.filter(status=200).count(),
        waiting=waits["count"],
        waiting_since=waits["since"],
        unfresh=unfresh_pages().count(),
        failing=failures,
        failures=tuple(map(_failing, failing[:NAMED])) if failures else (),
        late=late,
        late_since=late_since,
        progress=_progress(waiting, waits["fresh"]) if waits["count"] else None,
    )


def failing_pages() -> QuerySet[PressedPage]:
    """Pages that could not be pressed, those most people read first."""
    return PressedPage.objects.filter(failures__gt=0, wanted_at__isnull=False).order_by("-rank", "-reads", "path")


def unfresh_pages() -> QuerySet[PressedPage]:
    """Pages readers get as they were before something on them changed; one that was taken back is not among them."""
    return PressedPage.objects.filter(status=200, wanted_at__isnull=False, urgent__lte=F("fresh")).order_by(
        "-rank", "-reads", "path"
    )


def page_state(path: str) -> PageState | None:
    """What the press knows of an address; None when it was never asked for it."""
    page = PressedPage.objects.filter(path=path).first()
    if page is None:
        return None
    return PageState(
        path=page.path,
        status=page.status,
        pressed_at=page.pressed_at,
        took_ms=page.took_ms,
        waits_since=page.wanted_at,
        failing=_failing(page) if page.failures else None,
    )


def pages_showing(key: str) -> QuerySet[PressedPage]:
    """The stored pages that show this thing, those most people read first."""
    showing = PressedPage.objects.filter(status=200, keys__key=key_number(key)).exclude(path__startswith=INTERNAL)
    return showing.order_by("-rank", "-reads", "path")


def _failing(page: PressedPage) -> Failing:
    cause = page.failure.strip().rsplit("\n", 1)[-1]
    disk = _REFUSED_BY_DISK.match(cause)
    return Failing(
        path=page.path,
        cause=disk[2].strip() if disk else cause,
        failures=page.failures,
        next_at=page.try_at,
        error=int(disk[1]) if disk else 0,
    )


def _late(now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """Pages nobody is working on, and since when. A long queue that moves is not late."""
    before = now - LATE_AFTER
    if PressedPage.objects.filter(pressed_at__gt=before).exists():
        return 0, None
    waited = PressedPage.objects.filter(failures=0, wanted_at__lt=before)
    due = PressedPage.objects.filter(wanted_at=None, valid_until__lt=before)
    # Not yet seen by the queue: which pages they concern is not known.
    unseen = Refresh.objects.filter(number__isnull=True, created_at__lt=before)
    since = [
        waited.aggregate(oldest=Min("wanted_at"))["oldest"],
        due.aggregate(oldest=Min("valid_until"))["oldest"],
        unseen.aggregate(oldest=Min("created_at"))["oldest"],
    ]
    moments = [moment for moment in since if moment is not None]
    if not moments:
        return 0, None
    return max(1, waited.count() + due.count()), min(moments)


def _progress(waiting: QuerySet[PressedPage], oldest: int) -> Progress | None:
    """Of the last change of the frame, while pages wait because of it. oldest: the lowest `fresh` of those pages."""
    later = Refresh.objects.filter(number__gt=oldest).order_by("-number").values_list("number", "keys")
    number = next((number for number, keys in later.iterator() if FRAME in keys), None)
    if number is None or not waiting.filter(fresh__lt=number).exists():
        return None
    every = PressedPage.objects.aggregate(total=Count("pk"), done=Count("pk", filter=Q(fresh__gte=number)))
    return Progress(done=every["done"], total=every["total"])
