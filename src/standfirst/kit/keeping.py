"""The privacy register: what each room keeps about a person, why, for how long, and how it lets go of it.

A room registers a `Holding` for each kind of thing it keeps when the application starts. The readers' room walks them
for an export and an erasure, the daily job for what is due, and the privacy page prints them
(docs/decisions/2026-11-23-readers-mailroom-and-patrons-are-three-rooms.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: A text, or one that is translated when it is shown.
Words = Any

#: Why the law lets the paper keep something (GDPR, Art. 6).
CONSENT, CONTRACT = "consent", "contract"
LEGAL_OBLIGATION, LEGITIMATE_INTEREST = "legal obligation", "legitimate interest"
BASES = (CONSENT, CONTRACT, LEGAL_OBLIGATION, LEGITIMATE_INTEREST)


@dataclass(frozen=True)
class Erased:
    """What became of an erasure: how many rows went or lost the person, and what stays, why, and until when."""

    done: int
    kept: Words = ""
    until: dt.date | None = None


@dataclass(frozen=True)
class Holding:
    """One kind of thing that is kept about people, by one room.

    key: "room.thing". what, why, how_long: sentences for readers, translatable. basis: one of BASES.
    given: all that is kept under this e-mail address, as plain data (text, numbers, dates, lists) for an export.
    erase: let go of it. Touches the database alone (it is also run for show, and rolled back); a company is told
    on commit. forget_due: delete what has had its time, and say how many; safe to run twice.
    Addresses are handed in as `kit.mailaddress.normal` writes them.
    """

    key: str
    what: Words
    why: Words
    how_long: Words
    basis: str
    given: Callable[[str], list[dict[str, Any]]]
    erase: Callable[[str], Erased]
    forget_due: Callable[[], int] | None = None


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Enter a holding; the same key twice is the later one."""
    if holding.basis not in BASES:
        raise ValueError(f"“{holding.basis}” is no basis for {holding.key}. The bases are {', '.join(BASES)}.")
    _HOLDINGS[holding.key] = holding


def holdings() -> list[Holding]:
    """All of them, by key, so that every process prints and walks them in one order."""
    return [_HOLDINGS[key] for key in sorted(_HOLDINGS)]


def nothing_given(email: str) -> list[dict[str, Any]]:
    """For what is kept without any person."""
    return []


def nothing_erased(email: str) -> Erased:
    """For what is kept without any person."""
    return Erased(0)
