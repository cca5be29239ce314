"""Which files hold saved pages, and what is in one: its HTML as text, and where it says it came from.

Browsers save a page as HTML with a folder of its pictures, as HTML alone, as one file with everything written into it
(SingleFile), as MHTML or as Safari's web archive; wget and HTTrack leave a folder that mirrors the site's addresses.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import glob
import gzip
import os
import plistlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileUnreadable, no_look

MAX_PAGE_BYTES = 50 * 1024**2
MAX_FILES = 2_000_000
_PAGES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht", ".webarchive"})
# Mirrors keep the ending of the program that made a page, with its query; what is inside decides.
_PROGRAMS = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|cfm)(?:$|[?@,_])", re.IGNORECASE)
_COMPANIONS = re.compile(r"(?:_files|-Dateien|_fichiers|_archivos|_bestanden|_pliki|_soubory|\.files)$", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.-]{2,40})""")
_ANY_BOX = re.compile(rb"<(?:p|div|h1)\b", re.IGNORECASE)
_LETTER = re.compile(rb"(?:from|mime-version|subject|date|content-type)\s*:", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|meta|title)\b", re.IGNORECASE)


class NoPage(Exception):
    """A file that holds no page we can read; the text is the sentence for the report."""


@dataclass(frozen=True)
class Found:
    """A file that may hold a page. relative: its path below what was named, in the words of the file system."""

    path: Path
    relative: str


@dataclass
class SavedPage:
    """text: its HTML. address: where the file itself says it was saved from. parts: files that came within it."""

    text: str
    address: str = ""
    parts: dict[str, Callable[[], bytes]] | None = None


def found_files(named: Sequence[Path]) -> Iterator[Found]:
    """The files behind names, folders and patterns, each once, in a steady order.

    Raises FileUnreadable for a name behind which there is nothing.
    """
    seen: set[Path] = set()
    for name in named:
        # Patterns may be absolute, which Path.glob does not take.
        hits = [] if name.exists() else sorted(glob.glob(str(name), recursive=True))  # noqa: PTH207
        places = [name] if name.exists() else [Path(hit) for hit in hits]
        if not places:
            raise FileUnreadable(
                _("There is nothing at %(file)s. Name saved pages or folders of them.") % {"file": name}
            )
        for place in places:
            files = _below(place) if place.is_dir() else iter((Found(place, place.name),))
            for found in files:
                key = found.path.absolute()
                if key not in seen:
                    seen.add(key)
                    if len(seen) > MAX_FILES:
                        raise FileUnreadable(_("There are more files than a paper can have. Name a smaller folder."))
                    yield found


def _below(root: Path) -> Iterator[Found]:
    for where, folders, names in os.walk(root, onerror=no_look, followlinks=False):
        # What a browser put beside a page are its pictures and frames, not pages.
        folders[:] = sorted(one for one in folders if not one.startswith(".") and not _COMPANIONS.search(one))
        for name in sorted(names):
            path = Path(where) / name
            if not name.startswith(".") and not path.is_symlink() and path.is_file() and _may_be_page(path):
                yield Found(path, path.relative_to(root).as_posix())


