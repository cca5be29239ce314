"""What a page shows, told while it is rendered (house rule: "a key on the page").

    shows("section:3")              the page shows this thing, or depends on this list
    changes_at(moment)              the page is another one after this moment, whatever anybody does
    with under("frame"): …          whatever is loaded in here goes by this one key

Outside a press these do nothing and cost next to nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

# Every page bears it, so it is not written down for each: masthead, menu, footer, whatever stands on all pages.
FRAME = "frame"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass
class Collected:
    """What one render was seen to show. `until`: when it stops being true by itself; None for never."""

    keys: set[str] = field(default_factory=set)
    until: dt.datetime | None = None
    quiet: int = 0
    # The newest refresh when the render began to ask for what is kept; None for not asked.
    number: int | None = None


_collected: ContextVar[Collected | None] = ContextVar("collected", default=None)


def collected_here() -> Collected | None:
    """What the render at work has collected so far; None outside of one."""
    return _collected.get()


def shows(*keys: str) -> None:
    """The page being pressed shows these; it is pressed anew when one of them is refreshed."""
    here = _collected.get()
    if here is not None and not here.quiet:
        here.keys.update(keys)


def changes_at(moment: dt.datetime | None) -> None:
    """The page being pressed is true until then; the earliest moment counts. None changes nothing."""
    here = _collected.get()
    if here is not None and moment is not None and (here.until is None or moment < here.until):
        here.until = moment


@contextmanager
def under(key: str) -> Iterator[None]:
    """Whatever is loaded inside goes by this one key, whose owner promises to refresh it."""
    here = _collected.get()
    if here is None:
        yield
        return
    shows(key)
    here.quiet += 1
    try:
        yield
    finally:
        here.quiet -= 1


def shown_under(key: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """`under` for a whole function."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def inside(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with under(key):
                return function(*args, **kwargs)

        return inside

    return decorate


@contextmanager
def collecting() -> Iterator[Collected]:
    """Listen to everything that is shown inside."""
    here = Collected()
    token = _collected.set(here)
    try:
        yield here
    finally:
        _collected.reset(token)
