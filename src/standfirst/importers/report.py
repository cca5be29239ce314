"""What an import says: how much came in, what was changed, what was left out and why, where every address leads.

It is written into the database batch by batch, in the batch's own transaction, so that it holds what is in and nothing
else, whenever the import ends; and memory does not grow with the archive. `said` writes it out, `desk` shows it.
"""

from __future__ import annotations

import getpass
import time

from standfirst.importers.models import Move, MoveEntry

# What an editor may still want to compare; the story itself holds it all.
LONGEST_TEXT = 100_000
_MANY_IN = 50
Status = MoveEntry.Status


def shown_id(foreign_id: str) -> int | str:
    """A number where the old system counts its texts, else the name it has for them."""
    return int(foreign_id) if foreign_id.isascii() and foreign_id.isdigit() and len(foreign_id) < 16 else foreign_id


class Report:
    """The report of one import as it grows. Nothing is written before the first `flush`."""

    def __init__(self, source: str = "", *, file: str = "") -> None:
        self.source = source
        self.totals: dict[str, int] = {}
        self.notes: list[str] = []
        self.move = Move(source=source[:200], file=file[:255], by=_account())
        self._began = time.monotonic()
        self._entries: list[MoveEntry] = []
        self._missing: dict[str, MoveEntry] = {}

    def count(self, what: str, number: int = 1) -> None:
        self.totals[what] = self.totals.get(what, 0) + number

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def add(self, entry: MoveEntry) -> None:
        """A line about a text or a list."""
        addresses = entry.details.get("addresses", [])
        entry.title, entry.was, entry.now = entry.title[:500], entry.was[:1000], entry.now[:400]
        entry.foreign_id, entry.kind = entry.foreign_id[:200], entry.kind[:40]
        entry.has_changes = bool(entry.changes)
        entry.has_trouble = any(address.get("why") for address in addresses)
        entry.sought = "\n".join([entry.title, entry.was, *(one["old"] for one in addresses)]).lower()
        self._entries.append(entry)

    def leave_out(self, *, foreign_id: str, kind: str, title: str, why: str, link: str = "") -> None:
        self.count("left_out")
        self.add(
            MoveEntry(status=Status.LEFT_OUT, foreign_id=foreign_id, kind=kind, title=title, was=link, changes=[why])
        )

    def miss(self, *, picture: str, why: str, text: str, caption: str = "") -> None:
        """A picture that is nowhere, used in a text. One line for each picture, however many texts use it."""
        entry = self._missing.get(picture)
        if entry is None:
            entry = self._missing[picture] = MoveEntry(
                status=Status.PICTURE, was=picture, changes=[why], details={"in": [], "captions": []}
            )
        if text not in entry.details["in"]:
            entry.details["in"].append(text)
        if caption and caption not in entry.details["captions"]:
            entry.details["captions"].append(caption)

    def flush(self) -> None:
        """Write down what has come together. Part of the batch's transaction."""
        self.move.totals, self.move.notes = dict(self.totals), list(self.notes)
        self.move.seconds = self.seconds
        self.move.save()
        for entry in self._entries:
            entry.move = self.move
        MoveEntry.objects.bulk_create(self._entries, batch_size=100)
        self._entries = []
        self._flush_missing()

    def drop(self) -> None:
        """Forget what has come together since the last batch: it was taken back with it."""
        self._entries, self._missing = [], {}
        self.totals, self.notes = dict(self.move.totals), list(self.move.notes)

    def end(self, state: str = Move.State.FINISHED) -> None:
        self.move.state = state
        self.flush()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 2)

    def _flush_missing(self) -> None:
        lines = self.move.entries.filter(status=Status.PICTURE)
        names = [name[:1000] for name in self._missing]
        known: dict[str, MoveEntry] = {}
        for start in range(0, len(names), 500):
            known |= {line.was: line for line in lines.filter(was__in=names[start : start + 500])}
        new = []
        for name, entry in self._missing.items():
            before = known.get(name[:1000])
            line = before or entry
            for key in ("in", "captions"):
                had = before.details[key] if before else []
                line.details[key] = list(dict.fromkeys([*had, *entry.details[key]]))[:_MANY_IN]
            if before is None:
                line.move, line.was, line.has_changes, line.sought = self.move, name[:1000], True, name.lower()
                new.append(line)
        MoveEntry.objects.bulk_update(known.values(), ["details"], batch_size=100)
        MoveEntry.objects.bulk_create(new, batch_size=100)
        self._missing = {}


def _account() -> str:
    try:
        return getpass.getuser()[:150]
    except (OSError, KeyError):
        return ""