def _may_be_page(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    if suffix in _PAGES:
        return True
    if _PROGRAMS.search(name) or "?" in name or not suffix or not suffix[1:].isalnum() or len(suffix) > 6:
        try:
            with path.open("rb") as file:
                return bool(_MARKUP.search(file.read(2048)))
        except OSError:
            return False
    return False


def read_page(path: Path) -> SavedPage:
    """What a file holds. Raises NoPage with the sentence that says why not."""
    data = _bytes(path)
    name = path.name.lower().removesuffix(".gz")
    if data.startswith(b"bplist00"):
        return _webarchive(data)
    head = data[:2000].lstrip()
    if name.endswith((".mhtml", ".mht")) or _LETTER.match(head):
        return _mhtml(data)
    if head.startswith(b"<?xml") and b"xmlns:wp=" in head:
        raise NoPage(_("It is an export of WordPress, which “standfirst import wordpress” brings in."))
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # its markup cannot be seen so
    if not is_wide and not _MARKUP.search(data[:200_000]) and not _ANY_BOX.search(data[:200_000]):
        raise NoPage(_("It is not an HTML page, whatever its name says."))
    return SavedPage(decoded(data))


def decoded(data: bytes, declared: str = "") -> str:
    """Bytes as text. What the page says of its encoding counts only where the bytes do not say otherwise."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, errors="replace").lstrip("\ufeff")
    if data.isascii():
        return data.decode("ascii")
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    # Letters of UTF-8 do not come about by chance; a title cut in the middle of one does.
    if broken == 0 or broken * 50 < sum(1 for char in text[:500_000] if char > "\x7f"):
        return text
    match = _XML_CHARSET.match(data[:300]) or _META_CHARSET.search(data[:20_000])
    name = declared or (match[1].decode("ascii") if match else "")
    if name and name.lower().replace("_", "-") not in ("utf-8", "utf8"):
        try:
            return data.decode(_known_as(name), errors="replace")
        except LookupError:
            pass
    return data.decode(_guessed(data), errors="replace")


def _known_as(name: str) -> str:
    name = name.lower()
    # Browsers read these two as their larger brothers, and so did whoever wrote the page.
    return {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "windows-1251": "cp1251"}.get(name, name)


def _guessed(data: bytes) -> str:
    """The encoding of bytes that do not say it: the letters of the running text decide, not the markup."""
    from charset_normalizer import from_bytes

    words = re.sub(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", b" ", data[:400_000], flags=re.DOTALL | re.IGNORECASE)
    words = re.sub(rb"\s+", b" ", words)[:60_000]
    best = from_bytes(
        words, cp_isolation=["cp1251", "koi8_u", "koi8_r", "cp1252", "cp1250", "iso8859_5", "cp866"]
    ).best()
    return best.encoding if best is not None else "cp1252"


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_PAGE_BYTES:
            raise NoPage(_("The file is larger than %(limit)d MB.") % {"limit": MAX_PAGE_BYTES // 1024**2})
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(path, "rb") as file:
                data = file.read(MAX_PAGE_BYTES + 1)
            if len(data) > MAX_PAGE_BYTES:
                raise NoPage(_("The file is larger than %(limit)d MB.") % {"limit": MAX_PAGE_BYTES // 1024**2})
    except (OSError, EOFError, zlib.error) as error:
        raise NoPage(
            _("The file cannot be read (%(reason)s).") % {"reason": getattr(error, "strerror", "") or error}
        ) from error
    if not data.strip():
        raise NoPage(_("The file is empty."))
    return data


def _mhtml(data: bytes) -> SavedPage:
    """A page with its pictures as one letter, as Chrome and old Internet Explorers save it."""
    letter = email.message_from_bytes(data, policy=email.policy.compat32)
    address = _one_line(letter.get("Snapshot-Content-Location"))
    page: SavedPage | None = None
    parts: dict[str, Callable[[], bytes]] = {}
    for number, part in enumerate(letter.walk()):
        if number > 5_000 or part.is_multipart():
            continue
        kind, place = part.get_content_type(), _one_line(part.get("Content-Location"))
        if page is None and kind in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                page = SavedPage(decoded(body, part.get_content_charset() or ""), address or place)
        elif kind.startswith("image/"):
            names = [place, f"cid:{_one_line(part.get('Content-ID')).strip('<>')}"]
            parts |= {name: _payload(part) for name in names if name and name != "cid:"}
    if page is None:
        raise NoPage(_("The file holds no page."))
    page.parts = parts
    return page


def _payload(part: email.message.Message) -> Callable[[], bytes]:
    def read() -> bytes:
        body = part.get_payload(decode=True)
        return body if isinstance(body, bytes) else b""

    return read


def _webarchive(data: bytes) -> SavedPage:
    """What Safari saves: one property list of the page and all it showed."""
    try:
        held = plistlib.loads(data)
        main = held["WebMainResource"]
        text = decoded(main["WebResourceData"], str(main.get("WebResourceTextEncodingName", "")))
        parts: dict[str, Callable[[], bytes]] = {}
        for one in held.get("WebSubresources", []):
            if str(one.get("WebResourceMIMEType", "")).startswith("image/"):
                parts[str(one["WebResourceURL"])] = lambda body=one["WebResourceData"]: body  # type: ignore[misc]
        return SavedPage(text, str(main.get("WebResourceURL", "")), parts)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, IndexError) as error:
        raise NoPage(_("The web archive is damaged.")) from error


def _one_line(value: object) -> str:
    return " ".join(str(value or "").split())
