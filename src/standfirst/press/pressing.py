"""Press one page: render, keep, remember what it showed. The order of steps is the whole art.

See docs/decisions/2026-11-23-a-page-is-wanted-until-it-is-stored.md.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from standfirst.press.addresses import is_storable, kind_of
from standfirst.press.models import PageKey, PressedPage, PressState, Refresh, key_number
from standfirst.press.ranks import rank_of
from standfirst.press.render import Rendered, render
from standfirst.press.shown import FRAME
from standfirst.press.store import Store

log = logging.getLogger("standfirst.press")

LONGEST_PAUSE = dt.timedelta(hours=1)
# A page that was urgently refreshed while it was rendered is rendered again at once, so often at most.
_ATTEMPTS = 4
WAITS_FOR_WRITERS_MS = 1_000


@dataclass(frozen=True)
class Outcome:
    """What became of pressing an address. kept: it lies in the store, read it there."""

    status: int
    kept: bool
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@cache
def the_store() -> Store:
    return Store(settings.NEWSROOM.press_store)


def press_page(path: str) -> Outcome:
    """Press an address anew and keep it when it answers 200; otherwise see that nothing is stored there.

    Raises OSError when the disk refuses and DatabaseError when the database does: the page stays wanted and the
    one stored before stays.
    """
    with the_store().lock(path):
        return _press(path)


def demand(path: str, query: str = "") -> Outcome:
    """Answer for an address that has no file: press it, and keep it if it may be kept. Raises nothing.

    503: the database is away. `query` matters only to old addresses that were one.
    """
    try:
        if query:
            asked = render(path, query)
            if asked.status in (301, 302, 307, 308):
                return _not_kept(asked)
        if not is_storable(path):
            return _not_kept(render(path))
        try:
            with the_store().lock(path):
                # Somebody may have pressed it while we waited.
                if (
                    the_store().size(path)
                    and PressedPage.objects.filter(path=path, wanted_at=None, status=200).exists()
                ):
                    return Outcome(200, kept=True)
                with _soon_tired_of_waiting():
                    return _press(path)
        except (OSError, OperationalError) as error:
            if isinstance(error, OperationalError) and "locked" not in str(error):
                raise  # away: nothing can be read either
            # A full disk, or somebody who writes for long, such as an archive that moves in.
            log.warning("%s could not be kept: %s. It is answered without being kept.", path, error)
            return _not_kept(render(path))
    except DatabaseFailed:
        log.warning("The database did not answer for %s.", path)
        return Outcome(503, kept=False)


@contextmanager
def _soon_tired_of_waiting() -> Iterator[None]:
    """A reader waits for this page: better unkept at once than kept when a long write of SQLite is over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {min(patience, WAITS_FOR_WRITERS_MS)}")
    try:
        yield
    finally:
        if connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {patience}")


def _not_kept(rendered: Rendered) -> Outcome:
    status = 503 if rendered.is_away else rendered.status
    return Outcome(status, False, rendered.body, tuple(rendered.headers))


def _press(path: str) -> Outcome:
    """With the address locked."""
    for _attempt in range(_ATTEMPTS):
        number = PressState.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        began = time.monotonic()
        rendered = render(path)
        took_ms = round((time.monotonic() - began) * 1000)
        if rendered.status == 500:
            if rendered.is_away:
                if "locked" in rendered.failure:
                    # It is there, but somebody writes for long: the page wanted to write too, a picture's new size.
                    raise OperationalError(f"database is locked while rendering {path}")
                return Outcome(503, kept=False)
            _failed(path, rendered.failure)
            return _not_kept(rendered)
        status = _status_to_keep(path, rendered)
        if status is None:
            _leaves(path, number)
            return _not_kept(rendered)
        page = _wanted_row(path, number)
        if page.urgent > number or _urgently_refreshed(rendered, number):
            # What we hold was rendered before somebody took a thing back. It must not be shown, not even for a moment.
            continue
        store = the_store()
        if status == 200:
            store.set_headers(kind_of(path) or "", [*rendered.headers])
            if not store.holds(path, rendered.body):
                store.write(path, rendered.body)
        else:
            store.remove(path)
        _remember(page, rendered, status=status, number=number, took_ms=took_ms)
        if 410 in (status, page.status):
            tell_gone()
        if status != 200:
            return _not_kept(rendered)
        return Outcome(200, kept=True)
    return Outcome(503, kept=False)


