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
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileTooLarge, FileUnreadable

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
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# The beginning of one of these may lie at the end of a chunk.
_HOLD = 40


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
        if head.startswith(b"PK"):
            raise FileUnreadable(
                _("%(file)s is a zip archive. Unpack it and name the .xml file inside.") % {"file": path.name}
            )
        return path.open("rb")
    except OSError as error:
        raise FileUnreadable(
            _("%(file)s cannot be opened: %(reason)s. Check the name and that you may read it.")
            % {"file": path, "reason": error.strerror or error}
        ) from error


class CleanXml(io.RawIOBase):
    """Reads like a file: UTF-8 XML without a declaration, with what can be mended mended."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__()
        self.bytes_read = 0
        # Where the reader last finished an item: one item longer than MAX_ITEM_BYTES is refused, not gathered.
        self.item_began_at = 0
        self.mended = 0
        self._path = path
        self._file = open_export(path)
        self._packed = max(1, path.stat().st_size)
        self._max_bytes = max_bytes
        self._ready = b""
        self._pieces = self._clean()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._ready) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._ready += piece
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
                        % {"file": self._path.name}
                    )
                if self.bytes_read - self.item_began_at > MAX_ITEM_BYTES:
                    raise FileTooLarge(
                        _("%(file)s holds one entry of more than %(limit)d MB; nothing was imported.")
                        % {"file": self._path.name, "limit": MAX_ITEM_BYTES // 1024**2}
                    )
                yield chunk
        except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
            raise FileUnreadable(
                _("%(file)s is damaged and cannot be unpacked (%(reason)s). Copy it here again.")
                % {"file": self._path.name, "reason": error}
            ) from error

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
        yield written.encode()

    def _refuse_doctype(self, text: str) -> None:
        """An export has no document type; one that has may hide entities that grow without end."""
        head = _COMMENT.sub("", text)
        root = re.search(r"<[A-Za-z]", head)
        if "<!DOCTYPE" in head[: root.start() if root else len(head)].upper():
            raise FileUnreadable(
                _("%(file)s declares a document type, which no export of WordPress does; it was not read.")
                % {"file": self._path.name}
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
            if found:
                end += len(_CDATA_END) if inside else len(_CDATA)
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
        self.mended += 1
        known = html.entities.html5.get(f"{name};")
        return known if known else f"&amp;{match[0][1:]}"


def _decoder(first: bytes) -> codecs.IncrementalDecoder:
    name = "utf-8"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    else:
        declared = _ENCODING.search(first[:500])
        if declared:
            name = declared[1].decode()
    try:
        return codecs.getincrementaldecoder(name)(errors="replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")(errors="replace")


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
