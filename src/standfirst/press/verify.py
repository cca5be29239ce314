"""Does every stored page equal a fresh render? Names each difference."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import brotli

from standfirst.press import kept
from standfirst.press.catalogue import all_ahead
from standfirst.press.models import PressedPage
from standfirst.press.pressing import the_store
from standfirst.press.render import Rendered, render


@dataclass(frozen=True)
class Difference:
    """kind: stale, missing, extra, broken, waiting or failing."""

    path: str
    kind: str
    told: str


def differences() -> Iterator[Difference]:
    """Compare the store with fresh renders, page by page, while the paper lives.

    What changed between a first look and a second one is looked at again, so an editor at work causes no alarm.
    """
    known = set()
    for path in PressedPage.objects.order_by("path").values_list("path", flat=True):
        known.add(path)
        found = _compare(path)
        if found is not None and found.kind in ("stale", "missing", "broken", "extra"):
            found = _compare(path)
        if found is not None:
            yield found
    for path in sorted(set(the_store().paths()) - known):
        if not PressedPage.objects.filter(path=path).exists():
            yield Difference(path, "extra", "A file lies in the store that is no page of this newsroom.")
    for path in sorted(all_ahead() - known):
        if _fresh(path).status == 200 and not PressedPage.objects.filter(path=path).exists():
            yield Difference(path, "missing", "This page should be pressed ahead, and nobody asked for it.")
    gone = set(PressedPage.objects.filter(status=410).values_list("path", flat=True))
    for path in sorted(gone ^ set(the_store().gone())):
        yield Difference(path, "extra", "The list of withdrawn addresses and the table disagree.")


def _compare(path: str) -> Difference | None:
    page = PressedPage.objects.filter(path=path).first()
    if page is None:
        return None
    if page.failures:
        return Difference(path, "failing", page.failure.strip().rsplit("\n", 1)[-1])
    if page.wanted_at is not None:
        return Difference(path, "waiting", "It waits to be pressed.")
    stored = the_store().read(path)
    if page.status == 410:
        if stored is not None:
            return Difference(path, "extra", "A withdrawn page lies in the store.")
        status = _fresh(path).status
        return None if status == 410 else Difference(path, "stale", f"It is kept as withdrawn and answers {status}.")
    if stored is None:
        return Difference(path, "missing", "Its file is gone.")
    file = the_store().file(path)
    if gzip.decompress(file.with_name(file.name + ".gz").read_bytes()) != stored:
        return Difference(path, "broken", "Its gzip copy holds another text.")
    if brotli.decompress(file.with_name(file.name + ".br").read_bytes()) != stored:
        return Difference(path, "broken", "Its brotli copy holds another text.")
    fresh = _fresh(path)
    if fresh.status != 200:
        return Difference(path, "extra", f"It is stored, and a fresh render answers {fresh.status}.")
    if fresh.body != stored:
        return Difference(path, "stale", _where(stored, fresh.body))
    return None


def _fresh(path: str) -> Rendered:
    """Read anew to the last row: what is kept between renders may be what has gone stale."""
    kept.forget()
    return render(path)


def _where(stored: bytes, fresh: bytes) -> str:
    """The first place at which two pages differ, short enough for a line."""
    at = next((n for n, (a, b) in enumerate(zip(stored, fresh, strict=False)) if a != b), min(len(stored), len(fresh)))
    start = max(0, at - 20)
    old = stored[start : at + 40].decode(errors="replace")
    new = fresh[start : at + 40].decode(errors="replace")
    return f"It has {' '.join(old.split())!r} where a fresh render has {' '.join(new.split())!r}."
