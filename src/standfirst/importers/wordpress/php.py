"""Values as PHP's `serialize` writes them into custom fields. Nothing of them is ever made alive."""

from __future__ import annotations

from typing import Any

MAX_DEPTH = 20
MAX_VALUES = 20_000


def php_value(text: str) -> Any:
    """The value: None, bool, int, float, str, or a dict of such; None too for what is no such text.

    Lists come as dicts with numbers for keys. Lengths that no longer fit, as after a search and replace in the
    database, are forgiven where the end of the text can still be told.
    """
    text = text.strip()
    if len(text) < 2 or text[1] not in ":;" or text[0] not in "abdiNsOC":
        return None
    try:
        value, _end = _Reading(text.encode("utf-8", "replace")).value(0, 0)
    except (ValueError, IndexError):
        return None
    return value


def php_dict(text: str) -> dict[str, Any]:
    """As php_value, for a list or an object; keys as text. Empty for anything else."""
    found = php_value(text)
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


class _Reading:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.count = 0

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise ValueError("too much")
        kind = self.data[at : at + 1]
        if kind == b"N":
            return None, at + 2
        if kind in b"ibd":
            end = self.data.index(b";", at)
            words = self.data[at + 2 : end].decode("ascii", "replace")
            made: Any = float(words) if kind == b"d" else int(words)
            return (bool(made) if kind == b"b" else made), end + 1
        if kind == b"s":
            return self._text(at)
        if kind == b"a":
            colon = self.data.index(b":", at + 2)
            return self._pairs(colon + 2, int(self.data[at + 2 : colon]), depth)
        if kind == b"O":
            name = self.data.index(b'":', at)
            colon = self.data.index(b":", name + 2)
            return self._pairs(colon + 2, int(self.data[name + 2 : colon]), depth)
        raise ValueError("unknown kind")

    def _text(self, at: int) -> tuple[str, int]:
        colon = self.data.index(b":", at + 2)
        begin = colon + 2
        end = begin + int(self.data[at + 2 : colon])
        if self.data[end : end + 2] != b'";':
            end = self.data.index(b'";', begin)
        return self.data[begin:end].decode("utf-8", "replace"), end + 2

    def _pairs(self, at: int, count: int, depth: int) -> tuple[dict[Any, Any], int]:
        found: dict[Any, Any] = {}
        for _number in range(min(count, MAX_VALUES)):
            key, at = self.value(at, depth + 1)
            found[key if isinstance(key, str | int) else str(key)], at = self.value(at, depth + 1)
        return found, at + 1
