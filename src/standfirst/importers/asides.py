"""What has no room here yet, kept in files beside: one line of JSON each (comments, members)."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TextIO

from standfirst.importers.records import Aside


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
