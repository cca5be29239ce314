"""Where things lie in a newsroom's folder, and the locks that keep two programs out of each other's way.

Imports no Django: the supervisor reads it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from standfirst.kit.statefile import read_json
from standfirst.ops.errors import Refused

SIGN_INS = "sign-ins.txt"
DEMO = "demo.json"


def run_folder(folder: Path) -> Path:
    """Locks, pipes and the heartbeat: belongs to the running programs and is never backed up."""
    path = folder / "data" / "run"
    path.mkdir(parents=True, exist_ok=True)
    return path


def secrets_folder(folder: Path) -> Path:
    """What only the owner of the folder may read, such as first passwords."""
    path = folder / "data" / "secrets"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)


def is_demo(folder: Path) -> bool:
    """A demo has well-known stories and sign-ins without a second factor, so it stays on this machine."""
    return (folder / "data" / DEMO).exists()


def scratch_folder(parent: Path, prefix: str) -> Path:
    """A fresh temporary folder, named for this process; what killed processes left under that prefix is removed."""
    for left in parent.glob(f"{prefix}[0-9]*-*"):
        owner = left.name[len(prefix) :].partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def locked(folder: Path, name: str = "newsroom.lock", *, wait: bool = False) -> Iterator[None]:
    """Hold one of the newsroom's locks.

    The kernel lets go of it when the process ends, however it ends.
    Raises Refused, naming the other process, when it is held and `wait` is False.
    """
    file = run_folder(folder) / name
    with file.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise Refused(_held_by(file, folder)) from None
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.truncate(0)
        handle.write(json.dumps({"pid": os.getpid(), "since": time.time()}))
        handle.flush()
        yield
        handle.truncate(0)


def is_locked(folder: Path, name: str = "newsroom.lock") -> bool:
    file = folder / "data" / "run" / name
    if not file.exists():
        return False
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _held_by(file: Path, folder: Path) -> str:
    pid = read_json(file).get("pid")
    who = f"process {pid}" if pid else "another process"
    return f"The newsroom in {folder} is in use by {who}. Stop that one first, or wait until it has finished."
