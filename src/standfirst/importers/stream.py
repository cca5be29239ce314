"""An export file as a stream of clean XML bytes, however it was packed and whatever slipped into it.

Real exports carry control characters, bare ampersands, HTML's named entities and bytes of a wrong encoding. What can be
mended without guessing is mended on the way: line breaks stay where they are, so an error's line number is true.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import html.entities
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from standfirst.importers.encoding import ForgivingUtf8
from standfirst.importers.errors import FileTooLarge, FileUnreadable, web_page_instead

CHUNK = 256 * 1024
MAX_BYTES = 32 * 1024**3
MAX_ITEM_BYTES = 128 * 1024**2
# Text packs about one to ten; one to a thousand is a bomb.
MAX_RATIO = 1000
RATIO_FROM_BYTES = 64 * 1024**2

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Only encodings of texts: Python knows others by name too, which unpack or run away.
_ENCODINGS = re.compile(
    r"(?:utf-?16(?:-?[lb]e)?|iso-?8859-\d{1,2}|latin-?\d|windows-?\d{3,4}|cp\d{3,4}|koi8-?[ru]|gb\w{1,8}|big5|shift_?jis"
    r"|euc-?\w{2}|mac\w+)$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# The beginning of one of these may lie at the end of a chunk.
_HOLD = 40
# What follows the end of a field; a "]]>" with anything else behind it belongs to the field's own words.
_FIELD_END = re.compile(
    r"\s*(?:</(?:[A-Za-z]+:[A-Za-z_-]+|title|category|description|link|guid|pubDate|generator|language)\s*>|<!\[CDATA\[)"
)
_SOME_FIELD_END = re.compile(r"</(?:[A-Za-z]+:[A-Za-z_-]+|title|category|description|item)\s*>")
_CDATA_WINDOW = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One file of an export. packed: its size as it lies there; open: its unpacked bytes."""

    name: str
    packed: int
    open: Callable[[], IO[bytes]]


def parts_of(files: Sequence[Path]) -> list[Part]:
    """The files of one export in their order: as named, those of a folder, those inside a zip archive.

    Large sites are exported in several files. Raises FileUnreadable where there is none.
    """
    found: list[Part] = []
    for path in files:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if _EXPORT_NAME.search(each.name) and each.is_file())
            if not inside:
                raise FileUnreadable(
                    _("The folder %(folder)s holds no .xml file. Name the export file, or a folder of them.")
                    % {"folder": path}
                )
            found += parts_of(inside)
        elif _is_zip(path):
            found += _zipped(path)
        else:
            found.append(Part(path.name, _size(path), lambda path=path: open_export(path)))  # type: ignore[misc]
    return found


_EXPORT_NAME = re.compile(r"\.(?:xml|wxr)(?:\.(?:gz|xz|bz2))?$|\.zip$", re.IGNORECASE)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 1  # said when it is opened


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")  # the second: with nothing in it
    except OSError:
        return False