def _status_to_keep(path: str, rendered: Rendered) -> int | None:
    """200: keep the file. 410: keep the fact that it is withdrawn. None: nothing may be stored here."""
    if not is_storable(path) or not rendered.may_be_kept:
        return None
    return rendered.status if rendered.status in (200, 410) else None


def _wanted_row(path: str, number: int) -> PressedPage:
    """The page's row, wanted: written down before its file is touched, so that a crash leaves it to be done again."""
    page, is_new = PressedPage.objects.get_or_create(
        path=path, defaults={"wanted": number, "wanted_at": timezone.now(), "rank": rank_of(path)}
    )
    if not is_new and page.wanted_at is None:
        page.wanted_at = timezone.now()
        PressedPage.objects.filter(pk=page.pk, wanted_at=None).update(wanted_at=page.wanted_at)
    return page


def _urgently_refreshed(rendered: Rendered, number: int) -> bool:
    rows = Refresh.objects.filter(number__gt=number, is_urgent=True).values_list("keys", flat=True)
    return any(not rendered.keys.isdisjoint(keys) for keys in rows)


def _remember(page: PressedPage, rendered: Rendered, *, status: int, number: int, took_ms: int) -> None:
    """Store the page's keys and mark it fresh, unless something it shows was refreshed since `number`."""
    now = timezone.now()
    keys = {key_number(key) for key in rendered.keys}
    with transaction.atomic():
        state = PressState.locked()
        row = PressedPage.objects.select_for_update().get(pk=page.pk)
        newest = _newest_refresh(rendered.keys, page.path, after=number, state=state)
        if newest:
            row.wanted = max(row.wanted, newest)
        had = set(PageKey.objects.filter(page=row).values_list("key", flat=True))
        if had - keys:
            PageKey.objects.filter(page=row, key__in=had - keys).delete()
        PageKey.objects.bulk_create([PageKey(page=row, key=key) for key in keys - had])
        row.status, row.fresh, row.took_ms, row.pressed_at = status, number, took_ms, now
        row.size = the_store().size(page.path) if status == 200 else 0
        row.valid_until = rendered.until
        row.failures, row.failure, row.try_at = 0, "", None
        is_past = rendered.until is not None and rendered.until <= now
        if row.wanted <= number and not is_past:
            row.wanted_at = None
        row.save()


def _newest_refresh(keys: frozenset[str], path: str, *, after: int, state: PressState) -> int:
    """The highest number above `after` that concerns these keys or this path; 0 when none does."""
    if after < state.forgotten:
        return state.number
    newest = 0
    for number, theirs, paths in Refresh.objects.filter(number__gt=after).values_list("number", "keys", "paths"):
        if FRAME in theirs or path in paths or not keys.isdisjoint(theirs):
            newest = max(newest, number or 0)
    return newest


def _leaves(path: str, number: int) -> None:
    """Nothing stands at this address: no file, and no row unless it is wanted again already."""
    if not is_storable(path):
        return
    row = PressedPage.objects.filter(path=path).first()
    if row is None:
        # No page of ours, so there can be no file either, unless somebody laid one there.
        if the_store().size(path):
            the_store().remove(path)
        return
    was_gone = row.status == 410
    the_store().remove(path)
    with transaction.atomic():
        state = PressState.locked()
        row = PressedPage.objects.select_for_update().get(pk=row.pk)
        newest = _newest_refresh(frozenset(), path, after=number, state=state)
        if newest or row.wanted > number:
            row.wanted, row.status, row.size = max(row.wanted, newest), 0, 0
            row.wanted_at = row.wanted_at or timezone.now()
            row.save()
            PageKey.objects.filter(page=row).delete()
        else:
            row.delete()
    if was_gone:
        tell_gone()


def _failed(path: str, failure: str) -> None:
    """A failed render never replaces a good page; it is tried again, less and less often, and told at the desk."""
    row = PressedPage.objects.filter(path=path).first()
    if row is None:
        return
    now = timezone.now()
    failures = min(row.failures + 1, 1000)
    pause = min(LONGEST_PAUSE, dt.timedelta(seconds=5) * 2 ** min(failures - 1, 12))
    PressedPage.objects.filter(pk=row.pk).update(
        failures=failures, failure=failure[:4000], try_at=now + pause, wanted_at=row.wanted_at or now
    )
    log.error("%s could not be pressed (attempt %s); the page before it is kept.\n%s", path, failures, failure)


def tell_gone() -> None:
    """The store's list of withdrawn addresses, as the table has it."""
    the_store().set_gone(lambda: PressedPage.objects.filter(status=410).values_list("path", flat=True))
