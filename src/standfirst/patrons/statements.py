"""Reading a bank's statement: any usual table of bookings, whatever its encoding, separator and headings."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.patrons.errors import NotRead
from standfirst.patrons.tables import day_of, rows_of

LARGEST_ROWS = 20_000
REFERENCE = re.compile(r"SF[23456789A-HJKMNP-TV-Z]{12}")

#: Words in headings, in the languages of banks we know; the first heading that has one is the column.
_HEADINGS = {
    "date": ("date", "дата", "datum", "buchungstag", "data"),
    "amount": ("amount", "сума", "сумма", "betrag", "kwota", "credit", "кредит", "зарахуван", "надходжен"),
    "currency": ("currency", "валюта", "währung", "waluta", "ccy"),
    "purpose": ("purpose", "призначення", "назначение", "verwendungszweck", "details", "деталі", "description", "опис",
                "tytuł", "reference", "remittance", "коментар", "message"),
    "payer": ("payer", "платник", "плательщик", "контрагент", "counterparty", "sender", "відправник", "auftraggeber",
              "name", "nadawca", "кореспондент"),
}  # fmt: skip


@dataclass(frozen=True)
class Booking:
    """One line: what came in, when, from whom, and what was written with it. digest: the same line for ever."""

    at: dt.datetime
    amount_minor: int
    currency: str
    payer: str
    purpose: str
    digest: str


def bookings_of(data: bytes, *, currency: str) -> list[Booking]:
    """What came in by this statement. currency: of lines that name none.

    Lines that are no bookings, and what went out, are passed over. Raises NotRead when no columns can be found.
    """
    rows = [row for _line, row in rows_of(data)][:LARGEST_ROWS]
    columns, body = _columns(rows)
    found, seen = [], Counter[tuple[str, ...]]()
    for row in body:
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        day, code = day_of(cells["date"]), cells.get("currency", "").upper()
        code = code if code in money.CURRENCIES else currency
        try:
            amount = money.minor_of(cells["amount"], code)
        except money.NotMoney:
            continue
        if day is None or amount <= 0:
            continue
        payer, purpose = cells.get("payer", "")[:200], cells.get("purpose", "")[:500]
        # A statement that overlaps with an earlier one has the same lines; two alike on one day are two.
        said = (day.date().isoformat(), str(amount), code, payer, purpose)
        seen[said] += 1
        digest = hashlib.sha256("\x1f".join((*said, str(seen[said]))).encode()).hexdigest()
        found.append(Booking(day, amount, code, payer, purpose, digest))
    return found


def _columns(rows: list[list[str]]) -> tuple[dict[str, int], list[list[str]]]:
    """Where each column stands, and the rows below the headings; banks write lines of their own above them."""
    for number, row in enumerate(rows[:40]):
        headings = [cell.strip().lower() for cell in row]
        found: dict[str, int] = {}
        for name, words in _HEADINGS.items():
            for word in words:
                at = next((n for n, cell in enumerate(headings) if word in cell and n not in found.values()), None)
                if at is not None:
                    found[name] = at
                    break
        if "date" in found and "amount" in found:
            return found, rows[number + 1 :]
    raise NotRead(
        _("No columns for date and amount were found in the file. Export the statement as CSV with headings.")
    )


def references_in(words: Iterable[str]) -> set[str]:
    """Our references in what was typed into a bank's form: small letters, blanks and hyphens do not matter."""
    joined = " ".join(words).upper().replace("О", "O").replace("С", "C").replace("А", "A")
    found: set[str] = set()
    for text in (joined, re.sub(r"[\s\-–—./_]", "", joined)):
        found |= set(REFERENCE.findall(text))
    return found
