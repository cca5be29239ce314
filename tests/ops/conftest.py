"""A small real newsroom, made by the real command; copied for each test."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITOR = "olena@lantern.example"
PATIENCE_SECONDS = 240

if os.environ.get("STANDFIRST_TEST_DATABASE_URL"):
    # The newsrooms of these tests bring their own SQLite database: once is enough for them.
    collect_ignore = [file.name for file in Path(__file__).parent.glob("test_*.py") if file.stem != "test_postgres"]


def environ(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("STANDFIRST_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **more}


def standfirst(*arguments: object, timeout: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "standfirst.cli", *map(str, arguments)],
        env=environ(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def in_newsroom(folder: Path, program: str) -> str:
    """Run a piece of Python with Django open for that newsroom; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env=environ(STANDFIRST_NEWSROOM=str(folder), DJANGO_SETTINGS_MODULE="standfirst.config.settings"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> float:
    """Wait for something to become true; returns how long it took."""
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < seconds, "it did not become true in time"
        time.sleep(0.05)
    return time.monotonic() - started


def fetch(url: str, timeout: float = 20) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@dataclass
class Running:
    """A newsroom being served."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def children(self, module: str) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError, ValueError):
                    parent = int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    if parent == self.process.pid and module.encode() in words:
                        found.append(int(entry.name))
        return found

    def heartbeat(self) -> dict[str, object]:
        try:
            return dict(json.loads((self.folder / "data" / "run" / "background.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def wait_for_background(self) -> None:
        until(lambda: self.heartbeat().get("pid") in self.children("standfirst.ops.background"))

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(45)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom as `standfirst new` makes it. Nobody writes to it: ask for `newsroom`."""
    folder = tmp_path_factory.mktemp("founded") / "lantern"
    done = standfirst(
        "--newsroom", folder, "new", "--name", "The Lantern", "--base-url", "", "--language", "en,uk",
        "--time-zone", "Europe/Kyiv", "--editor-email", EDITOR, "--editor-name", "Olena",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def newsroom(founded: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "lantern"
    shutil.copytree(founded, folder, symlinks=True)
    return folder


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Serve a newsroom; ended after the test."""
    running: list[Running] = []

    def serve(folder: Path, *arguments: object, command: str = "run", wait: bool = True, port: int = 0) -> Running:
        port = port or free_port()
        log = tmp_path / f"run-{len(running)}.log"
        with log.open("w", encoding="utf-8") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "standfirst.cli", "--newsroom", str(folder), command, "--port", str(port)]
                + [str(argument) for argument in arguments],
                env=environ(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
        one = Running(folder, port, process, log)
        running.append(one)
        if wait:
            until(lambda: "is served at" in one.said() or process.poll() is not None)
            assert process.poll() is None, one.said()
        return one

    yield serve
    for one in running:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            try:
                one.process.wait(40)
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()
