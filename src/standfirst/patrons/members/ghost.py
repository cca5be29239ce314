"""Ghost's list of members: the CSV of *Members, Export all members*, or the file that its import puts aside."""

from __future__ import annotations

import datetime as dt
import json

from django.utils.translation import gettext as _

from standfirst.patrons.errors import NotRead
from standfirst.patrons.ledger import Period, after
from standfirst.patrons.members.lines import Given, Line, List, each, email_of, moment_in
from standfirst.patrons.tables import cells_of, heading, text_of

COLUMNS = {
    "member": ("id",),
    "email": ("email",),
    "name": ("name",),
    "note": ("note",),
    "letters": ("subscribed to emails", "subscribed"),
    "free": ("complimentary plan",),
    "customer": ("stripe customer id",),
    "joined": ("created at",),
    "deleted": ("deleted at",),
    "labels": ("labels",),
    "tiers": ("tiers",),
    # Not in Ghost's own export; taken where somebody has added them from the payment company's list.
    "until": ("paid until", "current period end", "expiry at"),
    "cancelled": ("cancel at period end", "cancelled"),
}
_YES = ("true", "1", "yes")


def is_one(rows: list[tuple[int, list[str]]]) -> bool:
    said = {heading(cell) for cell in rows[0][1]} if rows else set()
    return "email" in said and bool(said & {"complimentary plan", "subscribed to emails"})


def list_of(
    cells: list[tuple[int, dict[str, str]]], *, currency: str, paid_until: dt.datetime | None, now: dt.datetime
) -> List:
    """Ghost does not say until when a member has paid: those who pay get a month, and free plans a year, from today.

    paid_until: another end for both.
    """

    def read(number: int, one: dict[str, str]) -> Line:
        return Line(
            number,
            email_of(one["email"]),
            one["name"][:150],
            moment_in(one["joined"]),
            labels=_parts(one["labels"]),
            note=one["note"][:2000],
            member=one["member"][:120],
            wants_letters=heading(one["letters"]) in _YES,
            given=_given(one, currency, paid_until, now),
            passed_over=_("deleted in Ghost") if one["deleted"] else "",
        )

    return each(List("ghost"), cells, read)


def _given(one: dict[str, str], currency: str, paid_until: dt.datetime | None, now: dt.datetime) -> Given | None:
    tier = next(iter(_parts(one["tiers"])), "")
    is_free = heading(one["free"]) in _YES
    if not is_free and not (one["customer"] and tier):
        return None
    until = moment_in(one["until"]) or paid_until or after(now, Period.YEAR if is_free else Period.MONTH)
    return Given(
        kind="complimentary" if is_free else "own",
        tier=tier,
        currency=currency,
        until=until,
        goes_on=not is_free and heading(one["cancelled"]) not in _YES,
        customer=one["customer"][:120],
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:100] for part in text.split(",") if part.strip())


def cells_in(rows: list[tuple[int, list[str]]]) -> list[tuple[int, dict[str, str]]]:
    return cells_of(rows, COLUMNS, needed="email")


def cells_aside(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The lines of a file `members.jsonl`, one record each. Raises NotRead."""
    found = []
    names = {ours: [word.replace(" ", "_") for word in words] for ours, words in COLUMNS.items()}
    for number, line in enumerate(text_of(data).splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError
        except ValueError as error:
            raise NotRead(_("Line %(line)d of the file is no record of a member.") % {"line": number}) from error
        found.append((number, {ours: _plain(next((record[n] for n in words if n in record), "")) for ours, words in
                               names.items()}))  # fmt: skip
    return found


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(part).replace(",", " ") for part in value)
    return "" if value is None else str(value)
