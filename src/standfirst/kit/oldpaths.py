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
QUERY_NAMES = ("p", "page_id", "attachment_id", "cat", "tag", "author", "m")
# By which some translation plugins tell two texts at one path apart; it matters after all others.
LANGUAGE = "lang"
_FRONT = frozenset({"/", "/index.php", "/index.html", "/index.htm"})
_SLASHES = re.compile(r"/{2,}|\\+")
_FEED = re.compile(
    r"/(?:feed(?:/(?:rss2?|rdf|atom|feed))?|rss(?:/\d+)?|rss2|rdf|atom|rss2?\.xml|atom\.xml|feed\.xml|"
    r"wp-(?:rss2?|rdf|atom|feed|commentsrss2)\.php)$"
)
_OTHER = re.compile(
    r"/(?:page/\d{1,6}|comment-page-\d{1,6}|amp|amp\.html|embed|trackback|print|\d{1,3}|all|index\.(?:php|html?))$|\.amp$"
)
_CATEGORY = re.compile(r"^(.*/category)/(?:[^/]+/)+([^/]+)$")
_DATE = re.compile(r"^((?:/[^/0-9][^/]*)?)/((?:19|20)\d\d)(?:/(0[1-9]|1[0-2])(?:/(0[1-9]|[12]\d|3[01]))?)?$")
_MONTH_ASKED = re.compile(r"((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(?:(0[1-9]|[12]\d|3[01])\d{0,6})?)?")
PICTURES = ("jpg", "jpeg", "png", "webp", "gif", "avif")
# What a newsroom offers for download and a browser does not run; of recordings what phones play.
FILES = (
    *("pdf", "doc", "docx", "odt", "rtf", "txt", "epub", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "zip"),
    *("mp3", "m4a", "ogg", "oga", "opus", "wav", "mp4", "m4v", "webm", "ogv", "mov"),
)
_FILE = re.compile(rf"/[^/]+\.(?:{'|'.join([*PICTURES, *FILES])})", re.IGNORECASE)
_SIZE = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,5}$)")
_MADE = re.compile(r"-(?:scaled|rotated|e\d{10,13})(?=\.[A-Za-z]{3,5}$)")
# Ghost makes its sizes in folders: content/images/size/w600/format/webp/2024/11/quay.jpg.
_SIZE_FOLDER = re.compile(r"(?<=/content/images)/size/w\d+(?:h\d+)?(?:/format/\w+)?(?=/)")
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
        if name == "m" and asked.get(name):
            return dated_by(bare, asked[name]) or bare
        if asked.get(name):
            return f"{bare}?{name}={asked[name].lower()}"
    return f"{bare}?{LANGUAGE}={asked[LANGUAGE].lower()}" if asked.get(LANGUAGE) else bare


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
    # Some had their AMP before the address instead of behind it.
    found += [Shorter(one.path[4:], one.is_feed) for one in found if one.path.startswith("/amp/")]
    for one in list(found):
        category = _CATEGORY.match(one.path)
        if category:
            found.append(Shorter(f"{category[1]}/{category[2]}", one.is_feed))
    return found


def above(path: str) -> str:
    """The address one step up, where a picture's own page lay below the text it was uploaded to; "" for none."""
    upper = path.rpartition("/")[0]
    return upper if upper.count("/") >= 1 else ""


def dated_by(path: str, asked: str) -> str:
    """The plain address of the date's archive that a front's `m` asks for: "201905" → "/2019/05"; "" for no date."""
    found = _MONTH_ASKED.fullmatch(asked)
    return path.rstrip("/") + "".join(f"/{part}" for part in found.groups() if part) if found else ""


def dated(path: str) -> tuple[str, int, int, int] | None:
    """(what stands before, year, month, day) of a date's archive; month and day 0 where it is longer than a day."""
    match = _DATE.match(path)
    return (match[1], int(match[2]), int(match[3] or 0), int(match[4] or 0)) if match else None


def is_file(path: str) -> bool:
    """Whether a path, decoded once, names a picture or a file for download."""
    return _FILE.fullmatch(path[path.rfind("/") :]) is not None


def original_of(path: str) -> str:
    """The one name by which a file is known, whichever of its sizes was asked for."""
    return originals_of(path)[-1] if is_file(path) else path


def originals_of(path: str) -> list[str]:
    """The names under which the original of a file may be known, the nearest first; none for what is no file."""
    if not is_file(path):
        return []
    whole = unicodedata.normalize("NFC", _SLASHES.sub("/", unquote(path, errors="replace")))
    found = [whole, _SIZE_FOLDER.sub("", whole)]
    for pattern in (_SIZE, _MADE):
        found.append(pattern.sub("", found[-1]))
    return list(dict.fromkeys(found))


def asks_by_rule(query: str) -> bool:
    """Whether a front's query may lead on although no row knows it: a date's archive, a picture's own page."""
    asked = dict(parse_qsl(query[:2000]))
    return bool(dated_by("/", asked.get("m", ""))) or asked.get("attachment_id", "").isdecimal()
