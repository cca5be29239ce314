"""What a list says of one person, whatever wrote it. Imports no model."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.errors import NoAddress
from standfirst.patrons.tables import moment_of

#: Services whose lists name all who give there: whoever is not in a newer one has left.
WHOLE = frozenset({"patreon", "buymeacoffee", "kofi"})


@dataclass(frozen=True)
class Given:
    """What somebody gives elsewhere. until: paid so long. goes_on: it renews there by itself.

    failed_at: when the last payment did not go through. is_taken_back: what was paid went back.
    """

    kind: str = "own"
    tier: str = ""
    amount_minor: int = 0
    currency: str = ""
    period: str = "month"
    until: dt.datetime | None = None
    goes_on: bool = True
    failed_at: dt.datetime | None = None
    is_taken_back: bool = False
    number: str = ""
    customer: str = ""


@dataclass(frozen=True)
class Line:
    """One person. number: of the line in the file. passed_over: why nothing is taken of it, in a few words."""

    number: int
    email: str
    name: str = ""
    joined_at: dt.datetime | None = None
    labels: tuple[str, ...] = ()
    note: str = ""
    member: str = ""
    wants_letters: bool = False
    given: Given | None = None
    passed_over: str = ""


@dataclass(frozen=True)
class Problem:
    """A line that cannot be read, and why, in a sentence."""

    line: int
    sentence: str


@dataclass
class List:
    """A file as it was read. source: "patreon", "kofi", "buymeacoffee", "ghost"."""

    source: str
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """What becomes of one person's pledge. before, after: states; "" for none."""

    line: int
    email: str
    before: str
    after: str
    until: dt.datetime | None = None
    is_new: bool = False


@dataclass
class Report:
    """All that an import does, or would do. passed_over: reason → how many. is_done: it was written down."""

    source: str
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    people: int = 0
    letters: int = 0
    without_letters: Counter[str] = field(default_factory=Counter)
    tiers_missing: Counter[str] = field(default_factory=Counter)
    is_done: bool = False


class BadLine(Exception):
    """This line cannot be taken; its text is the sentence for it."""


def each(found: List, cells: list[tuple[int, dict[str, str]]], read: Callable[[int, dict[str, str]], Line]) -> List:
    """Read every line by `read` into a list; those that cannot be taken, or name somebody twice, are its problems."""
    seen: dict[str, int] = {}
    for number, one in cells:
        try:
            line = read(number, one)
            if line.email in seen:
                raise BadLine(
                    _("%(email)s stands in line %(line)d already.") % {"email": line.email, "line": seen[line.email]}
                )
        except BadLine as bad:
            found.problems.append(Problem(number, str(bad)))
            continue
        seen[line.email] = number
        found.lines.append(line)
    return found


def moment_in(text: str) -> dt.datetime | None:
    """None for an empty cell. Raises BadLine."""
    if not text:
        return None
    found = moment_of(text)
    if found is None:
        raise BadLine(_("“%(text)s” is no date.") % {"text": text[:40]})
    return found


def email_of(text: str) -> str:
    try:
        return address_checked(text)
    except NoAddress as error:
        if not normal(text):
            raise BadLine(_("There is no e-mail address.")) from error
        raise BadLine(str(error)) from error


def amount_of(text: str, currency: str) -> int:
    """Minor units; 0 for an empty cell."""
    text = text.strip().strip("$€£₴ ").removesuffix(currency).strip()
    if not text:
        return 0
    try:
        amount = money.minor_of(text, currency)
    except money.NotMoney as error:
        raise BadLine(_("“%(text)s” is no amount.") % {"text": text[:40]}) from error
    if not 0 <= amount <= money.LARGEST_MINOR:
        raise BadLine(_("“%(text)s” is no amount.") % {"text": text[:40]})
    return amount


def currency_of(text: str, usual: str) -> str:
    code = text.strip().upper()
    if not code:
        return usual
    if code not in money.CURRENCIES:
        raise BadLine(_("“%(text)s” is no currency. It has three letters, such as UAH or EUR.") % {"text": text[:40]})
    return code
