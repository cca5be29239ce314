"""Run the checks one after another and end with one line that sums all of them up.

    check.py lint     style, types, floors, templates; nothing is started
    check.py all      lint, every test on SQLite, again on PostgreSQL, then in a real browser
    check.py prove    the same with the tests marked slow, at the full sizes, part by part:
                      lint, sqlite, sqlite-slow, postgresql, postgresql-slow, browser

`prove` takes hours. A part that has passed is written down (.cache/prove.json) and left out the next time, until
something in the code or the tests changes: so it can be broken off and gone on with. `check.py prove PART …` runs
those parts whatever was written down.

Everything runs even when something fails, so one run tells all there is to repair. The exit status
is 0 only when nothing failed.

The browser's tests need one core and run beside the others, which give way to them; what they print
comes at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: Rooms that never reach the database: once is enough for them.
PURE = ["tests/kit", "tests/docs"]
#: Which parts of `prove` have passed, and with which code.
PROVED = ROOT / ".cache" / "prove.json"
#: What the code is, and what lies among it that is made from it.
WHAT = ["src", "tests", "tools", "docs", "requirements"]
LEFT_OUT = {"__pycache__", "_built", "node_modules"}
#: What the runner's last line counts, in pytest's order.
WORDS = ["failed", "passed", "skipped", "errors"]

LINT = {
    "style": [BIN / "ruff", "check", "src", "tests", "tools"],
    "form": [BIN / "ruff", "format", "--check", "src", "tests", "tools"],
    # As a module: the settings it asks for lie in tests/.
    "types": [BIN / "python", "-m", "mypy"],
    "floors": [BIN / "lint-imports"],
    "templates": [BIN / "djlint", "src", "--lint", "--quiet"],
}


@dataclass
class Tally:
    """What was counted so far, and the names of what failed."""

    counts: Counter = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def check(self, name: str, command: list) -> None:
        """Run a checker that knows only yes or no; it counts as one test."""
        announce(name)
        began = time.monotonic()
        ok = run(command) == 0
        self.counts["passed" if ok else "failed"] += 1
        if not ok:
            self.failed.append(f"{name}: {' '.join(shown(command))}")
        print(f"{'ok' if ok else 'FAILED'} ({time.monotonic() - began:.0f} s)", flush=True)

    def tests(self, name: str, arguments: list, *, before: tuple = (), full: bool = False) -> None:
        """Run pytest and count what it says in its own report."""
        announce(name)
        with tempfile.TemporaryDirectory(prefix="standfirst-check-") as folder:
            report = Path(folder) / "report.xml"
            code = run([*before, *pytest(report, arguments)], full=full)
            self.read(name, report, code)

    @contextmanager
    def tests_beside(self, name: str, arguments: list) -> Iterator[None]:
        """Run pytest beside what is done meanwhile, then show what it printed and count it in the same way."""
        with tempfile.TemporaryDirectory(prefix="standfirst-check-") as folder:
            report, said = Path(folder) / "report.xml", Path(folder) / "said.txt"
            with said.open("wb") as out:
                process = subprocess.Popen(
                    words(pytest(report, arguments)), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out,
                    stderr=subprocess.STDOUT, env=environment(),
                )  # fmt: skip
            try:
                yield
            except BaseException:
                process.terminate()
                raise
            finally:
                code = process.wait()
            announce(name)
            print(said.read_text(errors="replace"), flush=True)
            self.read(name, report, code)

    def read(self, name: str, report: Path, code: int) -> None:
        # 5: no test was chosen, which is a fault here as well.
        if not report.exists() or code not in {0, 1}:
            self.counts["errors"] += 1
            self.failed.append(f"{name}: pytest ended with {code}")
        if not report.exists():
            return
        for case in ET.parse(report).iter("testcase"):
            outcomes = {child.tag for child in case}
            word = next(
                (word for tag, word in (("error", "errors"), ("failure", "failed"), ("skipped", "skipped"))
                 if tag in outcomes),
                "passed",
            )  # fmt: skip
            self.counts[word] += 1
            if word in {"errors", "failed"}:
                self.failed.append(f"{name}: {case.get('classname')}::{case.get('name')}")

    def close(self) -> int:
        """Say what failed and end with the summary line; return the exit status."""
        seconds = time.monotonic() - self.started
        for line in self.failed:
            print(f"FAILED {line}")
        said = [f"{self.counts[word]} {word}" for word in WORDS if self.counts[word]]
        minutes, rest = divmod(int(seconds), 60)
        line = f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s (0:{minutes:02d}:{rest:02d}) "
        print(line.center(79, "="), flush=True)
        return int(bool(self.failed))


def announce(name: str) -> None:
    print(f"\n== {name}", flush=True)


def shown(command: list) -> list[str]:
    return [Path(part).name if isinstance(part, Path) else str(part) for part in command]


def pytest(report: Path, arguments: list) -> list:
    return [BIN / "pytest", f"--junit-xml={report}", "--durations=12", "--durations-min=5", *arguments]


def words(command: list) -> list[str]:
    return [str(part) for part in command]


def environment(*, full: bool = False) -> dict[str, str]:
    """What the checkers find: no newsroom or settings of a person, who must not decide what comes out."""
    found = {key: value for key, value in os.environ.items() if not key.startswith("STANDFIRST_")}
    found["PYTHONUNBUFFERED"] = "1"
    # Some hundred programs are started; without bytecode each would compile every source anew.
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    # A test that wants a program of somebody else's fails here when it is missing, instead of being skipped.
    found["STANDFIRST_TEST_ALL"] = "1"
    if full:
        found["STANDFIRST_TEST_FULL"] = "1"
    return found


def run(command: list, *, full: bool = False) -> int:
    return subprocess.run(
        words(command), cwd=ROOT, stdin=subprocess.DEVNULL, env=environment(full=full), check=False
    ).returncode


def lint(tally: Tally) -> None:
    for name, command in LINT.items():
        tally.check(name, command)


def workers() -> list[str]:
    """Many tests wait for programs they started: one worker more than there are cores, so that none lies idle.

    A file stays with one worker; the longest come first (tests/conftest.py).
    """
    return ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile", "--no-loadscope-reorder"]


# One browser: two newsrooms that build themselves at once are slower than a reader's patience in the tests.
def browser(which: str) -> tuple[str, list]:
    return "tests in a browser", ["-q", "-m", f"browser{which}", "tests/browser"]


def on_sqlite(tally: Tally, which: str, *, before: tuple = (), full: bool = False) -> None:
    tally.tests("tests on SQLite", ["-q", *workers(), "-m", which], before=before, full=full)


def on_postgresql(tally: Tally, which: str, *, before: tuple = (), full: bool = False) -> None:
    chosen = ["-q", *workers(), "-m", which, *(f"--ignore={folder}" for folder in PURE)]
    tally.tests("tests on PostgreSQL", chosen, before=(*before, BIN / "python", "tools/postgres.py"), full=full)


def everything(tally: Tally) -> None:
    lint(tally)
    # What has nobody waiting gives way, or the browser's tests would be told of pages that come too late.
    gives_way = ("nice", "-n", "10") if (os.cpu_count() or 1) > 1 and shutil.which("nice") else ()
    seen = browser(" and not slow")
    with (
        tally.tests_beside(*seen) if gives_way else nullcontext(),
        tempfile.TemporaryDirectory(prefix="standfirst-asked-") as asked,
    ):
        # What each test sends is written down, and PostgreSQL is asked every kind of it (tests/asked.py).
        noted = (*gives_way, "env", f"STANDFIRST_TEST_ASKED={asked}")
        on_sqlite(tally, "not browser and not slow", before=noted)
        on_postgresql(tally, "not browser and not slow", before=noted)
    if not gives_way:
        tally.tests(*seen)


PARTS: dict[str, Callable[[Tally], None]] = {
    "lint": lint,
    "sqlite": lambda tally: on_sqlite(tally, "not browser and not slow", full=True),
    "sqlite-slow": lambda tally: on_sqlite(tally, "not browser and slow", full=True),
    "postgresql": lambda tally: on_postgresql(tally, "not browser and not slow", full=True),
    "postgresql-slow": lambda tally: on_postgresql(tally, "not browser and slow", full=True),
    "browser": lambda tally: tally.tests(*browser("")),
}


def prove(tally: Tally, wanted: list[str]) -> None:
    """Run parts one after another and write down which passed, with this code, when and in how long."""
    passed = json.loads(PROVED.read_text()) if PROVED.exists() else {}
    code = code_key()
    for name in wanted or PARTS:
        known = passed.get(name)
        if not wanted and known and known["code"] == code:
            announce(f"{name}: passed on {known['at']} in {known['seconds']} s with this very code")
            continue
        failed, began = len(tally.failed), time.monotonic()
        PARTS[name](tally)
        seconds = round(time.monotonic() - began)
        if len(tally.failed) > failed:
            passed.pop(name, None)
        elif code_key() == code:
            passed[name] = {"code": code, "at": time.strftime("%Y-%m-%d %H:%M"), "seconds": seconds}
        PROVED.parent.mkdir(exist_ok=True)
        PROVED.write_text(json.dumps(passed, indent=1) + "\n")
        print(f"{name}: {'passed' if len(tally.failed) == failed else 'FAILED'} in {seconds} s", flush=True)


def code_key() -> str:
    """Of everything that the checks are about."""
    files = [ROOT / "pyproject.toml", ROOT / "Makefile"]
    files += [file for folder in WHAT for file in (ROOT / folder).rglob("*") if not LEFT_OUT & set(file.parts)]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def main(what: str, wanted: list[str]) -> int:
    tally = Tally()
    if what == "lint":
        lint(tally)
    elif what == "all":
        everything(tally)
    else:
        prove(tally, wanted)
    return tally.close()


if __name__ == "__main__":
    what, *wanted = sys.argv[1:] or [""]
    if what not in {"lint", "all", "prove"} or (wanted and (what != "prove" or set(wanted) - set(PARTS))):
        sys.exit(__doc__)
    sys.exit(main(what, wanted))
