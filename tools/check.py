"""Run the checks one after another and end with one line that sums all of them up.

    check.py lint     style, types, floors, templates; nothing is started
    check.py all      lint, every test on SQLite, again on PostgreSQL, then in a real browser
    check.py prove    the same with the tests marked slow, at the full sizes

Everything runs even when something fails, so one run tells all there is to repair. The exit status
is 0 only when nothing failed.

The browser's tests need one core and run beside the others, which give way to them; what they print
comes at the end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: Rooms that never reach the database: once is enough for them.
PURE = ["tests/kit", "tests/docs"]
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


def everything(tally: Tally, *, slow: bool) -> None:
    lint(tally)
    size = "" if slow else " and not slow"
    cores = os.cpu_count() or 1
    # One browser: two newsrooms that build themselves at once are slower than a reader's patience in the tests.
    browser = ("tests in a browser", ["-q", "-m", f"browser{size}", "tests/browser"])
    # What has nobody waiting gives way, or the browser's tests would be told of pages that come too late.
    gives_way = ("nice", "-n", "10") if cores > 1 and shutil.which("nice") else ()
    with tally.tests_beside(*browser) if gives_way else nullcontext():
        # Many tests wait for programs they started: one worker more than there are cores, so that none lies idle.
        # A file stays with one worker; the longest come first (tests/conftest.py).
        workers = ["-n", str(min(4, cores + 1)), "--dist", "loadfile", "--no-loadscope-reorder"]
        chosen = ["-q", *workers, "-m", f"not browser{size}"]
        tally.tests("tests on SQLite", chosen, before=gives_way, full=slow)
        tally.tests(
            "tests on PostgreSQL",
            [*chosen, *(f"--ignore={folder}" for folder in PURE)],
            before=(*gives_way, BIN / "python", "tools/postgres.py"),
            full=slow,
        )
    if not gives_way:
        tally.tests(*browser)


def main(what: str) -> int:
    tally = Tally()
    if what == "lint":
        lint(tally)
    else:
        everything(tally, slow=what == "prove")
    return tally.close()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"lint", "all", "prove"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
