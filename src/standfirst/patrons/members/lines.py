"""What a list says of one person, whatever wrote it. Imports no model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.errors import NoAddress

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


class BadLine(Exception):
    """This line cannot be taken; its text is the sentence for it."""


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
