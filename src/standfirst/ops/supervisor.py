"""One supervisor: N web workers and exactly one background process (docs/decisions: processes).

Imports no Django, so it is small and starts at once. It holds the listening socket, so that a web worker
that dies loses no connection that still waits; the children hold the other end of a pipe to it, so that
they end by themselves when it is killed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from standfirst.ops.errors import Refused

GRACE_SECONDS = 30.0
STEADY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0
GIVE_UP_AFTER = 4
# A child that ends with this has said why, and starting it again would not help (EX_CONFIG).
EXIT_HOPELESS = 78


@dataclass
class Child:
    """One process we keep alive."""

    name: str
    command: list[str]
    needs_socket: bool = False
    starts_last: bool = False
    process: subprocess.Popen[bytes] | None = None
    ready: int = -1
    was_ready: bool = False
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float = 0.0


@dataclass
class Supervisor:
    folder: Path
    listener: socket.socket
    children: list[Child]
    environ: Mapping[str, str]
    on_ready: Callable[[], None]
    say: Callable[[str], None] = field(default=lambda line: print(line, file=sys.stderr, flush=True))
    grace_seconds: float = GRACE_SECONDS

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT. Returns 0 after a graceful end, 1 when it had to give up."""
        self._selector = selectors.DefaultSelector()
        self._lifeline_read, self._lifeline_write = os.pipe()
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        os.set_blocking(wake_read, False)
        self._stops = 0
        self._announced = False
        self._exit_code = 0
        self._selector.register(wake_read, selectors.EVENT_READ, "signal")
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for child in self.children:
            if not child.starts_last:
                self._start(child)
        while not self._stops:
            for key, _ in self._selector.select(self._seconds_to_next_start()):
                if key.data == "signal":
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake_read, 4096)
                else:
                    self._on_child_ready(key.data)
            self._bury_the_dead()
            if not self._stops:
                self._start_those_due()
        self._stop_all(wake_read)
        return self._exit_code

    def _on_stop(self, *_: object) -> None:
        self._stops += 1

    def _start(self, child: Child) -> None:
        ready_read, ready_write = os.pipe()
        passed = [ready_write, self._lifeline_read]
        command = [*child.command, f"--ready-fd={ready_write}", f"--lifeline-fd={self._lifeline_read}"]
        if child.needs_socket:
            passed.append(self.listener.fileno())
            command.append(f"--socket-fd={self.listener.fileno()}")
        child.process = subprocess.Popen(command, pass_fds=passed, env=dict(self.environ), stdin=subprocess.DEVNULL)
        child.started_at = time.monotonic()
        child.start_again_at = 0.0
        child.ready = ready_read
        os.close(ready_write)
        self._selector.register(ready_read, selectors.EVENT_READ, child)

    def _on_child_ready(self, child: Child) -> None:
        if os.read(child.ready, 1):
            child.was_ready = True
        self._close_ready(child)
        if not self._announced and all(c.was_ready for c in self.children if c.needs_socket):
            self._announced = True
            self.on_ready()
            for one in self.children:
                if one.starts_last and one.process is None:
                    self._start(one)

    def _close_ready(self, child: Child) -> None:
        if child.ready >= 0:
            self._selector.unregister(child.ready)
            os.close(child.ready)
            child.ready = -1

    def _bury_the_dead(self) -> None:
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            lived = time.monotonic() - child.started_at
            child.process = None
            self._close_ready(child)
            if code == EXIT_HOPELESS:
                self._give_up()
                return
            child.deaths = 1 if lived > STEADY_SECONDS else child.deaths + 1
            if not child.was_ready and child.deaths >= GIVE_UP_AFTER:
                self.say(
                    f"{child.name} ended {child.deaths} times before it was ready, so we stop. Its message is above."
                )
                self._give_up()
                return
            pause = 0.0 if child.deaths == 1 else min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** (child.deaths - 2))
            child.start_again_at = time.monotonic() + pause
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            self.say(f"{child.name} {how}; it starts again{f' in {pause:g} seconds' if pause else ''}.")

    def _give_up(self) -> None:
        self._exit_code = 1
        self._stops += 1

    def _seconds_to_next_start(self) -> float | None:
        waiting = [c.start_again_at for c in self._to_be_started()]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _start_those_due(self) -> None:
        for child in self._to_be_started():
            if child.start_again_at <= time.monotonic():
                self._start(child)

    def _to_be_started(self) -> list[Child]:
        return [c for c in self.children if c.process is None and (self._announced or not c.starts_last)]

    def _stop_all(self, wake_read: int) -> None:
        """Let each child finish what it has in hand; a second signal, or the end of the grace, kills."""
        self.listener.close()
        for child in self._alive():
            child.process.terminate()  # type: ignore[union-attr]
        deadline = time.monotonic() + self.grace_seconds
        asked = self._stops
        while self._alive() and time.monotonic() < deadline and self._stops == asked:
            self._selector.select(min(0.5, max(0.0, deadline - time.monotonic())))
            with contextlib.suppress(BlockingIOError):
                os.read(wake_read, 4096)
            for child in self.children:
                self._close_ready(child)
        for child in self._alive():
            self.say(
                f"{child.name} did not end in time and was killed; what it was doing is done again at the next start."
            )
            child.process.kill()  # type: ignore[union-attr]
        for child in self.children:
            if child.process is not None:
                child.process.wait()
        signal.set_wakeup_fd(-1)

    def _alive(self) -> list[Child]:
        return [child for child in self.children if child.process is not None and child.process.poll() is None]


def open_listener(*, host: str, port: int, patient_seconds: float = 0.0) -> socket.socket:
    """Bind the address readers use, once for all web workers.

    patient_seconds: how long to try when the address is taken; after a crash the old workers may still be leaving.
    Raises Refused with what to do when it cannot be had.
    """
    until = time.monotonic() + patient_seconds
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(0.2)
                continue
            raise Refused(_why_not_bound(error, host, port)) from error


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _why_not_bound(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use by another program. "
            "Stop that program, or choose another port with --port (or PORT=)."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} needs administrator rights. "
            "Choose one above 1023 with --port and let a web server pass on to it."
        )
    return f"{host} is not an address of this machine ({error}). Use --host 127.0.0.1, or 0.0.0.0 for all addresses."


def child_command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
