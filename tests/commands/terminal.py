"""A person at a terminal: a pseudo-terminal with the command behind it."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.ops.conftest import environ

PATIENCE_SECONDS = 240


def _as_at_a_terminal() -> None:
    os.setsid()
    # Whoever runs the tests in the background of a script has Ctrl+C ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """Run `standfirst` and talk with it."""

    def __init__(self, *arguments: object, **more: str) -> None:
        self._mine, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "standfirst.cli", *map(str, arguments)],
            env=environ(**more),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_as_at_a_terminal,
        )
        os.close(theirs)
        self.heard = ""
        self._read = 0

    def hear(self, words: str) -> str:
        """Wait for the words; returns what was said from the last time up to them."""
        until = time.monotonic() + PATIENCE_SECONDS
        while words not in self.heard[self._read :]:
            assert time.monotonic() < until, f"never said {words!r}: {self.heard}"
            assert self._listen(), f"ended without {words!r}: {self.heard}"
        end = self.heard.index(words, self._read) + len(words)
        said, self._read = self.heard[self._read : end], end
        return said

    def say(self, line: str) -> None:
        os.write(self._mine, (line + "\n").encode())

    def interrupt(self) -> None:
        """What Ctrl+C sends; once more, as a person does, when Python missed it between prompt and reading."""
        for _once_more in range(5):
            os.killpg(self.process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(8)
                return

    def end(self) -> int:
        """Wait for the end; returns the exit code."""
        while self._listen():
            pass
        os.close(self._mine)
        return self.process.wait(PATIENCE_SECONDS)

    def _listen(self) -> bool:
        ready, _, _ = select.select([self._mine], [], [], PATIENCE_SECONDS)
        if not ready:
            return False
        try:
            chunk = os.read(self._mine, 4096)
        except OSError:
            return False
        self.heard += re.sub(r"\x1b\[[0-9;?]*[a-z]", "", chunk.decode(errors="replace")).replace("\r\n", "\n")
        return bool(chunk)


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
