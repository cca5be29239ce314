"""Tables that others wrote: any usual encoding, separator, form of a date."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from standfirst.patrons.errors import NotRead

LARGEST_BYTES = 5 * 1024 * 1024
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d.%m.%y", "%Y%m%d", "%m/%d/%Y", "%m/%d/%y",
          "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")  # fmt: skip


def text_of(data: bytes) -> str:
    """The file as text: UTF-8 or UTF-16 where it says so, else windows-1251, which Ukrainian programs still write.

    Without zero bytes, which no database takes.
    """
    if len(data) > LARGEST_BYTES:
        raise NotRead(_("The file is larger than five megabytes. Export a shorter time."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").replace("\0", "")
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace").replace("\0", "")


def rows_of(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with the number of its first line in the file. Raises NotRead."""
    text = text_of(data)
    # What stands in quotation marks separates nothing.
    head = re.sub(r'"(?:[^"]|"")*"', "", "\n".join(text[:100_000].splitlines()[:30]))
    separator = max(";\t,|", key=head.count) if any(mark in head for mark in ";\t,|") else ";"
    source = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, line = [], 1
    try:
        for row in source:
            if any(row):
                rows.append((line, row))
            line = source.line_num + 1
    except csv.Error as error:
        raise NotRead(_("The file is broken after line %(line)d. Export it anew.") % {"line": line}) from error
    return rows


def heading(text: str) -> str:
    """A heading without what differs between exports: "Last Charge Date " and "last_charge_date" are one."""
    return re.sub(r"[^0-9a-zа-яіїєґ]+", " ", text.lower()).strip()


def cells_of(
    rows: list[tuple[int, list[str]]], names: Mapping[str, tuple[str, ...]], *, needed: str
) -> list[tuple[int, dict[str, str]]]:
    """Each row below the headings as our name → cell, with its line; a column that is not there is ''.

    names: our name → the headings by which a file may call it, the best first. Raises NotRead without `needed`.
    """
    body = list(rows)
    for _line, row in rows[:20]:
        del body[0]
        headings = [heading(cell) for cell in row]
        columns = {
            ours: next((headings.index(word) for word in words if word in headings), -1)
            for ours, words in names.items()
        }
        if columns[needed] >= 0:
            break
    else:
        raise NotRead(
            _("The file has no column “%(column)s”, so it is no list of people that we know.") % {"column": needed}
        )
    return [
        (
            line,
            {ours: row[column].strip() if 0 <= column < len(row) else "" for ours, column in columns.items()},
        )
        for line, row in body
    ]


def day_of(text: str) -> dt.datetime | None:
    """Noon of the day, in any usual form; None for what is none."""
    whole = " ".join(text.split())
    for said in (whole, whole.split(" ")[0].split("T")[0]):
        for form in _DATES:
            try:
                found = dt.datetime.strptime(said, form).replace(hour=12, tzinfo=dt.UTC)
            except ValueError:
                continue
            return in_reach(found)
    return None


def in_reach(at: dt.datetime) -> dt.datetime | None:
    """The moment, if it can be one of a paper: a mistyped year would reach beyond what a calendar holds."""
    return at if 1900 <= at.year <= 2200 else None


def moment_of(text: str) -> dt.datetime | None:
    """A moment where the file tells one, else noon of the day; None for what is neither."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return day_of(text)
    if re.fullmatch(r"\s*[\d-]+\s*", text):
        return in_reach(found.replace(hour=12, tzinfo=dt.UTC))
    return in_reach(found if found.tzinfo else found.replace(tzinfo=dt.UTC))
