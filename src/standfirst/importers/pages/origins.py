"""Where a saved page lay on the web: what archives, mirrors and browsers wrote into it, taken out and read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from standfirst.kit.links import split

# Addresses that the Wayback Machine wrote around the page's own: with a time, and a word for the kind of thing.
_WAYBACK = re.compile(
    r"(?:(?:https?:)?//web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/(?=(?:https?:/|mailto:|tel:|//))", re.IGNORECASE
)
_WAYBACK_ANY = re.compile(r"web\.archive\.org/|/web/\d{14}", re.IGNORECASE)
_TOOLBAR = re.compile(r"<!--\s*BEGIN WAYBACK TOOLBAR INSERT\s*-->.*?<!--\s*END WAYBACK TOOLBAR INSERT\s*-->", re.DOTALL)
_WAYBACK_HEAD = re.compile(
    r"<script[^>]*(?:web-static\.archive\.org|/_static/js/|wombat|bundle-playback|archive\.org/includes)[^>]*>.*?</script>"
    r"|<link[^>]*(?:web-static\.archive\.org|/_static/css/)[^>]*>|<!-- End Wayback Rewrite JS Include -->",
    re.DOTALL | re.IGNORECASE,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    r"<!--\s*(?:Page saved with SingleFile|Archive processed by SingleFile)\s+url:\s*(\S+)\s+"
    r"saved date:\s*([^\n]{5,60})",
    re.IGNORECASE,
)
_HTTRACK = re.compile(r"<!--\s*Mirrored from (\S+) by HTTrack[^>]*?-->", re.IGNORECASE)
_HOST = re.compile(r"^(?:www\.|[a-z0-9-]+\.)*[a-z0-9-]+\.[a-z]{2,24}(?:_\d{2,5}|[:+]\d{2,5})?$", re.IGNORECASE)
_ENDINGS = frozenset({"html", "htm", "php", "xhtml", "shtml", "mhtml", "mht", "asp", "aspx", "gz", "webarchive", "jsp"})
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|yclid|igshid|mc_[a-z]+|_ga|ref|amp|output|share|replytocom)$", re.IGNORECASE
)


@dataclass
class Origin:
    """address: where it lay, "" where nothing says it. seen: when an archive copied it."""

    address: str = ""
    seen: dt.datetime | None = None


def unwrapped_archive(text: str) -> tuple[str, dt.datetime | None]:
    """A page without what the Wayback Machine added, its addresses as they were, and when it was copied."""
    if not _WAYBACK_ANY.search(text):
        return text, None
    stamp = _WAYBACK.search(text)
    text = _WAYBACK.sub("", _WAYBACK_HEAD.sub("", _TOOLBAR.sub("", text)))
    return text, _moment(stamp[1]) if stamp else None


def bare_address(address: str) -> str:
    """An address out of an archive's."""
    match = _WAYBACK.match(address.strip())
    bare = address.strip()[match.end() :] if match else address.strip()
    return re.sub(r"^(https?):/(?!/)", r"\1://", bare)


def tidy(address: str) -> str:
    """A page's address without what only counted visitors; "" for what is no address of the web."""
    parts = split(bare_address(address))
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        return ""
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)])
    host = parts.hostname.lower() + (f":{parts.port}" if parts.port and parts.port not in (80, 443) else "")
    path = re.sub(r"/(?:index|default)\.(?:html?|php)$", "/", parts.path or "/", flags=re.IGNORECASE)
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")


def said_origin(text: str, relative: str, own: str = "") -> Origin:
    """What browsers, archives and mirrors say of a page's place: in a comment, or by the folders it lies in."""
    head = text[:20_000]
    seen: dt.datetime | None = None
    candidates = [own]
    if match := _SINGLE_FILE.search(head):
        candidates.append(match[1])
    if match := _SAVED_FROM.search(head):
        candidates.append(match[1])
    if match := _HTTRACK.search(text[:200_000]):
        candidates.append(match[1] if "://" in match[1] else f"https://{match[1]}")
    candidates.append(mirrored_address(relative))
    for candidate in candidates:
        stamp = _WAYBACK.match(candidate)
        if stamp:
            seen = _moment(stamp[1])
        address = tidy(candidate)
        if address:
            return Origin(address, seen)
    return Origin("", seen)


def mirrored_address(relative: str) -> str:
    """The address that the folders of a mirror spell: old.example/2019/05/words/index.html."""
    parts = relative.split("/")
    # wget of the Wayback Machine: web.archive.org/web/20190501000000/https:/old.example/…
    for number, part in enumerate(parts[:-1]):
        if part.lower() in ("http:", "https:", "http%3a", "https%3a") and number + 1 < len(parts) - 1:
            parts = parts[number + 1 :]
            if parts and not parts[0]:
                parts = parts[1:]
            break
    for number, part in enumerate(parts[:-1]):
        if _HOST.match(part) and part.lower() != "web.archive.org" and part.rpartition(".")[2].lower() not in _ENDINGS:
            host = re.sub(r"[_+](\d{2,5})$", r":\1", part)
            return f"https://{host}/" + _mirrored_path("/".join(parts[number + 1 :]))
    return ""


def _mirrored_path(path: str) -> str:
    """A path as the site had it: mirrors add .html to what had no ending, and write the query into the name."""
    path = re.sub(r"\.gz$", "", path)
    path = re.sub(r"((?:\.(?:php|aspx?|jsp|cgi))?[?@][^/]*)\.html?$", r"\1", path, flags=re.IGNORECASE)
    path, mark, query = path.partition("?") if "?" in path else path.partition("@")
    path = re.sub(r"(^|/)index(?:[0-9a-f]{4})?\.(?:html?|php)$", r"\1", path, flags=re.IGNORECASE)
    return quote(unquote(path), safe="/~!$&'()*+,;=:-._") + (f"?{query}" if mark and query else "")


def day_in_address(address: str) -> dt.date | None:
    """The day that many papers write into the address of a story."""
    path = split(address).path
    match = re.search(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)", path) or re.search(
        r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.-]|$)", path
    )
    if not match:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _moment(stamp: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(stamp[:8].ljust(8, "0"), "%Y%m%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
