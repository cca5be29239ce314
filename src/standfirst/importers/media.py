"""Finding an old system's pictures and files in a folder: by their path below uploads, else by their file name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileUnreadable, no_look
from standfirst.kit import oldpaths
from standfirst.kit.links import split

MAX_FILE_BYTES = 100 * 1024**2
MAX_PIXELS = 120_000_000
SUFFIXES = frozenset(f".{ending}" for ending in (*oldpaths.PICTURES, *oldpaths.FILES))
_SIZED = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,5}$)")
_SCALED = re.compile(r"-(?:scaled|rotated|e\d{10,13})(?=\.[A-Za-z]{3,5}$)")
_UPLOADS = re.compile(r"(?:^|/)(?:wp-content/uploads|files|content/(?:images|files|media))/(.+)$")


class MediaFolder:
    """A folder of uploads, read once. Without a folder nothing is ever found."""

    def __init__(self, folder: Path | None) -> None:
        self._by_path: dict[str, Path] = {}
        self._by_name: dict[str, list[str]] = {}
        if folder is None:
            return
        if not folder.is_dir():
            raise FileUnreadable(
                _("%(folder)s is not a folder. Name the folder that holds the uploads.") % {"folder": folder}
            )
        root = folder.resolve()
        for where, _folders, names in os.walk(root, onerror=no_look, followlinks=False):
            for name in names:
                if Path(name).suffix.lower() in SUFFIXES:
                    file = Path(where) / name
                    if file.is_symlink():
                        continue  # it could lead out of the folder
                    relative = file.relative_to(root).as_posix()
                    self._by_path[relative] = file
                    self._by_name.setdefault(name.lower(), []).append(relative)

    def find(self, address: str) -> Path | None:
        """The original behind an address or a path below uploads; sizes made by WordPress lead to their original."""
        path = unquote(split(address).path if "://" in address else address)
        uploads = _UPLOADS.search(path)
        wanted = (uploads[1] if uploads else path).lstrip("/")
        whole = _SCALED.sub("", _SIZED.sub("", wanted))
        stem, dot, suffix = whole.rpartition(".")
        # Ghost keeps what was uploaded as it was beside what it shows: quay.jpg and quay_o.jpg.
        others = (f"{stem}-scaled{dot}{suffix}", wanted, f"{stem}_o{dot}{suffix}")
        for candidate in dict.fromkeys((whole, _SIZED.sub("", wanted), *others)):
            found = self._find_one(candidate)
            if found is not None:
                return found
        return None

    def _find_one(self, wanted: str) -> Path | None:
        parts = wanted.split("/")
        for start in range(len(parts)):
            found = self._by_path.get("/".join(parts[start:]))
            if found is not None:
                return found
        names = self._by_name.get(parts[-1].lower(), [])
        # The folder may hold more than uploads: the one whose path ends most like the address wins.
        best = max(names, key=lambda name: (_common_end(name, wanted), -len(name)), default=None)
        return self._by_path[best] if best is not None else None


def picture_problem(file: Path) -> str | None:
    """Why a file cannot become a picture, as a sentence; None when it can."""
    from PIL import Image

    if file.stat().st_size > MAX_FILE_BYTES:
        return _("The file is larger than %(limit)d MB.") % {"limit": MAX_FILE_BYTES // 1024**2}
    try:
        with Image.open(file) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return _("The picture has more than %(limit)d million pixels.") % {"limit": MAX_PIXELS // 1_000_000}
            if (image.format or "").lower() not in {"jpeg", "png", "webp", "gif", "avif", "mpo"}:
                return _("The file is not a picture of a kind we show.")
            image.verify()
    except PermissionError:
        return _("The account that imports may not read the file.")
    except Exception:
        # Whatever a damaged or hostile file makes the library raise, the story stands without it.
        return _("The file is damaged or no picture.")
    return None


def _common_end(one: str, other: str) -> int:
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left.lower() != right.lower():
            break
        count += 1
    return count
