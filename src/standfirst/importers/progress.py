"""How an import speaks to a terminal: a progress bar (in a log a line now and then), and its expected ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TextIO, TypeVar

from django.utils.translation import gettext as _

from standfirst.importers.errors import ImportRefused

_WIDTH = 30
Done = TypeVar("Done")


class Bar(Protocol):
    def __call__(self, total: int, *, more: Callable[[], str] | None = None) -> Progress: ...


class Progress:
    """Shows how far an import is, how fast, and how long the rest takes."""

    def __init__(self, out: TextIO | None, total: int, *, more: Callable[[], str] | None = None) -> None:
        """more: what else to say at each step, such as how much was downloaded."""
        self._more = more or (lambda: "")
        self._out = out
        self._total = max(1, total)
        self._began = time.monotonic()
        self._shown = 0.0
        self._is_terminal = bool(out and out.isatty())

    def at(self, done: int) -> None:
        now = time.monotonic()
        if self._out is None or now - self._shown < (0.2 if self._is_terminal else 15):
            return
        self._shown = now
        rate = done / max(0.001, now - self._began)
        rest = (self._total - done) / rate if rate else 0
        share = min(1.0, done / self._total)
        bar = "#" * int(share * _WIDTH)
        words = _("%(done)d of %(total)d, %(rate).0f a second, %(rest)d s left") % {
            "done": done,
            "total": self._total,
            "rate": rate,
            "rest": int(rest),
        }
        words += self._more()
        if self._is_terminal:
            self._out.write(f"\r[{bar:<{_WIDTH}}] {words}\033[K")
        else:
            self._out.write(f"{words}\n")
        self._out.flush()

    def more(self, things: int) -> None:
        """There is more to do than was known at the beginning."""
        self._total += things

    def end(self) -> None:
        if self._out is not None and self._is_terminal:
            self._out.write("\r\033[K")
            self._out.flush()


def attended(act: Callable[[Bar], Done], *, err: TextIO, stopped: str) -> Done | None:
    """Do it for whoever sits at the terminal; `act` is handed what makes a bar on `err` as soon as it knows how long.

    None when it was refused, or ended with Ctrl+C, for which `stopped` is the sentence: one line on `err` says so.
    """
    bars: list[Progress] = []

    def bar(total: int, *, more: Callable[[], str] | None = None) -> Progress:
        bars.append(Progress(err, total, more=more))
        return bars[-1]

    try:
        try:
            return act(bar)
        finally:
            for one in bars:
                one.end()
    except ImportRefused as refusal:
        err.write(f"{refusal}\n")
    except KeyboardInterrupt:
        err.write(f"{stopped}\n")
    return None
