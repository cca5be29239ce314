"""What has no room here yet, kept in files beside: one line of JSON each (comments, members)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from standfirst.importers.records import Aside
from standfirst.kit import mailaddress


def aside_folder(data: Path, source: str) -> Path:
    """Where all that belongs to one old system is kept beside the newsroom's tables."""
    return data / "moved-in" / re.sub(r"[^A-Za-z0-9.-]+", "-", source).strip("-.")


class Asides:
    """Writes data/moved-in/SOURCE/KIND.jsonl anew; what was there stays until this run has come to its end.

    The folder is for its owner alone, and so are the files: they hold what people said, and their addresses.
    """

    def __init__(self, data: Path, source: str) -> None:
        self._folder = aside_folder(data, source)
        self._files: dict[str, TextIO] = {}
        self.counts: dict[str, int] = {}

    def add(self, aside: Aside) -> None:
        kind = re.sub(r"[^a-z0-9-]+", "-", aside.kind.lower())
        if kind not in self._files:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.parent.chmod(0o700)
            self._folder.chmod(0o700)
            handle = os.open(self._part(kind), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._files[kind] = os.fdopen(handle, "w", encoding="utf-8")
        self._files[kind].write(json.dumps(aside.record, ensure_ascii=False, default=str) + "\n")
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def keep(self) -> dict[str, Path]:
        """Put the new files in the place of the old ones. Returns them by kind."""
        for kind, file in self._files.items():
            file.flush()
            os.fsync(file.fileno())
            file.close()
            self._part(kind).replace(self._folder / f"{kind}.jsonl")
        kept = {kind: self._folder / f"{kind}.jsonl" for kind in self._files}
        self._files = {}
        return kept

    def drop(self) -> None:
        """Leave the files of the last whole run as they are."""
        for kind, file in self._files.items():
            file.close()
            self._part(kind).unlink(missing_ok=True)
        self._files = {}

    def _part(self, kind: str) -> Path:
        return self._folder / f"{kind}.jsonl.part"


# What the files say of one person ------------------------------------------------------------------


def records_with(data: Path, email: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every record in which this address stands, with its file. email: as `kit.mailaddress.normal` writes it."""
    for file in sorted((data / "moved-in").glob("*/*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if _names(record, email):
                    yield file, record


def records_drop(data: Path, email: str) -> None:
    """Write the files anew without the records of this address."""
    for file in sorted({file for file, _record in records_with(data, email)}):
        part = file.with_suffix(".jsonl.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as target, file.open(encoding="utf-8") as lines:
            target.writelines(line for line in lines if not _names(json.loads(line), email))
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)


def _names(value: Any, email: str) -> bool:
    if isinstance(value, str):
        return "@" in value and mailaddress.normal(value) == email
    if isinstance(value, dict):
        return any(_names(one, email) for one in value.values())
    return isinstance(value, list) and any(_names(one, email) for one in value)
