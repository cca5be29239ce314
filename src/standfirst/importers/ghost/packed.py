"""The bytes of an export, however it was packed: plain, .gz, .xz, .bz2, or inside the zip of a backup."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileTooLarge, FileUnreadable
from standfirst.importers.stream import CHUNK, MAX_BYTES, MAX_RATIO, RATIO_FROM_BYTES, open_export

# What lies beside an export in Ghost's backups and is JSON too.
_NOT_EXPORTS = frozenset({"redirects.json", "package.json", "package-lock.json", "manifest.json"})


class PackedExport:
    """Gives the unpacked bytes of an export as often as asked, and says what else lay in its archive."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._inside: str | None = None
        self.has_pictures = False
        self._size = 1
        if _is_zip(path):
            self._look_inside()
        elif path.is_file():
            self._size = max(1, path.stat().st_size)

    def chunks(self) -> Iterator[bytes]:
        """Raises FileUnreadable for what cannot be opened or unpacked, FileTooLarge for a bomb."""
        read = 0
        try:
            with self._open() as file:
                while chunk := file.read(CHUNK):
                    read += len(chunk)
                    too_tight = read > RATIO_FROM_BYTES and read > self._size * MAX_RATIO
                    if read > self._max_bytes or too_tight:
                        raise FileTooLarge(
                            _("%(file)s unpacks to more than an export can hold; nothing was imported.")
                            % {"file": self.path.name}
                        )
                    yield chunk
        except (
            *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
            *(lzma.LZMAError, zlib.error, zipfile.BadZipFile),
        ) as error:
            raise FileUnreadable(
                _("%(file)s is damaged and cannot be unpacked (%(reason)s). Copy it here again.")
                % {"file": self.path.name, "reason": error}
            ) from error

    def _open(self) -> IO[bytes]:
        if self._inside is None:
            return open_export(self.path)
        archive = zipfile.ZipFile(self.path)
        try:
            return archive.open(self._inside)
        finally:
            # An opened member keeps the file open for itself.
            archive.close()

    def _look_inside(self) -> None:
        try:
            with zipfile.ZipFile(self.path) as archive:
                entries = archive.infolist()
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            raise FileUnreadable(
                _("%(file)s is damaged and cannot be unpacked (%(reason)s). Copy it here again.")
                % {"file": self.path.name, "reason": error}
            ) from error
        self.has_pictures = any("content/images/" in entry.filename for entry in entries)
        found = [entry for entry in entries if _may_be_export(entry.filename)]
        if len(found) > 1:
            # A backup keeps the database in data/; a theme may bring JSON of its own.
            found = [entry for entry in found if PurePosixPath(entry.filename).parent.name == "data"] or found
        if len(found) != 1:
            raise FileUnreadable(
                _("%(file)s is a zip archive with %(count)d JSON files. Unpack it and name the one Ghost exported.")
                % {"file": self.path.name, "count": len(found)}
                if found
                else _(
                    "%(file)s is a zip archive without a .json file in it. In Ghost the export is made under Settings, "
                    "Import/Export."
                )
                % {"file": self.path.name}
            )
        self._inside = found[0].filename
        self._size = max(1, found[0].compress_size)


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False  # whoever opens it says why


def _may_be_export(name: str) -> bool:
    path = PurePosixPath(name)
    parts = path.parts
    return (
        path.suffix.lower() == ".json"
        and path.name not in _NOT_EXPORTS
        and not path.name.startswith("._")
        and not {"themes", "__MACOSX", "node_modules", "locales"} & set(parts)
    )
