"""The first look at all that a source holds, before anything is written: which address is whose.

It lies in a file of its own, so that memory does not grow with the archive, and is gone after the import.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from django.conf import settings

from standfirst.importers.letters import ours
from standfirst.importers.records import Aside, Incoming, LeftOut, OldAuthor, OldList, Source
from standfirst.kit import oldpaths
from standfirst.kit.links import split

PUBLIC, HELD, LEFT_OUT = "public", "held", "left out"
_AT_ONCE = 500


@dataclass(frozen=True)
class Whose:
    """The text an old address belonged to. state: PUBLIC, HELD or LEFT_OUT."""

    kind: str
    foreign_id: str
    state: str


class Outline:
    """base: the folder the old site lay in, such as /blog. sections: how many texts each section holds."""

    def __init__(self, source: Source, *, base: str, is_held: Callable[[Incoming], bool]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="standfirst-import-")
        self._db = sqlite3.connect(Path(self._folder.name) / "outline")
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE text (address TEXT PRIMARY KEY, kind TEXT, foreign_id TEXT, state TEXT) WITHOUT ROWID;"
            "CREATE TABLE list (address TEXT PRIMARY KEY, what TEXT, record TEXT) WITHOUT ROWID;"
            "CREATE TABLE seen (kind TEXT, foreign_id TEXT, PRIMARY KEY (kind, foreign_id)) WITHOUT ROWID;"
        )
        self._base = base
        self._languages = [code for code, _name in settings.LANGUAGES]
        self.sections: Counter[str] = Counter()
        # Of each list the languages of its public texts, "" for the newsroom's first.
        self._lists: dict[tuple[str, str], set[str]] = {}
        for entry in getattr(source, "outline", source.entries)():
            if not isinstance(entry, Aside):
                self._add(entry, is_held)
        self._db.commit()

    def close(self) -> None:
        self._db.close()
        self._folder.cleanup()

    def texts_at(self, addresses: Iterable[str]) -> dict[str, Whose]:
        """Whose the plain addresses are."""
        return {
            address: Whose(kind, foreign_id, state)
            for address, kind, foreign_id, state in self._rows("text", "address, kind, foreign_id, state", addresses)
        }

    def lists_at(self, addresses: Iterable[str]) -> dict[str, tuple[str, OldList | OldAuthor]]:
        """Which section, tag or author had its list at these addresses: (section, tag or author, the record)."""
        found: dict[str, tuple[str, OldList | OldAuthor]] = {}
        for address, what, record in self._rows("list", "address, what, record", addresses):
            data = json.loads(record)
            for name in {"addresses", "names", "languages"} & data.keys():
                data[name] = tuple(tuple(one) if isinstance(one, list) else one for one in data[name])
            found[address] = (what, OldAuthor(**data) if what == "author" else OldList(**data))
        return found

    def language_of(self, what: str, key: str) -> str:
        """The one language in which all public texts of a list are; the newsroom's first where they are in several."""
        spoken = self._lists.get((what, key), set())
        return next(iter(spoken)) if len(spoken) == 1 else self._languages[0]

    def missing(self, kind: str, foreign_ids: Iterable[str]) -> list[str]:
        """Those of the ids that this source does not hold."""
        ids = list(foreign_ids)
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(
            f"SELECT foreign_id FROM seen WHERE kind = ? AND foreign_id IN ({marks})",  # noqa: S608
            [kind, *ids],
        )
        here = {row[0] for row in rows}
        return [one for one in ids if one not in here]

    def _rows(self, table: str, columns: str, addresses: Iterable[str]) -> Iterator[tuple[str, ...]]:
        wanted = list(dict.fromkeys(addresses))
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            yield from self._db.execute(
                f"SELECT {columns} FROM {table} WHERE address IN ({marks})",  # noqa: S608
                part,
            )

    def _add(self, entry: Incoming | LeftOut, is_held: Callable[[Incoming], bool]) -> None:
        self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (entry.kind, entry.foreign_id))
        if isinstance(entry, LeftOut):
            state = LEFT_OUT
        else:
            state = HELD if is_held(entry) else PUBLIC
            if entry.kind != "page":
                self._add_lists(entry, is_public=state == PUBLIC)
        rows = [(address, entry.kind, entry.foreign_id, state) for address in old_addresses(entry, self._base)]
        self._db.executemany("INSERT OR IGNORE INTO text VALUES (?, ?, ?, ?)", [(_key(a), *rest) for a, *rest in rows])

    def _add_lists(self, entry: Incoming, *, is_public: bool) -> None:
        named: list[tuple[str, OldList | OldAuthor]] = []
        if entry.section is not None:
            self.sections[entry.section.key] += not entry.section.is_unsorted
            named.append(("section", entry.section))
        named += [("tag", tag) for tag in entry.tags] + [("author", author) for author in entry.authors]
        for what, record in named:
            is_known = (what, record.key) in self._lists
            spoken = self._lists.setdefault((what, record.key), set())
            if is_public:
                spoken.add(ours(entry.language, self._languages) or self._languages[0])
            if is_known:
                continue
            data = json.dumps(asdict(record))
            # A section of one text may be a mere tag of another: its list is the section's.
            how = "REPLACE" if what == "section" else "IGNORE"
            self._db.executemany(
                f"INSERT OR {how} INTO list VALUES (?, ?, ?)",  # noqa: S608
                [(_key(self._base + address), what, data) for address in record.addresses],
            )


def old_addresses(entry: Incoming | LeftOut, base: str) -> list[str]:
    """Where readers could find it before, as paths from the root. base: the folder the old site lay in."""
    parts = split(entry.link)
    own = [parts.path] if parts.path.strip("/") and parts.path.strip("/") != base.strip("/") else []
    language = dict(parse_qsl(parts.query)).get(oldpaths.LANGUAGE) if own else None
    if language:
        own = [f"{parts.path}?{oldpaths.LANGUAGE}={language}"]  # the path alone is another text's
    more = entry.addresses if isinstance(entry, Incoming) else []
    if isinstance(entry, LeftOut) and not own and parts.query:
        own = [f"{parts.path or '/'}?{parts.query}"]
    return list(dict.fromkeys([*own, *(base + address for address in more)]))


def _key(address: str) -> str:
    path, _mark, query = address.partition("?")
    return oldpaths.plain_with_query(path, query)
