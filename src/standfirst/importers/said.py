"""An import's report written out: plain lines for people, one JSON object for machines. Never all in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.importers.models import Move, MoveEntry
from standfirst.importers.report import shown_id

_SHOWN_IDS = 5
_SHOWN_LINES = 20
Status = MoveEntry.Status


def per_second(move: Move) -> float:
    done = sum(move.totals.get(key, 0) for key in ("published", "drafts", "pages", "updated", "unchanged"))
    return round(done / move.seconds, 1) if move.seconds else 0.0


def write_json(move: Move, out: TextIO) -> None:
    """The whole report. `stories` has every text that was written, with each of its old addresses."""
    head = {
        "source": move.source,
        "file": move.file,
        "state": move.state,
        "totals": move.totals,
        "seconds": move.seconds,
        "per_second": per_second(move),
    }
    out.write("{\n")
    for key, value in head.items():
        out.write(f' "{key}": {json.dumps(value, ensure_ascii=False)},\n')
    parts: dict[str, tuple[tuple[str, ...], Callable[[MoveEntry], dict[str, Any]]]] = {
        "stories": ((Status.PUBLIC, Status.DRAFT), _story),
        "lists": ((Status.LIST,), _list),
        "left_out": ((Status.LEFT_OUT,), _left_out),
        "missing_pictures": ((Status.PICTURE,), _picture),
        "changed_here": ((Status.CHANGED_HERE,), _changed_here),
        "vanished": ((Status.VANISHED,), _vanished),
    }
    for key, (statuses, form) in parts.items():
        out.write(f' "{key}": [')
        for number, entry in enumerate(_of(move, *statuses)):
            out.write(f"{',' if number else ''}\n  {json.dumps(form(entry), ensure_ascii=False)}")
        out.write("],\n")
    out.write(f' "notes": {json.dumps(move.notes, ensure_ascii=False)}\n}}\n')


def write_plain(move: Move, out: TextIO) -> None:
    """The report for people: the sums, then every entry about which there is something to say."""
    for line in sums(move.totals):
        out.write(f"{line}\n")
    texts = (entry for entry in _of(move, Status.PUBLIC, Status.DRAFT) if entry.changes)
    _section(out, _("Changed or worth a look:"), (f"{_id(e)} “{e.title}”: {' '.join(e.changes)}" for e in texts))
    _section(
        out,
        _("Changed here since, and therefore left alone:"),
        (
            _("%(id)s “%(ours)s” at %(address)s; the export now says “%(theirs)s”.") % _changed_here(entry)
            for entry in _of(move, Status.CHANGED_HERE)
        ),
    )
    _section(out, _("Left out:"), (f"{_id(e)} “{e.title}”: {' '.join(e.changes)}" for e in _of(move, Status.LEFT_OUT)))
    _section(
        out,
        _("Here from before and not in this file; they were left as they are:"),
        _first_few(f"{_id(entry)} “{entry.title}” {entry.now}" for entry in _of(move, Status.VANISHED)),
    )
    _section(
        out,
        _("Pictures that were not found; the stories stand without them:"),
        (
            _("%(picture)s in %(posts)s: %(why)s") % {**_picture(e), "posts": _few(_picture(e)["in"])}
            for e in _of(move, Status.PICTURE)
        ),
    )
    for note in move.notes:
        out.write(f"{note}\n")
    out.write(
        _("%(seconds).1f seconds, %(rate).0f entries a second.\n") % {"seconds": move.seconds, "rate": per_second(move)}
    )


def sums(totals: dict[str, int]) -> list[str]:
    """What came of it, one sentence for each figure that is not nought."""
    texts: dict[str, Callable[[int], str]] = {
        "published": lambda n: ngettext("%(n)d story published.", "%(n)d stories published.", n),
        "drafts": lambda n: ngettext("%(n)d story kept as a draft.", "%(n)d stories kept as drafts.", n),
        "pages": lambda n: ngettext("%(n)d page.", "%(n)d pages.", n),
        "pictures": lambda n: ngettext("%(n)d picture.", "%(n)d pictures.", n),
        "files": lambda n: ngettext("%(n)d file for download.", "%(n)d files for download.", n),
        "sections": lambda n: ngettext("%(n)d new section.", "%(n)d new sections.", n),
        "bylines": lambda n: ngettext("%(n)d new byline.", "%(n)d new bylines.", n),
        "tags": lambda n: ngettext("%(n)d new tag.", "%(n)d new tags.", n),
        "addresses": lambda n: ngettext("%(n)d old address leads here.", "%(n)d old addresses lead here.", n),
        "updated": lambda n: ngettext("%(n)d entry brought up to date.", "%(n)d entries brought up to date.", n),
        "unchanged": lambda n: ngettext("%(n)d entry was here already.", "%(n)d entries were here already.", n),
        "changed_here": lambda n: ngettext(
            "%(n)d entry was changed here since and left alone.",
            "%(n)d entries were changed here since and left alone.",
            n,
        ),
        "vanished": lambda n: ngettext(
            "%(n)d entry from before is not in this file.",
            "%(n)d entries from before are not in this file.",
            n,
        ),
        "left_out": lambda n: ngettext("%(n)d entry left out.", "%(n)d entries left out.", n),
        "unused_files": lambda n: ngettext("%(n)d file that no text uses.", "%(n)d files that no text uses.", n),
        "comments": lambda n: ngettext("%(n)d comment left out.", "%(n)d comments left out.", n),
    }
    return [text(totals[key]) % {"n": totals[key]} for key, text in texts.items() if totals.get(key)]


def _of(move: Move, *statuses: str) -> Iterator[MoveEntry]:
    return move.entries.filter(status__in=statuses).iterator(chunk_size=500)


def _section(out: TextIO, heading: str, lines: Iterable[str]) -> None:
    is_first = True
    for line in lines:
        if is_first:
            out.write(f"\n{heading}\n")
            is_first = False
        out.write(f"  {line}\n")
    if not is_first:
        out.write("\n")


def _first_few(lines: Iterable[str]) -> Iterator[str]:
    """A file may be one of several that an old system was exported in: the rest is not news."""
    more = 0
    for number, line in enumerate(lines):
        if number < _SHOWN_LINES:
            yield line
        else:
            more += 1
    if more:
        yield ngettext("… and %(n)d more.", "… and %(n)d more.", more) % {"n": more}


def _story(entry: MoveEntry) -> dict[str, Any]:
    return {
        "id": _id(entry),
        "kind": entry.kind,
        "title": entry.title,
        "was": entry.was,
        "now": entry.now or None,
        "status": entry.status,
        "changes": entry.changes,
        "addresses": entry.details.get("addresses", []),
    }


def _list(entry: MoveEntry) -> dict[str, Any]:
    return {"kind": entry.kind, "title": entry.title, "now": entry.now, "addresses": entry.details["addresses"]}


def _left_out(entry: MoveEntry) -> dict[str, Any]:
    why = " ".join(entry.changes)
    return {"id": _id(entry), "kind": entry.kind, "title": entry.title, "why": why, "was": entry.was}


def _picture(entry: MoveEntry) -> dict[str, Any]:
    return {
        "picture": entry.was,
        "why": " ".join(entry.changes),
        "in": [shown_id(text) for text in entry.details["in"]],
        "captions": entry.details["captions"],
    }


def _changed_here(entry: MoveEntry) -> dict[str, Any]:
    return {"id": _id(entry), "address": entry.now or "—", **entry.details}


def _vanished(entry: MoveEntry) -> dict[str, Any]:
    return {"id": _id(entry), "kind": entry.kind, "title": entry.title, "now": entry.now or None}


def _id(entry: MoveEntry) -> int | str:
    return shown_id(entry.foreign_id)


def _few(numbers: list[int | str]) -> str:
    """The first few numbers, and that there are more."""
    more = len(numbers) - _SHOWN_IDS
    shown = ", ".join(map(str, numbers[:_SHOWN_IDS]))
    return shown if more <= 0 else _("%(numbers)s and %(more)d more") % {"numbers": shown, "more": more}
