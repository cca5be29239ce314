"""What both kinds of child of the supervisor have in common. Imports no Django."""

from __future__ import annotations

import argparse
import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--ready-fd", type=int, default=-1)
    parser.add_argument("--lifeline-fd", type=int, default=-1)
    return parser


def held_back(folder: Path) -> Path:
    """A file that is there while the newsroom is not prepared for this release: Django is not loaded meanwhile."""
    return folder / "data" / "run" / "preparing"


def say_ready(descriptor: int) -> None:
    if descriptor >= 0:
        with contextlib.suppress(OSError):
            os.write(descriptor, b"1")
        os.close(descriptor)


def when_supervisor_ends(descriptor: int, act: Callable[[], None]) -> None:
    """Call `act`, in a thread, when the supervisor has gone without saying so (it was killed)."""
    if descriptor < 0:
        return

    def watch() -> None:
        with contextlib.suppress(OSError):
            os.read(descriptor, 1)  # nobody ever writes: it returns when the last writer is gone
        act()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
