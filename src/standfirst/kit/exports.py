"""A newsroom in open files, and back: what each room says of its part.

A room registers a `Part` from its `export.py`: how to write what it has, and how to read it back into an empty
newsroom. `ops/exporting` gives the `Out` and walks all parts; `importers/house` gives the `In`. So a new room adds one
file of its own and nothing else (docs/decisions/2026-11-23-an-export-is-a-folder-that-explains-itself.md).
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from standfirst.kit.links import safe_href

#: Said in manifest.json; a change of what a file means raises the second number or, if old readers break, the first.
FORMAT = "standfirst-export"
VERSION = "1.0"


def gettext_noop(sentence: str) -> str:
    """Marks words for the catalogue; who tells them to people translates them (`BadExport.said`)."""
    return sentence


class BadExport(Exception):
    """An export that cannot be taken in: one sentence that names the file, what is wrong, and what to do.

    values: for the named places of a sentence that is in the catalogue; one that is called `wanted` is too.
    """

    def __init__(self, sentence: str, **values: Any) -> None:
        self._sentence, self._values = sentence, values
        super().__init__(self.said(str))

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`."""
        if not self._values:
            return translate(self._sentence)
        values = dict(self._values)
        if "wanted" in values:
            values["wanted"] = translate(values["wanted"]) % values
        return translate(self._sentence) % values


class Out(Protocol):
    """Where an export goes. Names are relative, with slashes."""

    @property
    def private(self) -> bool:
        """Whether what is not public goes in too."""
        ...

    @property
    def origin(self) -> str:
        """Scheme and host of the paper, "https://news.example"; "" when it has none of its own."""
        ...

    def shown(self, kind: str) -> set[int]:
        """The numbers of the pictures ("picture") or files ("document") that readers can see."""
        ...

    def json(self, name: str, value: Any) -> None: ...

    def data(self, name: str, content: bytes) -> None: ...

    def pieces(self, name: str, content: Iterable[bytes]) -> None:
        """As data, for what may be long: it is written as it comes and never held whole."""
        ...

    def file(self, name: str, source: Path) -> bool:
        """Copy a file; False, and noted as missing, when it is not there."""
        ...

    def missing(self, what: str) -> None:
        """Something that should have been written and could not be, in words."""
        ...

    def count(self, what: str, number: int = 1) -> None:
        """So many more things of a kind are written: "stories"."""
        ...


def json_list(values: Iterable[Any]) -> Iterator[bytes]:
    """A list as `Out.json` would write it, one value at a time."""
    opening = "[\n"
    for value in values:
        said = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).replace("\n", "\n ")
        yield f"{opening} {said}".encode()
        opening = ",\n"
    yield b"[]\n" if opening == "[\n" else b"\n]\n"


class In(Protocol):
    """Where an export comes from; every file was checked against its digest before."""

    @property
    def private(self) -> bool: ...

    def names(self, folder: str, ending: str) -> Iterator[str]:
        """The files below a folder whose names end so, in the order they were written."""
        ...

    def has(self, name: str) -> bool: ...

    def json(self, name: str) -> Any:
        """What a JSON file holds; None when there is no such file. Raises BadExport."""
        ...

    def data(self, name: str) -> bytes: ...

    def file(self, name: str) -> Path: ...

    def put(self, source: Path, target: Path) -> None:
        """Copy one of its files into the newsroom; taken away again should the import fail."""
        ...

    def known(self, kind: str) -> set[int]:
        """Numbers of what was taken in so far, by kind; parts add to it."""
        ...

    def rich(self, html: str, where: str) -> str:
        """Rich text as it may be stored; cleaned, and noted, when it holds what Standfirst never writes."""
        ...

    def note(self, sentence: str, **values: Any) -> None:
        """Something that is not as it was, for the report. values: for the named places of a sentence that is in the
        catalogue."""
        ...

    def count(self, what: str, number: int = 1) -> None: ...


@dataclass(frozen=True)
class Part:
    """One room's part, or one of several.

    order: parts are written and read in this order; what others point to comes first.
    things: how many things it will write, for the progress bar.
    before: called before the newsroom is looked at as it is at one moment, while it can still be written to.
    shows: ("picture", number) and ("document", number) of all that readers can see in this part.
    holds: what a newsroom must not hold to be called empty, by name: {"stories": 3}; {} when it is empty.
    """

    name: str
    order: int
    write: Callable[[Out], None]
    read: Callable[[In], None]
    things: Callable[[bool], int] = lambda private: 0
    before: Callable[[], None] = lambda: None
    shows: Callable[[], Iterable[tuple[str, int]]] = tuple
    holds: Callable[[], dict[str, int]] = dict


_parts: dict[str, Part] = {}


