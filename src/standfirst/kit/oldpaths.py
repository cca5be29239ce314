"""Addresses of an old site: one form for every way of writing one, and the rule by which the endless ones lead on.

An old system answers more addresses than anybody can list: feeds, further pages, AMP, in capitals, with two slashes.
They are known by their endings: what stands before the ending leads somewhere, and so does the whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

# What an old system's queries name; whatever else stands in a query (a campaign's marks) leads nowhere.
QUERY_NAMES = ("p", "page_id", "attachment_id", "cat", "tag", "author")
_FRONT = frozenset({"/", "/index.php", "/index.html", "/index.htm"})
_SLASHES = re.compile(r"/{2,}|\\+")
_FEED = re.compile(r"/(?:feed(?:/(?:rss2?|rdf|atom|feed))?|rss(?:/\d+)?|rss2?\.xml|atom\.xml|feed\.xml)$")
_OTHER = re.compile(
    r"/(?:page/\d{1,6}|comment-page-\d{1,6}|amp|amp\.html|embed|trackback|print|\d{1,3}|all|index\.(?:php|html?))$|\.amp$"
)
_CATEGORY = re.compile(r"^(.*/category)/(?:[^/]+/)+([^/]+)$")
_DATE = re.compile(r"^((?:/[^/0-9][^/]*)?)/((?:19|20)\d\d)(?:/(0[1-9]|1[0-2])(?:/(0[1-9]|[12]\d|3[01]))?)?$")
_DEEPEST = 4


@dataclass(frozen=True)
class Shorter:
    """An address that the asked one is a form of. is_feed: its feed was asked for."""

    path: str
    is_feed: bool = False


def plain(path: str) -> str:
    """One form of a path: decoded, in small letters, single slashes, none at the end; "/" for the front page."""
    text = path
    if "%" in text:
        text = unquote(text, errors="replace")
        if "%" in text and re.search(r"%[0-9a-fA-F]{2}", text):
            text = unquote(text, errors="replace")  # written twice over, as some systems do
    text = unicodedata.normalize("NFC", _SLASHES.sub("/", "/" + text.strip())).lower()
    text = text.removeprefix("/index.php/") if text.startswith("/index.php/") else text
    text = "/" + text.strip("/")
    return "/" if text in _FRONT else text


def plain_with_query(path: str, query: str) -> str:
    """The same for an address of which the query is the point (/?p=12); else the path alone."""
    asked = dict(parse_qsl(query[:2000])) if query else {}
    bare = plain(path)
    for name in QUERY_NAMES:
        if asked.get(name):
            return f"{bare}?{name}={asked[name].lower()}"
    return bare


def shorter(path: str) -> list[Shorter]:
    """The addresses that a plain path may be a form of, the nearest first, itself among them.

    "/world/page/3" → "/world/page/3", "/world". "/a/b/feed" → itself, then "/a/b" as a feed.
    """
    found = [Shorter(path)]
    is_feed = False
    rest = path
    for _turn in range(_DEEPEST):
        feed = _FEED.search(rest)
        other = None if feed else _OTHER.search(rest)
        match = feed or other
        if match is None:
            break
        is_feed = is_feed or feed is not None
        rest = rest[: match.start()] or "/"
        found.append(Shorter(rest, is_feed))
    for one in list(found):
        category = _CATEGORY.match(one.path)
        if category:
            found.append(Shorter(f"{category[1]}/{category[2]}", one.is_feed))
    return found


def above(path: str) -> str:
    """The address one step up, where a picture's own page lay below the text it was uploaded to; "" for none."""
    upper = path.rpartition("/")[0]
    return upper if upper.count("/") >= 1 else ""


def dated(path: str) -> tuple[str, int, int, int] | None:
    """(what stands before, year, month, day) of a date's archive; month and day 0 where it is longer than a day."""
    match = _DATE.match(path)
    return (match[1], int(match[2]), int(match[3] or 0), int(match[4] or 0)) if match else None
