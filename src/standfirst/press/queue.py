"""The press's work: what was refreshed becomes wanted, what is wanted is pressed, most-read first."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from standfirst.press.addresses import is_storable
from standfirst.press.catalogue import all_ahead
from standfirst.press.models import PageKey, PressedPage, PressState, Refresh, key_number
from standfirst.press.pressing import LONGEST_PAUSE, press_page, tell_gone, the_store
from standfirst.press.ranks import rank_of
from standfirst.press.render import note_origin
from standfirst.press.shown import FRAME

log = logging.getLogger("standfirst.press")

_ROWS_AT_ONCE = 200
_ADDRESSES_AT_ONCE = 500
# Numbered refreshes are kept for renders that began before them; one that takes longer is pressed again.
_REMEMBERED = 1_000
# After so many pages the queue is looked at again for what is more urgent.
_PAGES_AT_ONCE = 20
# A clock that is set by less was kept right, not put right.
CLOCK_SLACK = dt.timedelta(seconds=60)


def drain() -> int:
    """Number what was committed and mark as wanted whatever bears its keys. Returns how many refreshes there were.

    Files of what was refreshed urgently are gone when this returns.
    """
    total = 0
    while Refresh.objects.filter(number__isnull=True).exists():
        urgent: list[str] = []
        with transaction.atomic():
            state = PressState.locked()
            rows = list(Refresh.objects.filter(number__isnull=True).order_by("pk")[:_ROWS_AT_ONCE])
            for row in rows:
                state.number += 1
                row.number = state.number
            Refresh.objects.bulk_update(rows, ["number"])
            calm = [row for row in rows if not row.is_urgent]
            pressing = [row for row in rows if row.is_urgent]
            for some in (calm, pressing):
                if some:
                    _want(some, state.number)
            for bearing in _bearing(pressing) if pressing else ():
                urgent += bearing.values_list("path", flat=True)
                bearing.update(urgent=state.number)
            oldest = state.number - _REMEMBERED
            if oldest > state.forgotten + _REMEMBERED:
                Refresh.objects.filter(number__lte=oldest).delete()
                state.forgotten = oldest
            state.save()
        for path in dict.fromkeys(urgent):
            _take_away(path)
        total += len(rows)
    return total


def _want(rows: Iterable[Refresh], number: int) -> None:
    for bearing in _bearing(rows):
        bearing.update(wanted=number, wanted_at=Coalesce("wanted_at", timezone.now()), try_at=None)
    wanted = {path for row in rows for path in row.paths if is_storable(path)}
    now = timezone.now()
    PressedPage.objects.bulk_create(
        [PressedPage(path=path, wanted=number, wanted_at=now, rank=rank_of(path)) for path in sorted(wanted)],
        ignore_conflicts=True,
        batch_size=_ADDRESSES_AT_ONCE,
    )


def _bearing(rows: Iterable[Refresh]) -> list[QuerySet[PressedPage]]:
    """The pages that bear a key of these refreshes, and those that are named by them; one page may be among both.

    Not in one question: a database that is asked for either looks at every page there is.
    """
    keys = {key for row in rows for key in row.keys}
    if FRAME in keys:
        return [PressedPage.objects.all()]
    paths = {path for row in rows for path in row.paths}
    tied = PageKey.objects.filter(key__in=[key_number(key) for key in sorted(keys)])
    return [PressedPage.objects.filter(pk__in=tied.values("page")), PressedPage.objects.filter(path__in=sorted(paths))]


def _take_away(path: str) -> None:
    try:
        with the_store().lock(path):
            the_store().remove(path)
    except OSError:
        log.exception("%s was withdrawn, and its file could not be removed.", path)


def mark_due() -> int:
    """What is no longer true by the clock is wanted now. Returns how many pages."""
    now = timezone.now()
    return PressedPage.objects.filter(wanted_at=None, valid_until__lte=now).update(wanted_at=now)


def want_those_ahead() -> int:
    """Want what was pressed while the clock was ahead: it may show what is yet to come. Returns how many pages."""
    now = timezone.now()
    ahead = PressedPage.objects.filter(pressed_at__gt=now + CLOCK_SLACK)
    return ahead.update(wanted_at=Coalesce("wanted_at", now), try_at=None)


def run(*, stopping: Callable[[], bool] = lambda: False, most: int | None = None) -> int:
    """Press what is wanted until nothing is, or `most` pages were. Returns how many were pressed."""
    done = 0
    while not stopping():
        drain()
        mark_due()
        now = timezone.now()
        # Later than the longest pause: the clock was ahead when it was set.
        is_ready = Q(try_at=None) | Q(try_at__lte=now) | Q(try_at__gt=now + LONGEST_PAUSE)
        ready = PressedPage.objects.filter(is_ready, wanted_at__isnull=False)
        paths = list(ready.order_by("-rank", "-reads", "-pk").values_list("path", flat=True)[:_PAGES_AT_ONCE])
        if not paths:
            break
        for path in paths:
            if stopping() or (most is not None and done >= most):
                return done
            press_and_tell(path)
            done += 1
            if Refresh.objects.filter(number__isnull=True).exists():
                # Something more urgent may have come; and while it waits, nothing that pages share is kept.
                break
    return done


def press_and_tell(path: str) -> None:
    """Press a page; a disk that refuses is noted like a render that failed, and the work goes on."""
    try:
        press_page(path)
    except OSError as error:
        now = timezone.now()
        log.error("%s could not be stored: %s", path, error)
        PressedPage.objects.filter(path=path).update(
            failures=F("failures") + 1, failure=str(error), try_at=now + dt.timedelta(seconds=30)
        )


def next_at() -> dt.datetime | None:
    """When something is to be pressed next by the clock; None when nothing is planned."""
    due = PressedPage.objects.filter(valid_until__isnull=False, wanted_at=None).order_by("valid_until")
    again = PressedPage.objects.filter(wanted_at__isnull=False)
    moments = [
        due.values_list("valid_until", flat=True).first(),
        again.filter(try_at__isnull=False).order_by("try_at").values_list("try_at", flat=True).first(),
        timezone.now() if again.filter(try_at=None).exists() else None,
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def start(fingerprint: str) -> None:
    """Put the store and the table in agreement, as the background process does when it begins.

    Pages of another release or other settings are wanted anew, and serve meanwhile; missing files are wanted, files
    of no page are removed, and so is what was taken back just before the last end. The caller is the only presser.
    """
    store = the_store()
    store.sweep()
    note_origin()
    with transaction.atomic():
        state = PressState.locked()
        is_other = state.fingerprint != fingerprint
        if is_other:
            state.number += 1
            state.fingerprint = fingerprint
            PressedPage.objects.update(
                wanted=state.number, wanted_at=Coalesce("wanted_at", timezone.now()), try_at=None
            )
            Refresh.objects.create(number=state.number, keys=[FRAME])
            state.save()
    if is_other:
        want_paths(all_ahead())
    agree()


def want_paths(paths: Iterable[str]) -> None:
    """Press these addresses, whether they were known or not."""
    wanted = sorted(path for path in set(paths) if is_storable(path))
    now = timezone.now()
    for start_at in range(0, len(wanted), _ADDRESSES_AT_ONCE):
        part = wanted[start_at : start_at + _ADDRESSES_AT_ONCE]
        with transaction.atomic():
            state = PressState.locked()
            PressedPage.objects.bulk_create(
                [PressedPage(path=path, wanted=state.number, wanted_at=now, rank=rank_of(path)) for path in part],
                ignore_conflicts=True,
            )
            PressedPage.objects.filter(path__in=part, wanted_at=None).update(wanted_at=now)


def agree() -> None:
    """What the table says is stored is stored, and nothing else is."""
    store = the_store()
    known: dict[str, tuple[int, bool]] = {}
    missing = []
    rows = PressedPage.objects.values_list("path", "status", "size", "urgent", "fresh")
    for path, status, size, urgent, fresh in rows.iterator():
        is_stored = status == 200 and urgent <= fresh
        known[path] = (size, is_stored)
        if is_stored and store.size(path) != size:
            missing.append(path)
    for path in list(store.paths()):
        if not is_storable(path):
            (store.pages / path[1:]).unlink(missing_ok=True)
        elif not known.get(path, (0, False))[1]:
            store.remove(path)
    want_paths(missing)
    tell_gone()


def note_reads(reads: Mapping[str, int]) -> None:
    """How often pages were read lately; what is read most is pressed first. Older counts lose half their weight."""
    with transaction.atomic():
        PressedPage.objects.filter(reads__gt=0).update(reads=F("reads") / 2)
        for start_at in range(0, len(reads), _ADDRESSES_AT_ONCE):
            part = dict(list(reads.items())[start_at : start_at + _ADDRESSES_AT_ONCE])
            PressedPage.objects.filter(path__in=list(part)).update(
                reads=F("reads")
                + Case(*(When(path=path, then=Value(count)) for path, count in part.items()), default=Value(0))
            )