def part(new: Part) -> None:
    """Register a part, from a room's apps.py."""
    _parts[new.name] = new


def parts() -> list[Part]:
    return sorted(_parts.values(), key=lambda one: one.order)


class Fields:
    """One record of an export, read with distrust: each value has the type and length asked for, or BadExport."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            sentence = gettext_noop("%(where)s should hold an object with names and values, and holds something else.")
            raise BadExport(sentence, where=where)
        self._value = value
        self.where = where

    def _wrong(self, name: str, wanted: str, **values: Any) -> BadExport:
        sentence = gettext_noop("%(where)s: “%(name)s” should be %(wanted)s. Export again, or take the line out.")
        return BadExport(sentence, where=self.where, name=name, wanted=wanted, **values)

    def text(self, name: str, most: int = 0, default: str = "") -> str:
        value = self._value.get(name, default)
        if not isinstance(value, str) or "\0" in value or (most and len(value) > most):
            wanted = gettext_noop("a text of at most %(most)d characters") if most else gettext_noop("a text")
            raise self._wrong(name, wanted, most=most)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self._wrong(name, gettext_noop("a text in Unicode without half characters")) from None
        return value

    def needed(self, name: str, most: int = 0) -> str:
        value = self.text(name, most)
        if not value:
            raise self._wrong(name, gettext_noop("given"))
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._value.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, gettext_noop("true or false"))
        return value

    def number(self, name: str, *, least: int = 1, most: int = 2**31 - 1) -> int:
        value = self._value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(name, gettext_noop("a number from %(least)d to %(most)d"), least=least, most=most)
        return value

    def number_or_none(self, name: str, *, least: int = 1, most: int = 2**31 - 1) -> int | None:
        return None if self._value.get(name) is None else self.number(name, least=least, most=most)

    def share(self, name: str) -> float:
        value = self._value.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            raise self._wrong(name, gettext_noop("a number"))
        return float(value)

    def moment(self, name: str) -> dt.datetime | None:
        value = self._value.get(name)
        if value is None:
            return None
        try:
            found = dt.datetime.fromisoformat(value)
            if found.tzinfo is None:
                raise ValueError
            return found.astimezone(dt.UTC)
        except (TypeError, ValueError, OverflowError):
            raise self._wrong(name, gettext_noop("a moment such as 2026-11-03T07:00:00+00:00, or null")) from None

    def day(self, name: str) -> dt.date | None:
        value = self._value.get(name)
        try:
            return None if value is None else dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self._wrong(name, gettext_noop("a day such as 2026-11-03, or null")) from None

    def key(self, name: str) -> uuid.UUID:
        try:
            return uuid.UUID(self.text(name, 40))
        except ValueError:
            raise self._wrong(name, gettext_noop("a UUID")) from None

    def choice(self, name: str, allowed: Iterable[str], default: str = "") -> str:
        value = self.text(name, default=default)
        if value not in allowed:
            raise self._wrong(
                name, gettext_noop("one of %(allowed)s"), allowed=", ".join(sorted(filter(None, allowed)))
            )
        return value

    def link(self, name: str, most: int = 500) -> str:
        """An address that a page may link to; "" for none."""
        value = self.text(name, most)
        if value and safe_href(value) is None:
            raise self._wrong(name, gettext_noop("an address that begins with https://, or a path such as /about/"))
        return value

    def items(self, name: str) -> list[Any]:
        value = self._value.get(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, gettext_noop("a list"))
        return value

    def texts(self, name: str, most: int = 300) -> list[str]:
        values = self.items(name)
        if not all(isinstance(one, str) and 0 < len(one) <= most for one in values):
            raise self._wrong(name, gettext_noop("a list of texts"))
        return values

    def numbers(self, name: str) -> list[int]:
        values = self.items(name)
        if not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**31 for one in values):
            raise self._wrong(name, gettext_noop("a list of numbers"))
        return values

    def records(self, name: str) -> list[Fields]:
        return [Fields(one, f"{self.where}, {name}") for one in self.items(name)]

    def record(self, name: str) -> Fields | None:
        value = self._value.get(name)
        return None if value is None else Fields(value, f"{self.where}, {name}")

    def any(self, name: str) -> Any:
        return self._value.get(name)


def records(value: Any, where: str) -> list[Fields]:
    """The records of a file that holds a list of them; [] for a file that is not there."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadExport(gettext_noop("%(where)s should hold a list, and holds something else."), where=where)
    return [Fields(one, f"{where}, entry {number}") for number, one in enumerate(value, 1)]


def moment(value: dt.datetime | None) -> str | None:
    """A moment as every file of an export says it: in UTC, with all its figures."""
    return value.astimezone(dt.UTC).isoformat() if value else None
