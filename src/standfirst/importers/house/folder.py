"""An export as it lies on disk, looked at with distrust: every file named, plain and whole, or nothing is taken in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileUnreadable
from standfirst.kit.exports import FORMAT, BadExport, gettext_noop
from standfirst.kit.passage import as_passage

MANIFEST, SUMS, MARK = "manifest.json", "SHA256SUMS", "EXPORT-IS-INCOMPLETE.txt"
#: The pressed pages are made anew from what they show, so nobody has to trust them.
PASSED_OVER = "site/"
MOST_JSON_BYTES = 128 * 1024**2
MOST_FILES = 5_000_000
_CHUNK = 1 << 20


class HouseFolder:
    """The `In` of `kit.exports`: what rooms read from. Make it with `opened`."""

    def __init__(self, root: Path, manifest: dict[str, Any]) -> None:
        self.root = root
        self.manifest = manifest
        self.private = bool(manifest.get("private"))
        self.counts: dict[str, int] = {}
        self.notes: list[str] = []
        self.step: Callable[[], None] = lambda: None
        self._names: dict[str, None] = {}
        self._known: dict[str, set[int]] = {}
        self._put: list[Path] = []

    def names(self, folder: str, ending: str) -> Iterator[str]:
        yield from (name for name in self._names if name.startswith(folder) and name.endswith(ending))

    def has(self, name: str) -> bool:
        return name in self._names

    def json(self, name: str) -> Any:
        if name not in self._names:
            return None
        try:
            if self.file(name).stat().st_size > MOST_JSON_BYTES:
                raise BadExport(
                    gettext_noop("%(name)s is larger than %(limit)s MB, which no export of ours is."),
                    name=name,
                    limit=MOST_JSON_BYTES // 1024**2,
                )
            return json.loads(self.data(name), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise BadExport(
                gettext_noop("%(name)s is no JSON that can be read (%(error)s). Export again, or correct it."),
                name=name,
                error=error,
            ) from error

    def data(self, name: str) -> bytes:
        return self.file(name).read_bytes()

    def file(self, name: str) -> Path:
        if name not in self._names:
            raise BadExport(gettext_noop("%(name)s is not in the export. Export again."), name=name)
        return self.root / name

    def put(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._put.append(target)
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(source, partial)
        partial.replace(target)

    def take_away(self) -> None:
        """Remove what `put` brought: the import failed."""
        for target in self._put:
            with contextlib.suppress(OSError):
                target.unlink()

    def known(self, kind: str) -> set[int]:
        return self._known.setdefault(kind, set())

    def rich(self, html: str, where: str) -> str:
        text, was_cleaned = as_passage(html)
        if was_cleaned and text != html:
            self.note(
                gettext_noop("%(where)s: its text held markup that Standfirst does not write; it was cleaned."),
                where=where,
            )
        return text

    def note(self, sentence: str, **values: Any) -> None:
        told = _(sentence) % values if values else sentence
        if told not in self.notes:
            self.notes.append(told)

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number
        for _each in range(number):
            self.step()

    # Looking it over ----------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many things will be counted, as far as the export says."""
        counts = self.manifest.get("counts")
        known = [number for what, number in counts.items() if what != "pages"] if isinstance(counts, dict) else []
        return sum(number for number in known if isinstance(number, int) and 0 < number < MOST_FILES)

    def look_over(self) -> None:
        """Read every file once against its digest. Raises FileUnreadable; nothing has been changed then."""
        sums = self._plain_file(SUMS)
        if sums is None or _digest(sums) != self.manifest.get("sha256_of_sums"):
            raise FileUnreadable(
                _("%(file)s is missing or was changed, so the export cannot be checked. Export again.") % {"file": SUMS}
            )
        with sums.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                self._look_at(line.rstrip("\n"), number)

    def _look_at(self, line: str, number: int) -> None:
        digest, gap, name = line[:64], line[64:66], line[66:]
        if gap != "  " or not _is_good_name(name) or name in self._names or number > MOST_FILES:
            raise FileUnreadable(
                _("Line %(line)d of %(file)s names no file of an export. Export again.")
                % {"line": number, "file": SUMS}
            )
        if name.startswith(PASSED_OVER):
            return
        file = self._plain_file(name)
        if file is None:
            raise FileUnreadable(
                _("%(name)s is missing from the export, or is no plain file. Copy the whole folder again.")
                % {"name": name}
            )
        if _digest(file) != digest:
            raise FileUnreadable(
                _("%(name)s is not as it was exported: its digest is another. Copy the whole folder again.")
                % {"name": name}
            )
        self._names[name] = None

    def _plain_file(self, name: str) -> Path | None:
        """The file of that name, if neither it nor a folder on the way to it is a link."""
        path = self.root
        try:
            for part in name.split("/"):
                path = path / part
                mode = os.lstat(path).st_mode
                if stat.S_ISLNK(mode):
                    return None
        except (OSError, ValueError):
            return None
        return path if stat.S_ISREG(mode) else None


def opened(root: Path) -> HouseFolder:
    """The export in a folder. Raises FileUnreadable when there is none, or one we do not understand."""
    manifest_file = root / MANIFEST
    if (root / MARK).exists():
        raise FileUnreadable(
            _("The export in %(folder)s is not complete. Run `standfirst export` there once more to the end.")
            % {"folder": root}
        )
    try:
        if manifest_file.is_symlink() or manifest_file.stat().st_size > MOST_JSON_BYTES:
            raise ValueError
        manifest = json.loads(manifest_file.read_bytes())
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise ValueError
    except (OSError, ValueError, RecursionError):
        raise FileUnreadable(
            _(
                "%(folder)s holds no export of Standfirst: %(file)s is missing or says something else. Name the folder "
                "that `standfirst export` wrote, unpacked."
            )
            % {"folder": root, "file": MANIFEST}
        ) from None
    version = manifest.get("version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise FileUnreadable(
            _("The export has the format %(version)s, which this release does not know. Use a newer release.")
            % {"version": str(version)[:20]}
        )
    return HouseFolder(root, manifest)


def _is_good_name(name: str) -> bool:
    return (
        bool(name)
        and len(name) <= 1000
        and name.isprintable()
        and "\\" not in name
        and not any(part in ("", ".", "..") for part in name.split("/"))
    )


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened_file:
            while chunk := opened_file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
