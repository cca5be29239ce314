"""What a newsroom has withheld, in a file beside its database: by places and digests, never by words.

A line for every act, as JSON; of two lines with one key the later holds. A backup from before an act does not know of
it: `restore` takes every such file it can find along, and does again what they tell (ops.again).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAME = "withheld.jsonl"
# Beside backup files, so that an older one restored elsewhere finds it.
BESIDE = "standfirst-withheld.jsonl"

Line = dict[str, Any]


def ledger_read(file: Path) -> dict[str, Line]:
    """The last line of each key; empty without a file. A line that is damaged is left out."""
    found: dict[str, Line] = {}
    for line in _lines([file]):
        found.pop(line["key"], None)
        found[line["key"]] = line
    return found


def ledger_note(file: Path, line: Line) -> None:
    """Add a line, for good when this returns. Only the owner of the file may read it."""
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())


def ledger_join(sources: Iterable[Path], target: Path) -> int:
    """Write into target what it and the sources say, each line once, in the order of the acts. Returns how many."""
    lines = {json.dumps(line, sort_keys=True): line for line in _lines([target, *sources])}
    if not lines:
        return 0
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    for line in sorted(lines.values(), key=lambda line: str(line.get("noted", ""))):
        ledger_note(partial, line)
    partial.replace(target)
    return len({line["key"] for line in lines.values()})


def _lines(files: Iterable[Path]) -> Iterable[Line]:
    for file in files:
        try:
            written = file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            continue
        for text in written:
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict) and isinstance(line.get("key"), str):
                yield line
