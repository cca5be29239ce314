"""Bytes that say they are UTF-8 and mostly are: the lines that are not are read as what they most likely are.

Sites that moved between servers carry texts of two encodings in one database, and their exports carry both.
"""

from __future__ import annotations

import re

_MAX_LINE = 1024 * 1024
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


class ForgivingUtf8:
    """Like codecs' incremental decoders. guessed: lines in which bytes were no UTF-8."""

    def __init__(self) -> None:
        self.guessed = 0
        self._held = b""

    def decode(self, data: bytes, final: bool = False) -> str:
        data, self._held = self._held + data, b""
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            if not final and error.start >= len(data) - 3 and error.reason == "unexpected end of data":
                self._held = data[error.start :]
                return data[: error.start].decode()
        end = len(data) if final else data.rfind(b"\n") + 1
        if not end and len(data) > _MAX_LINE:
            end = max(data.rfind(b"<"), data.rfind(b" ")) + 1 or len(data)
        self._held = data[end:]
        return "".join(self._line(line) for line in data[:end].splitlines(keepends=True))

    def _line(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.guessed += 1
        whole = sum(len(found) for found in _WHOLE.findall(line))
        broken = sum(len(found) for found in _HIGH.findall(line)) - whole
        if whole <= broken:
            return line.decode(_likely(line), "replace")
        # Two encodings in one line: what is UTF-8 stays.
        out, position = [], 0
        for match in _WHOLE.finditer(line):
            between = line[position : match.start()]
            out += [between.decode(_likely(between), "replace"), match[0].decode("utf-8", "replace")]
            position = match.end()
        rest = line[position:]
        return "".join(out) + rest.decode(_likely(rest), "replace")


def _likely(data: bytes) -> str:
    """Cyrillic words are high bytes throughout; Western ones have a single one here and there."""
    words = _WORD.findall(data)
    high = sum(len(found) for word in words for found in _HIGH.findall(word))
    return "windows-1251" if high > 0.7 * sum(map(len, words)) else "windows-1252"
