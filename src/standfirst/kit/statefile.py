"""Small JSON files in which a program says something to another one, or to itself the next time it runs.

Losing one costs nothing but what it said: it is read as empty when it is missing or damaged, and never half written.
What must not be lost or forged is read where it belongs, with errors of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def read_json(file: Path) -> dict[str, Any]:
    """The object in a file; empty when there is none, when it cannot be read, and when it holds something else."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def write_json(file: Path, value: Any, *, mode: int = 0o666) -> None:
    """Put an object in a file's place, so that a reader sees the old one or the new one.

    mode: who may read it, less the process's umask; 0o600 for its owner alone. Raises OSError; the old one stays.
    """
    text = json.dumps(value, ensure_ascii=False)
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        with open(partial, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as out:
            out.write(text)
        partial.replace(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
