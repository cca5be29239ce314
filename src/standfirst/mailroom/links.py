"""Links of a letter that are counted, by link and letter alone, where an editor wants it and the letter says so.

Such a link leads by `/newsletters/to/LETTER.MARK/the/page/`. What it leads to stands in it, so it needs no database,
and a web server in front finds the page while the app is away. It names no reader: everybody has the same.
"""

from __future__ import annotations

import base64
import hmac
import re
from html import escape, unescape

from standfirst.mailroom import tokens
from standfirst.mailroom.posting import TOKEN, base_url
from standfirst.press.addresses import COUNTED, is_plausible

_HREF = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)


def counted_address(letter: int, path: str) -> str:
    """The path by which a link of a letter leads to one of our pages."""
    return f"{COUNTED}{letter}.{mark_of(letter, path)}{path}"


def mark_of(letter: int, path: str) -> str:
    body = tokens.mark("link", f"{letter}:{path}".encode())
    return base64.urlsafe_b64encode(body).decode()


def is_ours(letter: int, mark: str, path: str) -> bool:
    """Whether we made this link, told without looking anything up."""
    return is_plausible(path) and hmac.compare_digest(mark.encode(), mark_of(letter, path).encode())


def paths_in(html: str) -> list[str]:
    """The pages of ours that a letter links to, each once, in their order; never a reader's own."""
    found = (_path(match[2]) for match in _HREF.finditer(html))
    return list(dict.fromkeys(path for path in found if path))


def with_counted_links(html: str, letter: int) -> str:
    """A letter's HTML with its links leading by us."""

    def counted(match: re.Match[str]) -> str:
        path = _path(match[2])
        if not path:
            return match[0]
        return f"{match[1]}{escape(base_url() + counted_address(letter, path))}{match[3]}"

    return _HREF.sub(counted, html)


def _path(href: str) -> str:
    address, base = unescape(href), base_url()
    path = address.removeprefix(base)
    if TOKEN in address or path == address or path.startswith(COUNTED) or not is_plausible(path):
        return ""
    return path