def _zipped(path: Path) -> list[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [
                info
                for info in archive.infolist()
                if info.filename.lower().endswith((".xml", ".wxr")) and not info.filename.startswith("__MACOSX")
            ]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(path.name, error) from error
    if not inside or len(inside) > 10_000:
        raise FileUnreadable(
            _(
                "%(file)s is a zip archive without an .xml file in it. An export is made in WordPress under Tools, "
                "Export, All content; a copy of the database or of the folders of WordPress is none."
            )
            % {"file": path.name}
        )
    return [
        Part(f"{path.name}: {info.filename}", info.compress_size, lambda info=info: _unzipped(path, info))  # type: ignore[misc]
        for info in sorted(inside, key=lambda info: info.filename)
    ]


def _unzipped(path: Path, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        # A member keeps its archive open; both close together.
        return zipfile.ZipFile(path).open(info)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path.name, error) from error


def _damaged(name: str, error: Exception) -> FileUnreadable:
    return FileUnreadable(
        _("%(file)s is damaged and cannot be unpacked (%(reason)s). Copy it here again.")
        % {"file": name, "reason": error}
    )


def open_export(path: Path) -> IO[bytes]:
    """The unpacked bytes of a plain, .gz, .xz or .bz2 file.

    Raises FileUnreadable for what is not there or not one of these.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head.startswith(b"\xfd7zXZ"):
            return lzma.open(path, "rb")
        if head.startswith(b"\x1f\x8b"):
            return gzip.open(path, "rb")  # type: ignore[return-value]
        if head.startswith(b"BZh"):
            return bz2.open(path, "rb")
        return path.open("rb")
    except OSError as error:
        raise FileUnreadable(
            _("%(file)s cannot be opened: %(reason)s. Check the name and that you may read it.")
            % {"file": path, "reason": error.strerror or error}
        ) from error


class CleanXml(io.RawIOBase):
    """Reads like a file: UTF-8 XML without a declaration, with what can be mended mended."""

    def __init__(self, part: Part, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__()
        self.bytes_read = 0
        # Where the reader last finished an item: one item longer than MAX_ITEM_BYTES is refused, not gathered.
        self.item_began_at = 0
        self.mended = 0
        # Whether it was read to its end, and that end is not the end of an export.
        self.is_cut = False
        self._tail = b""
        # Lines in another encoding than the file says.
        self.guessed = 0
        self._name = part.name
        self._file = part.open()
        self._packed = max(1, part.packed)
        self._max_bytes = max_bytes
        self._ready = b""
        self._pieces = self._clean()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._ready) < size:
            piece = next(self._pieces, None)
            if piece is None:
                self.is_cut = not self._tail.rstrip().endswith(b"</rss>")
                break
            self._ready += piece
            self._tail = (self._tail + piece[-64:])[-64:]
        if size < 0:
            size = len(self._ready)
        out, self._ready = self._ready[:size], self._ready[size:]
        return out

    def close(self) -> None:
        # Python closes a reader too that never came to open its file, and from 3.13 on says when that fails.
        file: IO[bytes] | None = getattr(self, "_file", None)
        if file is not None:
            file.close()
        super().close()

    def _chunks(self) -> Iterator[bytes]:
        try:
            while chunk := self._file.read(CHUNK):
                self.bytes_read += len(chunk)
                too_tight = self.bytes_read > RATIO_FROM_BYTES and self.bytes_read > self._packed * MAX_RATIO
                if self.bytes_read > self._max_bytes or too_tight:
                    raise FileTooLarge(
                        _("%(file)s unpacks to more than an export can hold; nothing was imported.")
                        % {"file": self._name}
                    )
                if self.bytes_read - self.item_began_at > MAX_ITEM_BYTES:
                    raise FileTooLarge(
                        _("%(file)s holds one entry of more than %(limit)d MB; nothing was imported.")
                        % {"file": self._name, "limit": MAX_ITEM_BYTES // 1024**2}
                    )
                yield chunk
        except (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, ValueError) as error:
            raise _damaged(self._name, error) from error

    def _clean(self) -> Iterator[bytes]:
        chunks = self._chunks()
        first = next(chunks, b"")
        decoder = _decoder(first)
        held, inside, begun = "", False, False
        for chunk in _prepend(first, chunks):
            text = held + decoder.decode(chunk)
            if not begun:
                text, begun = _DECLARATION.sub(_blank_lines, text.lstrip("\ufeff"), count=1), True
                self._refuse_doctype(text)
            written, held, inside = self._mend(text, inside, last=False)
            yield written.encode()
        written, held, inside = self._mend(held + decoder.decode(b"", True), inside, last=True)
        if isinstance(decoder, ForgivingUtf8):
            self.guessed = decoder.guessed
        yield written.encode()

    def _refuse_doctype(self, text: str) -> None:
        """An export has no document type; one that has may hide entities that grow without end."""
        head = _COMMENT.sub("", text)
        root = re.search(r"<[A-Za-z]", head)
        if "<!DOCTYPE" in head[: root.start() if root else len(head)].upper():
            if re.search(r"<!DOCTYPE\s+html\b|<html\b", head, re.IGNORECASE):
                raise FileUnreadable(web_page_instead(self._name))
            raise FileUnreadable(
                _("%(file)s declares a document type, which no export of WordPress does; it was not read.")
                % {"file": self._name}
            )

    def _mend(self, text: str, inside: bool, *, last: bool) -> tuple[str, str, bool]:
        """(what is ready, what must wait for more, whether we are inside CDATA)."""
        cleaned = _ILLEGAL.sub("", text)
        self.mended += len(text) - len(cleaned)
        text, out, position = cleaned, [], 0
        limit = len(text) if last else max(0, len(text) - _HOLD)
        while position < len(text):
            end = text.find(_CDATA_END if inside else _CDATA, position)
            found = end >= 0
            if found and inside:
                is_end = self._ends_field(text, end + len(_CDATA_END), last=last)
                if is_end is None:
                    break  # what follows will tell
                if not is_end:
                    out += [text[position:end], "]]]]><![CDATA[>"]
                    position = end + len(_CDATA_END)
                    self.mended += 1
                    continue
                end += len(_CDATA_END)
            elif found:
                end += len(_CDATA)
            else:
                end = max(position, limit)
                if not last and not inside:
                    # An entity may be cut in two.
                    ampersand = text.rfind("&", max(position, end - _HOLD), end)
                    end = ampersand if ampersand >= 0 else end
            part = text[position:end]
            out.append(part if inside else _AMPERSAND.sub(self._entity, part))
            position = end
            if not found:
                break
            inside = not inside
        return "".join(out), text[position:], inside

    def _ends_field(self, text: str, position: int, *, last: bool) -> bool | None:
        """Whether a "]]>" that ends here ends its field, or was forgotten in its words; None: more must be read."""
        if _FIELD_END.match(text, position):
            return True
        again = text.find(_CDATA_END, position, position + _CDATA_WINDOW)
        if again < 0:
            return True if last or len(text) - position > _CDATA_WINDOW else None
        return _SOME_FIELD_END.search(text, position, again) is not None

    def _entity(self, match: re.Match[str]) -> str:
        name = (match[1] or "")[:-1]
        if name in _XML_ENTITIES:
            return match[0]
        if name.startswith("#"):
            digits = name[1:]
            code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
            if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
                return match[0]
            self.mended += 1
            return ""
        before = match.string[max(0, match.start() - 200) : match.start()]
        # Every export's head has one in a comment, which hurts nobody.
        self.mended += before.rfind("<!--") <= before.rfind("-->")
        known = html.entities.html5.get(f"{name};")
        return known if known else f"&amp;{match[0][1:]}"


def _decoder(first: bytes) -> codecs.IncrementalDecoder | ForgivingUtf8:
    name = ""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif first.startswith((b"<\0", b"\0<")):
        name = "utf-16-le" if first[:1] == b"<" else "utf-16-be"
    elif declared := _ENCODING.search(first[:500]):
        name = declared[1].decode()
    if not _ENCODINGS.match(name) or (not name.startswith("utf-16") and _is_utf8(first)):
        return ForgivingUtf8()
    try:
        return codecs.getincrementaldecoder(name)(errors="replace")
    except LookupError:
        return ForgivingUtf8()


def _is_utf8(first: bytes) -> bool:
    """Whether a file says something else and is UTF-8 nevertheless: no other encoding looks like it by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return any(char > "\x7f" for char in decoder.decode(first))
    except UnicodeDecodeError:
        return False


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
