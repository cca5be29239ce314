"""Waking the background process: a named pipe that any process may poke, so that nothing polls.

Imports no Django. A poke carries no message: the background process looks for itself what is due.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from standfirst.ops.folders import run_folder

PIPE = "wake"


def poke(folder: Path) -> bool:
    """Wake the background process. Returns whether one was listening; never waits and never raises.

    Nothing is lost when nobody listens: the background process looks at everything when it starts.
    """
    try:
        pipe = os.open(folder / "data" / "run" / PIPE, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        with contextlib.suppress(BlockingIOError):  # full of pokes not yet read: it will wake anyway
            os.write(pipe, b".")
    except OSError:
        return False
    finally:
        os.close(pipe)
    return True


def listen(folder: Path) -> int:
    """Open the pipe for reading and return its descriptor (non-blocking)."""
    path = run_folder(folder) / PIPE
    if path.exists() and not stat.S_ISFIFO(path.stat().st_mode):
        path.unlink()
    with contextlib.suppress(FileExistsError):
        os.mkfifo(path, 0o600)
    # Read and write: with a writer of our own the pipe never reports its end when the last poker closes it.
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def drain(descriptor: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(descriptor, 4096):
            pass
