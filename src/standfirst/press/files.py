"""Files under /s/ and /m/ straight from disk, without Django: hashed names, so readers keep them for good.

Small ones are kept in memory, looked at for every request all the same: what was taken away is gone at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from standfirst.press.memory import Answer, Entry, Headers
from standfirst.press.negotiation import accepted, byte_range, knows

# Hashed by the manifest storage ("theme.0123456789ab.css"), so a changed file has another address.
HASHED = re.compile(r"\.[0-9a-f]{12}\.")
TYPES = {
    ".avif": "image/avif",
    ".csv": "text/csv; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".mjs": "text/javascript; charset=utf-8",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
# The same on every machine: what another one would guess from a name is no fact.
OTHER_TYPE = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"
HANDED_IN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Shown in the browser from /m/; anything else that was uploaded is offered for saving.
SHOWN = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp", ".pdf", ".txt", ".svg"}
SMALL_BYTES = 256 << 10
_SUFFIXES = {"br": ".br", "gzip": ".gz"}
Get = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Mount:
    """One folder served below one prefix. `handed_in`: what people uploaded, never run as a page of ours."""

    prefix: str
    folder: Path
    handed_in: bool = False


class Files:
    def __init__(self, mounts: list[Mount]) -> None:
        self._mounts = [(m.prefix, os.path.realpath(m.folder), m) for m in mounts]

    def answer(self, *, path: str, method: str, get: Get) -> Answer | Entry:
        """The answer for an address below one of the prefixes; an Entry where it may be kept in memory.

        path: already percent-decoded (once), without the query. get: a header by its name in small letters.
        """
        for prefix, root, mount in self._mounts:
            if path.startswith(prefix):
                if method not in ("GET", "HEAD"):
                    return Answer(405, [("allow", "GET, HEAD")])
                file = _inside(root, path[len(prefix) :])
                return _not_found() if file is None else _found(path, file, mount, method, get)
        return _not_found()


def _inside(root: str, name: str) -> str | None:
    """The real path of a plain file below root. Nothing hidden, nothing that leads out, links followed and checked."""
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        real = os.path.realpath(os.path.join(root, *parts))  # noqa: PTH118  (pathlib takes four times as long)
        is_file = real.startswith(root + os.sep) and os.path.isfile(real)  # noqa: PTH113
    except (OSError, ValueError):
        return None
    return real if is_file else None


def _found(path: str, file: str, mount: Mount, method: str, get: Get) -> Answer | Entry:
    packing = accepted(get("accept-encoding") or "")
    encoding = "" if mount.handed_in else packing
    while encoding and not os.path.isfile(file + _SUFFIXES[encoding]):  # noqa: PTH113
        encoding = "gzip" if encoding == "br" else ""
    source = file + _SUFFIXES.get(encoding, "")
    headers = _headers(file, mount)
    if encoding:
        headers.append(("content-encoding", encoding))
    try:
        found = _answered(path, source, headers, mount, method, get)
    except OSError:  # taken away this very moment
        return _not_found()
    if isinstance(found, Entry):
        found.encoding = packing  # what this reader takes, also where it lies in no packing
    return found


def _headers(file: str, mount: Mount) -> Headers:
    name = os.path.basename(file)  # noqa: PTH119
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122
    forever = mount.handed_in or HASHED.search(name) is not None
    headers = [
        ("content-type", TYPES.get(ending, OTHER_TYPE)),
        ("cache-control", FOREVER if forever else "no-cache"),
        ("x-content-type-options", "nosniff"),
    ]
    if mount.handed_in:
        headers.append(("content-security-policy", HANDED_IN_POLICY))
        headers.append(("accept-ranges", "bytes"))
        if ending not in SHOWN:
            headers.append(("content-disposition", "attachment"))
    else:
        headers.append(("vary", "Accept-Encoding"))
    return headers


def _answered(path: str, source: str, headers: Headers, mount: Mount, method: str, get: Get) -> Answer | Entry:
    with open(source, "rb", buffering=0) as file:  # noqa: PTH123
        stat = os.fstat(file.fileno())
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        modified = formatdate(stat.st_mtime, usegmt=True)
        headers += [("etag", etag), ("last-modified", modified)]
        known = Answer(304, [row for row in headers if row[0] not in ("content-type", "content-encoding")])
        wanted = get("range") if mount.handed_in and method == "GET" else None
        if wanted is not None and not knows(get("if-none-match") or "", etag):
            part = _part(source, stat.st_size, headers, wanted, get("if-range"), etag)
            if part is not None:
                return part
        if stat.st_size <= SMALL_BYTES:
            body = file.read()
            if len(body) == stat.st_size:
                return Entry(
                    path=path,
                    encoding="",
                    source=source,
                    identity=(stat.st_ino, stat.st_mtime_ns, stat.st_size),
                    etag=etag,
                    modified=modified,
                    full=Answer(200, headers, body),
                    known=known,
                    checked=-1,
                    is_ranged=mount.handed_in,
                )
    if knows(get("if-none-match") or "", etag):
        return known
    return Answer(200, headers, file=source, end=stat.st_size)


def _part(source: str, size: int, headers: Headers, wanted: str, if_range: str | None, etag: str) -> Answer | None:
    """The part of the file asked for; None when the whole is to be sent. RFC 9110, sections 13.1.5 and 14."""
    if if_range is not None and if_range.strip() not in (etag, dict(headers)["last-modified"]):
        return None
    asked = byte_range(wanted, size)
    if asked is None:
        return None
    if asked is False:
        kept = [row for row in headers if row[0] not in ("content-type", "cache-control")]
        return Answer(416, [*kept, ("content-range", f"bytes */{size}"), ("cache-control", "no-store")])
    start, end = asked
    headers = [row for row in headers if row[0] != "accept-ranges"]
    return Answer(
        206, [*headers, ("content-range", f"bytes {start}-{end - 1}/{size}")], file=source, start=start, end=end
    )


def _not_found() -> Answer:
    return Answer(404, [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")])
