"""Files under /s/ and /m/ straight from disk, without Django: hashed names, so readers keep them for good.

Imports no Django. The page layer of a later issue takes this over.
"""

from __future__ import annotations

import mimetypes
import os
import re
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

# Hashed by the manifest storage ("theme.0123456789ab.css"), so a changed file has another address.
HASHED = re.compile(r"\.[0-9a-f]{12}\.")
TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# Shown in the browser from /m/; anything else that was uploaded is offered for saving.
SHOWN = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp", ".pdf", ".txt", ".svg"}
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What to send: `file` to stream, or only status and headers."""

    status: int
    headers: Headers
    file: str | None = None


@dataclass(frozen=True)
class Mount:
    """One folder served below one prefix. `handed_in`: what people uploaded, never run as a page of ours."""

    prefix: str
    folder: Path
    handed_in: bool = False


class Files:
    def __init__(self, mounts: list[Mount]) -> None:
        self._mounts = [(m.prefix, os.path.realpath(m.folder), m) for m in mounts]

    def answer(self, *, path: str, method: str, accept_encoding: str = "", if_none_match: str = "") -> Answer | None:
        """The answer for an address, or None when it is no file address of ours and Django should see it.

        path: already percent-decoded (once), without the query.
        """
        for prefix, root, mount in self._mounts:
            if path.startswith(prefix):
                if method not in ("GET", "HEAD"):
                    return Answer(405, [("allow", "GET, HEAD"), ("content-length", "0")])
                file = _inside(root, path[len(prefix) :])
                return _not_found() if file is None else _send(file, mount, accept_encoding, if_none_match)
        return None


def _inside(root: str, name: str) -> str | None:
    """The real path of a plain file below root. Nothing hidden, nothing that leads out, links followed and checked."""
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    real = os.path.realpath(os.path.join(root, *parts))  # noqa: PTH118  (pathlib takes four times as long)
    if not real.startswith(root + os.sep) or not os.path.isfile(real):  # noqa: PTH113
        return None
    return real


def _send(file: str, mount: Mount, accept_encoding: str, if_none_match: str) -> Answer:
    name = os.path.basename(file)  # noqa: PTH119
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122
    kind = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    forever = mount.handed_in or HASHED.search(name) is not None
    headers: Headers = [
        ("content-type", kind),
        ("cache-control", "public, max-age=31536000, immutable" if forever else "no-cache"),
        ("x-content-type-options", "nosniff"),
    ]
    if mount.handed_in:
        headers.append(("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        if ending not in SHOWN:
            headers.append(("content-disposition", "attachment"))
    else:
        headers.append(("vary", "accept-encoding"))
        for encoding, suffix in (("br", ".br"), ("gzip", ".gz")):
            if encoding in accept_encoding and os.path.isfile(file + suffix):  # noqa: PTH113
                headers.append(("content-encoding", encoding))
                file += suffix
                break
    stat = os.stat(file)  # noqa: PTH116
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers += [("etag", etag), ("last-modified", formatdate(stat.st_mtime, usegmt=True))]
    if etag in if_none_match:
        return Answer(304, headers)
    headers.append(("content-length", str(stat.st_size)))
    return Answer(200, headers, file)


def _not_found() -> Answer:
    return Answer(
        404, [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"), ("content-length", "0")]
    )
