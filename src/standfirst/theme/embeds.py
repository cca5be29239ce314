"""Where a click-to-load embed is shown from: the frame's address for the addresses people paste."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_name = re.compile(r"[A-Za-z0-9_-]{1,64}")


def frame_address(url: str) -> str:
    """The frame's address for a host of the list (decision 19), without cookies where it offers that; else ''."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    path = [part for part in parts.path.split("/") if part]
    if parts.scheme != "https" or not all(re.fullmatch(r"[\w.~%-]+", part) for part in path):
        return ""
    if host == "youtu.be" and path and _name.fullmatch(path[0]):
        return f"https://www.youtube-nocookie.com/embed/{path[0]}"
    if host == "youtube.com":
        wanted = parse_qs(parts.query).get("v", [""])[0]
        if path[:1] in (["embed"], ["shorts"], ["live"]) and len(path) > 1:
            wanted = path[1]
        return f"https://www.youtube-nocookie.com/embed/{wanted}" if _name.fullmatch(wanted) else ""
    if host in ("vimeo.com", "player.vimeo.com") and path and path[-1].isdigit():
        return f"https://player.vimeo.com/video/{path[-1]}?dnt=1"
    if host == "t.me" and len(path) == 2 and path[1].isdigit() and _name.fullmatch(path[0]):
        return f"https://t.me/{path[0]}/{path[1]}?embed=1"
    if host == "datawrapper.dwcdn.net" and path and _name.fullmatch(path[0]):
        return f"https://datawrapper.dwcdn.net/{'/'.join(path)}/"
    if host == "flo.uri.sh" and len(path) > 1:
        return f"https://flo.uri.sh/{'/'.join(path)}"
    if host == "openstreetmap.org" and parts.path == "/export/embed.html":
        return f"https://www.openstreetmap.org/export/embed.html?{parts.query}"
    return ""
