"""What a request may ask of an answer: its packing, its tag, a part of it, and by which name it came.

Pure functions without a framework; the press, the desk's half and the tests use the same ones.
"""

from __future__ import annotations

import re
from typing import Literal

# Most wished for first. Nothing secret stands on a public page, so its packed size tells nobody anything.
ENCODINGS = ("br", "gzip")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

_TAGS = re.compile(r'(?:W/)?("[^"]*")')
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


def accepted(header: str) -> str:
    """The best encoding a browser takes: "br", "gzip", or "" for none. RFC 9110, section 12.5.3."""
    takes: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        takes[name] = _quality(parameters)
    for encoding in ENCODINGS:
        if takes.get(encoding, takes.get("*", 0.0)) > 0:
            return encoding
    return ""


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def knows(if_none_match: str, etag: str) -> bool:
    """Whether the reader has these very bytes already. RFC 9110, section 13.1.2: a list, `*`, weak marks ignored."""
    if if_none_match == etag:
        return True
    return if_none_match.strip() == "*" or etag in _TAGS.findall(if_none_match)


def is_known_host(host: str, ours: str | None) -> bool:
    """Whether we answer to this name (decision 13). ours: host and port of base_url, None when there is none yet."""
    if ours is None:
        return True
    host = host.lower()
    return host == ours or host.rsplit(":", 1)[0] in LOOPBACK


def byte_range(header: str, size: int) -> tuple[int, int] | Literal[False] | None:
    """The part asked for as (first, behind the last); None for the whole; False when no byte of it exists.

    One part alone, also counted from the end (RFC 9110, section 14); of several parts we send the whole.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        wanted = min(int(last), size)
        return (size - wanted, size) if wanted else False
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        return False
    return start, min(int(last) + 1, size) if last else size
