"""A Ghost export read row by row: whatever its size, only one row is in memory.

The export is `{"db": [{"meta": …, "data": {table: [row, …], …}}]}`, before Ghost 1.0 and from some tools without `db`.
Its outer levels are walked here; each row is read whole by the standard library.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileBroken, FileTooLarge, FileUnreadable, web_page_instead
from standfirst.importers.ghost.packed import PackedExport
from standfirst.importers.stream import MAX_ITEM_BYTES

_SPACE = re.compile(r"[ \t\r\n]*")
# A row that ends at the end of what was read so far breaks off no further from it than this.
_CUT_OFF = 16
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_WRONG_BYTES = 1000


@dataclass(frozen=True)
class Row:
    """One row of one table. line: where it begins, 1 throughout in a file without line breaks."""

    table: str
    values: dict[str, Any]
    line: int


class Rows:
    """The rows of every table, in the file's order; meta, once it was passed.

    Raises FileBroken with the line and the character for what is no JSON, FileUnreadable for JSON that is no export of
    Ghost, FileTooLarge for a row beyond all measure.
    """

    def __init__(self, packed: PackedExport) -> None:
        self.meta: dict[str, Any] = {}
        self.bytes_read = 0
        self._name = packed.path.name
        self._chunks = packed.chunks()
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text = ""
        self._at = 0
        self._ended = False
        # What was read and dropped: full lines, and characters since the last line break.
        self._lines, self._column = 1, 1
        self._counted = (0, 1)
        self._wrong = 0
        self._has_data = False
        self._json = json.JSONDecoder(strict=False, object_pairs_hook=self._object, parse_constant=self._no_constant)

    def __iter__(self) -> Iterator[Row]:
        if self._peek() != "{":
            self._not_json()
        for key in self._keys():
            if key == "db":
                yield from self._databases()
            elif key == "data":
                yield from self._tables()
            else:
                self._meta(key)
        if self._peek():
            self._broken(_("there is more after its end"), self._at)
        if not self._has_data:
            raise FileUnreadable(
                _("%(file)s is JSON but no export of Ghost: it names no “db” with “data” in it. "
                  "In Ghost it is made under Settings, Import/Export.")
                % {"file": self._name}
            )  # fmt: skip

    def _databases(self) -> Iterator[Row]:
        if self._peek() == "{":
            yield from self._database()
            return
        for _number in self._items():
            if self._peek() == "{":
                yield from self._database()
            else:
                self._value()

    def _database(self) -> Iterator[Row]:
        for key in self._keys():
            if key == "data":
                yield from self._tables()
            else:
                self._meta(key)

    def _tables(self) -> Iterator[Row]:
        if self._peek() != "{":
            self._value()
            return
        self._has_data = True
        for table in self._keys():
            if self._peek() != "[":
                self._value()
                continue
            for _number in self._items():
                line = self._line()
                value = self._value()
                if isinstance(value, dict):
                    yield Row(table, {key: _writable(value[key]) for key in value}, line)

    def _meta(self, key: str) -> None:
        value = self._value()
        if key == "meta" and isinstance(value, dict):
            self.meta = value

    # What JSON is made of.

    def _keys(self) -> Iterator[str]:
        """The keys of the object that begins here; the caller reads each value."""
        seen: set[str] = set()
        self._step("{")
        if self._peek() == "}":
            self._step("}")
            return
        while True:
            place = self._at
            if self._peek() != '"':
                self._broken(_("a name in quotation marks should stand here"), self._at)
            key = self._value()
            if key in seen:
                self._broken(_("“%(name)s” stands there twice") % {"name": key[:60]}, min(place, len(self._text)))
            seen.add(key)
            self._step(":")
            yield key
            if self._peek() == ",":
                self._step(",")
                continue
            self._step("}")
            return

    def _items(self) -> Iterator[int]:
        self._step("[")
        if self._peek() == "]":
            self._step("]")
            return
        number = 0
        while True:
            yield number
            number += 1
            if self._peek() == ",":
                self._step(",")
                continue
            self._step("]")
            return

    def _peek(self) -> str:
        """The next sign that is not white space; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _step(self, sign: str) -> None:
        if self._peek() != sign:
            if not self._peek():
                self._broken(_("it ends too early"), self._at)
            self._broken(_("“%(sign)s” should stand here") % {"sign": sign}, self._at)
        self._at += 1

    def _value(self) -> Any:
        """The value that begins here, read whole."""
        self._peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError:
                line, column = self._place(self._at)
                raise FileTooLarge(
                    _("%(file)s is nested deeper than an export can be, in what begins at line %(line)d, character "
                      "%(column)d; nothing was imported.")
                    % {"file": self._name, "line": line, "column": column}
                ) from None  # fmt: skip
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated string") or len(self._text) - error.pos < _CUT_OFF
                if is_cut and not self._ended:
                    self._more()
                    continue
                if error.msg.startswith("Unterminated string") or error.pos >= len(self._text.rstrip()):
                    self._broken(_("it ends too early"), len(self._text))
                self._broken(error.msg, error.pos)
            except ValueError as error:
                # A name given twice, a number that is none, one of more digits than Python reads.
                self._broken(str(error), self._at)
            else:
                # A number at the very end may go on in what was not read yet.
                if end < len(self._text) or value.__class__ in (dict, list, str) or self._ended:
                    self._at = end
                    return value
                self._more()

    def _more(self) -> bool:
        """Read on; what was passed is dropped. False at the end of the file."""
        if self._ended:
            return False
        self._lines, self._column = self._place(self._at)
        self._counted = (0, self._lines)
        rest = self._text[self._at :]
        if len(rest) > MAX_ITEM_BYTES:
            raise FileTooLarge(
                _("%(file)s holds one entry of more than %(limit)d MB; nothing was imported.")
                % {"file": self._name, "limit": MAX_ITEM_BYTES // 1024**2}
            )
        parts = [rest]
        # Twice as much each time, so that no row is read often.
        wanted = min(max(1, len(rest)), MAX_ITEM_BYTES - len(rest) + 1)
        while wanted > 0:
            chunk = next(self._chunks, None)
            if self._decoder is None:
                self._decoder = _decoder(chunk or b"")
            text = self._decoder.decode(chunk or b"", chunk is None)
            self.bytes_read += len(chunk or b"")
            self._wrong += text.count("\ufffd")
            if self._wrong > MAX_WRONG_BYTES:
                self._text, self._at = "".join([*parts, text]), 0
                self._broken(_("it is not in UTF-8, as Ghost writes it"), max(0, self._text.find("\ufffd")))
            wanted -= len(text)
            parts.append(text)
            if chunk is None:
                self._ended = True
                break
        self._text, self._at = "".join(parts), 0
        return len(self._text) > len(rest)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise ValueError(_("in the entry that begins here “%(name)s” stands twice") % {"name": twice[:60]})
        return found

    def _no_constant(self, name: str) -> Any:
        raise ValueError(_("in the entry that begins here stands %(name)s, which is no JSON") % {"name": name})

    # Saying where.

    def _line(self) -> int:
        """The line at hand, counted on from where it was asked for last."""
        self._peek()
        position, line = self._counted
        self._counted = (self._at, line + self._text.count("\n", position, self._at))
        return self._counted[1]

    def _place(self, position: int) -> tuple[int, int]:
        """(line, character in it) of a position in the text at hand, both from 1."""
        breaks = self._text.count("\n", 0, position)
        if not breaks:
            return self._lines, self._column + position
        return self._lines + breaks, position - self._text.rfind("\n", 0, position)

    def _broken(self, why: str, position: int) -> Any:
        line, column = self._place(position)
        raise FileBroken(
            _("%(file)s is broken at line %(line)d, character %(column)d: %(why)s. Nothing was imported. "
              "Copy it here again or export anew.")
            % {"file": self._name, "line": line, "column": column, "why": why}
        )  # fmt: skip

    def _not_json(self) -> Any:
        first = self._peek()
        if not first:
            raise FileUnreadable(_("%(file)s is empty. Copy it here again or export anew.") % {"file": self._name})
        if first == "<":
            if re.match(r"<(?:!DOCTYPE\s+)?html\b", self._text[self._at : self._at + 100], re.IGNORECASE):
                raise FileUnreadable(web_page_instead(self._name))
            raise FileUnreadable(
                _("%(file)s is not JSON: it begins as XML or HTML does. An export of WordPress is brought in by "
                  "“standfirst import wordpress”.")
                % {"file": self._name}
            )  # fmt: skip
        raise FileUnreadable(
            _("%(file)s is not JSON. In Ghost the export is made under Settings, Import/Export.") % {"file": self._name}
        )


def _decoder(first: bytes) -> codecs.IncrementalDecoder:
    name = json.detect_encoding(first[:4]) if len(first) >= 4 else "utf-8-sig"
    return codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)(errors="replace")


def _writable(value: Any) -> Any:
    """A column's value without what no database takes: zero bytes, halves of signs."""
    if isinstance(value, str) and _UNWRITABLE.search(value):
        return _UNWRITABLE.sub("", value)
    return value
