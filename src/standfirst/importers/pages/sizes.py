"""The whole picture behind the small one that a site builder's page shows: the size stands in the address."""

from __future__ import annotations

import re
from urllib.parse import unquote

from standfirst.kit.links import split

_WIX = re.compile(r"(/media/[^/]+\.(?:jpe?g|png|webp|gif|avif))/v1/.*$", re.IGNORECASE)
_MEDIUM = re.compile(
    r"^/(?:v2/)?(?:resize:[^/]+|max/\d+|fit/[^/]+|format:[^/]+|freeze/[^/]+)(?:/(?:[a-z]+:[^/]+|\d+))*/"
)
_SUBSTACK = re.compile(r"^/image/fetch/(?:[^/]*/)?(https?(?:://|%3A%2F%2F).+)$", re.IGNORECASE)
_BLOGGER = re.compile(r"/(?:s\d{2,4}|w\d{2,4}-h\d{2,4})(?:-[a-z0-9-]+)?(?=/[^/]+$)")


def full_size(address: str) -> str:
    """The address of the picture as it was uploaded, where the address of a smaller one tells it; else the same."""
    parts = split(address)
    host = (parts.hostname or "").lower()
    if host == "static.wixstatic.com":
        return f"https://{host}{_WIX.sub(lambda match: match[1], parts.path)}"
    if host in ("miro.medium.com", "cdn-images-1.medium.com"):
        return f"https://miro.medium.com/v2/{parts.path.rpartition('/')[2]}" if _MEDIUM.match(parts.path) else address
    if host in ("substackcdn.com", "cdn.substack.com"):
        inner = _SUBSTACK.match(parts.path)
        whole = unquote(inner[1]) if inner else ""
        return whole if whole.startswith(("http://", "https://")) and split(whole).hostname else address
    if host.endswith((".bp.blogspot.com", "blogger.googleusercontent.com")):
        return address.replace(parts.path, _BLOGGER.sub("/s1600", parts.path), 1)
    return address
