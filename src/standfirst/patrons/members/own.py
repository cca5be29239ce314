"""Our own list of members: the columns, and cells that no table program takes for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

from django.utils.translation import gettext as _

from standfirst.kit.money import LARGEST_MINOR
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.members.lines import BadLine, moment_in
from standfirst.patrons.tables import heading

#: Column → what it holds (docs/operators/members.md is made of the same words).
COLUMNS = (
    "email", "name", "language", "kind", "state", "tier", "period", "amount", "currency", "renews", "joined", "since",
    "until", "starts_at", "payer_email", "payer_name", "message", "provider", "customer", "provider_pledge",
    "reference", "replaces", "origin", "note", "labels", "member_id", "letters", "letters_left", "consent", "history",
)  # fmt: skip
#: A table program reads a cell that begins so as a formula; the mark itself is doubled, so that it comes back.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def is_one(rows: list[tuple[int, list[str]]]) -> bool:
    said = {heading(cell) for cell in rows[0][1]} if rows else set()
    return {"email", "kind", "state"} <= said


def safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def unsafe(cell: str) -> str:
    return cell.removeprefix("'")


def written(rows: list[list[str]]) -> str:
    """The rows as a file, with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def cells_in(rows: list[tuple[int, list[str]]]) -> list[tuple[int, dict[str, str]]]:
    names = [heading(cell).replace(" ", "_") for cell in rows[0][1]]
    return [(line, {**dict.fromkeys(COLUMNS, ""), **dict(zip(names, map(unsafe, row), strict=False))})
            for line, row in rows[1:]]  # fmt: skip


def listed(parts: list[str]) -> str:
    """Several words in one cell, as one line of CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(parts)
    return out.getvalue() if parts else ""


def parts_in(cell: str) -> list[str]:
    return next(iter(csv.reader(io.StringIO(cell, newline=""))), []) if cell else []


def said(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""


def history_said(amounts: list[int], entries: list[Any]) -> str:
    """All that the ledger knows of a pledge, in one cell."""
    facts = [
        {
            "key": one.key,
            "kind": one.kind,
            "at": said(one.at),
            **({"payment": one.payment} if one.payment else {}),
            **({"amount": one.amount_minor} if one.amount_minor else {}),
            **({"currency": one.currency} if one.currency else {}),
            **({"until": said(one.until)} if one.until else {}),
            **({} if one.counts else {"counts": False}),
            **({"by": one.by} if one.by else {}),
        }
        for one in entries
    ]
    return json.dumps({"amounts": amounts, "facts": facts}, ensure_ascii=False)


def history_in(cell: str) -> tuple[list[int], list[tuple[Fact, str, str]]]:
    """The amounts that were agreed, and each fact with its currency and by whom. Raises BadLine."""
    try:
        record = json.loads(cell)
        amounts = [int(amount) for amount in record["amounts"]]
        facts = [
            (
                Fact(
                    key=str(one["key"])[:200],
                    kind=Kind(one["kind"]),
                    at=_needed(moment_in(str(one["at"] or ""))),
                    payment=str(one.get("payment", ""))[:120],
                    amount_minor=int(one.get("amount", 0)),
                    until=moment_in(str(one.get("until") or "")),
                    counts=bool(one.get("counts", True)),
                ),
                str(one.get("currency", ""))[:3],
                str(one.get("by", ""))[:254],
            )
            for one in record["facts"]
        ]
        if any(
            not 0 <= amount <= LARGEST_MINOR for amount in (*amounts, *(fact.amount_minor for fact, *_rest in facts))
        ):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadLine(_("What stands in the column “history” is not as it was written.")) from error
    return amounts, facts


def _needed(at: dt.datetime | None) -> dt.datetime:
    if at is None:
        raise ValueError
    return at
