"""`standfirst press status`, `rebuild` and `verify`: what they do and what they say."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from standfirst.ops import background, folders
from standfirst.ops.errors import Refused
from standfirst.ops.pressing import fingerprint
from standfirst.press import queue, selectors, services, verify
from standfirst.press.addresses import is_storable
from standfirst.press.catalogue import all_ahead
from standfirst.press.models import PressedPage
from standfirst.press.shown import FRAME

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

Said = tuple[dict[str, Any], list[str]]


def status(newsroom: Newsroom) -> Said:
    """What the store holds and how the press is doing."""
    state = selectors.press_state()
    runs = _background_runs(newsroom)
    lines = [f"{_pages(state.stored)} stored in {newsroom.press_store}."]
    if state.waiting and state.waiting_since:
        since = state.waiting_since.isoformat(timespec="seconds")
        lines.append(f"{_pages(state.waiting)} waiting to be pressed, the oldest since {since}.")
    else:
        lines.append("No page waits to be pressed.")
    if state.progress:
        lines.append(f"The frame changed: {state.progress.done} of {state.progress.total} pages are pressed anew.")
    if state.unfresh:
        lines.append(f"{_pages(state.unfresh)} served as before until pressed.")
    if state.late and state.late_since:
        lines.append(f"LATE: {_pages(state.late)} should have been pressed by {state.late_since:%Y-%m-%d %H:%M:%S %Z}.")
    lines += [_failure(failing) for failing in state.failures]
    if state.failing > len(state.failures):
        lines.append(f"… and {state.failing - len(state.failures)} more pages fail.")
    lines.append("The background process runs." if runs else "The background process does not run.")
    value = asdict(state)
    for failing in value["failures"]:
        failing["next_at"] = _iso(failing["next_at"])
    value |= {
        "waiting_since": _iso(state.waiting_since),
        "late_since": _iso(state.late_since),
        "background_runs": runs,
        "store": str(newsroom.press_store),
    }
    return value, lines


def rebuild(newsroom: Newsroom, *, key: str = "", path: str = "", now: bool = False) -> Said:
    """Have pages pressed anew: all, those that show a thing, or one address. Readers keep what is stored meanwhile.

    Raises Refused for an address that is never stored, a key no page bears, or `now` beside a background process.
    """
    runs = _background_runs(newsroom)
    if now and runs:
        raise Refused("The background process of this newsroom runs and presses what is wanted. Leave --now away.")
    if path and not is_storable(path):
        raise Refused(f"{path} is no address of a stored page. Give one such as /world/, beginning with a slash.")
    if key and not selectors.pages_showing(key).exists():
        raise Refused(f"No stored page shows {key}. Keys look like story:12 or section:3; `--path` names an address.")
    keys, paths = ({key} if key else set(), {path} if path else set())
    if not key and not path:
        keys, paths = {FRAME}, all_ahead()
    with transaction.atomic():
        services.refresh(keys=keys, paths=paths)
    queue.drain()
    asked = PressedPage.objects.filter(wanted_at__isnull=False).count()
    if not now:
        then = "the background process presses them" if runs else "they are pressed when the newsroom runs"
        return {"waiting": asked, "pressed": 0}, [f"{_pages(asked)} waiting to be pressed; {then}."]
    began = time.monotonic()
    # Held, so that a newsroom started meanwhile waits with its own background process.
    with folders.locked(newsroom.folder, background.LOCK):
        if not folders.is_locked(newsroom.folder):
            queue.start(fingerprint())
        pressed = queue.run()
    failures = selectors.press_state().failures
    value = {"waiting": 0, "pressed": pressed, "failing": [failing.path for failing in failures]}
    done = f"{_pages(pressed)} pressed in {time.monotonic() - began:.1f} seconds."
    return value, [done, *map(_failure, failures)]


def compare() -> Said:
    """Compare every stored page with a fresh render. Pages that only just began to wait are told apart."""
    found, waiting = [], 0
    for difference in verify.differences():
        if difference.kind == "waiting" and not _waits_long(difference.path):
            waiting += 1
        else:
            found.append(difference)
    compared = PressedPage.objects.count()
    lines = [f"{one.path}  {one.kind}: {one.told}" for one in found]
    if waiting:
        lines.append(f"{_pages(waiting)} waiting to be pressed and not compared.")
    if found:
        lines.append(f"{len(found)} of {_pages(compared)} not as a fresh render has it.")
    else:
        lines.append(f"{_pages(compared)} compared: each is what a fresh render gives.")
    value = {"compared": compared, "waiting": waiting, "differences": [asdict(one) for one in found]}
    return value, lines


def _background_runs(newsroom: Newsroom) -> bool:
    return folders.is_locked(newsroom.folder, background.LOCK)


def _waits_long(path: str) -> bool:
    before = timezone.now() - selectors.LATE_AFTER
    return PressedPage.objects.filter(path=path, wanted_at__lt=before).exists()


def _pages(count: int) -> str:
    return f"{count} page{'' if count == 1 else 's'}"


def _failure(failing: selectors.Failing) -> str:
    again = f", tried again at {failing.next_at:%H:%M:%S %Z}" if failing.next_at else ""
    return f"FAILS: {failing.path} ({failing.failures} times{again}): {failing.cause}"


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
