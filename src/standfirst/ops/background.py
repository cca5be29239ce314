"""The one background process: `python -m standfirst.ops.background`, kept alive by the supervisor.

Two threads, so that a slow job never holds up a story that is to go out now: one runs jobs, one minds the clock.
Both sleep until the next thing is due or until somebody pokes (`wake.py`); the longest sleep is a minute, which
also covers a clock that was set.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from standfirst.kit.statefile import read_json, write_json
from standfirst.ops import child, folders, memory, wake
from standfirst.press import heartbeat

HEARTBEAT = heartbeat.FILE
LONGEST_SLEEP_SECONDS = 60.0
FAILED_ROUND_SECONDS = 5.0
LOOK_SECONDS = 0.3
# A round that took so long has used memory that the next one may not need for hours.
LONG_ROUND_SECONDS = 1.0
LOCK = "background.lock"

log = logging.getLogger("standfirst.ops.background")


class Chores:
    """Once a day, not before three hours after midnight UTC, or at the first start after that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done_at = 0.0

    def __call__(self) -> dt.datetime:
        from standfirst.ops.housekeeping import housekeeping

        now = dt.datetime.now(dt.UTC)
        today = now.replace(hour=3, minute=0, second=0, microsecond=0)
        due = today if now >= today else today - dt.timedelta(days=1)
        if not any(due.timestamp() <= done <= now.timestamp() for done in (self._done_at, self._written_at())):
            house = _in_this_thread(lambda: housekeeping(self._folder))
            # Also where a full disk lets it not be written down: else all of it would be done again every few seconds.
            self._done_at = now.timestamp()
            said = {"at": self._done_at, "failed": house.failed, "forgotten": house.forgotten}
            write_json(self._file(), said)
        return due + dt.timedelta(days=1)

    def _file(self) -> Path:
        return folders.run_folder(self._folder) / "housekeeping.json"

    def _written_at(self) -> float:
        at = read_json(self._file()).get("at")
        return at if isinstance(at, int | float) else 0.0


class Round(threading.Thread):
    """A thread that does its round whenever it is woken or its next moment has come."""

    def __init__(self, name: str, act: Callable[[], dt.datetime | None]) -> None:
        super().__init__(name=name)
        self._act = act
        self._bell = threading.Event()
        self._ending = False
        self.next_at: dt.datetime | None = None
        self.trouble = ""

    def wake(self) -> None:
        self._bell.set()

    def end(self) -> None:
        self._ending = True
        self._bell.set()

    def run(self) -> None:
        while not self._ending:
            self._bell.clear()
            pause = LONGEST_SLEEP_SECONDS
            began = time.monotonic()
            try:
                self.next_at = self._act()
                if self.trouble:
                    log.warning("The round of %s succeeds again.", self.name)
                self.trouble = ""
                if self.next_at is not None:
                    pause = min(pause, max(0.0, self.next_at.timestamp() - time.time()))
            except Exception as error:  # the database may be away: say so, try again
                trouble = f"{type(error).__name__}: {error}"
                if trouble != self.trouble:
                    # A database that is away is nobody's mistake in the code.
                    cause = None if _is_away(error) else error
                    log.error(
                        "The round of %s failed: %s. It is tried again until it succeeds.",
                        self.name, trouble, exc_info=cause,
                    )  # fmt: skip
                self.trouble = trouble
                pause = FAILED_ROUND_SECONDS
            if not self._ending:
                if time.monotonic() - began > LONG_ROUND_SECONDS:
                    memory.give_back()
                self._bell.wait(pause)


def main(argv: list[str] | None = None) -> int:
    given = child.arguments(__doc__ or "").parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too, but the supervisor says when to end
    bell = wake.listen(given.folder)
    ending = threading.Event()

    def end(*_: object) -> None:
        ending.set()
        wake.poke(given.folder)

    signal.signal(signal.SIGTERM, end)
    child.when_supervisor_ends(given.lifeline_fd, end)
    # Exactly one: a new one waits until the old one, perhaps of a killed supervisor, has finished its job.
    with folders.locked(given.folder, LOCK, wait=True):
        while child.held_back(given.folder).exists() and not ending.wait(LOOK_SECONDS):
            pass
        if not ending.is_set():
            _work(given.folder, bell, ending, given.ready_fd)
    return 0


def _work(folder: Path, bell: int, ending: threading.Event, ready_fd: int) -> None:
    importlib.import_module("django").setup()
    from standfirst.letterbox.delivery import spool_deliver
    from standfirst.mailroom.mailbox import mailbox_read
    from standfirst.mailroom.sending import Sender
    from standfirst.ops.jobs import JobRunner, job_next_at, jobs_put_back
    from standfirst.ops.pressing import PressRound
    from standfirst.ops.schedule import Schedule
    from standfirst.wire.letters.schedule import letters_send_due

    for name in ("django_tasks", "django_tasks_db"):
        logging.getLogger(name).setLevel(logging.WARNING)  # one line per job says nothing to an operator
    runner = JobRunner(f"background-{os.getpid()}")
    schedule = Schedule()

    has_put_back = False

    def jobs() -> dt.datetime | None:
        nonlocal has_put_back
        if not has_put_back:  # in the round, because the database may be away at the start
            put_back = _in_this_thread(jobs_put_back)
            has_put_back = True
            if put_back:
                log.warning("%s jobs were running when the background process last ended; they run again.", put_back)
        runner.run_ready()
        return _in_this_thread(job_next_at)

    def clock() -> dt.datetime | None:
        # What goes out pokes us by itself, for its jobs and its pages.
        _in_this_thread(schedule.run_due)
        return _in_this_thread(schedule.next_at)

    def press() -> dt.datetime | None:
        return _in_this_thread(press_round)

    press_round = PressRound(folder)
    sender = Sender(folder / "data")
    clock_round = Round("clock", clock)
    rounds = [
        Round("jobs", jobs),
        clock_round,
        Round("house", Chores(folder)),
        Round("press", press),
        Round("spool", lambda: _in_this_thread(lambda: spool_deliver(data=folder / "data"))),
        Round("mail", lambda: _in_this_thread(sender)),
        Round("mailbox", lambda: _in_this_thread(mailbox_read)),
        Round("letters", lambda: _in_this_thread(letters_send_due)),
    ]
    heart = Heart(folder, rounds, clock_round, schedule, runner)
    memory.keep_loaded()
    try:
        for each in rounds:
            each.start()
        child.say_ready(ready_fd)
        while not ending.is_set():
            heart.beat()
            rung: list[Any] = []
            with contextlib.suppress(InterruptedError):
                rung, _, _ = select.select([bell], [], [], LONGEST_SLEEP_SECONDS)
            wake.drain(bell)
            for each in rounds if rung else ():
                each.wake()
    finally:
        # Whatever ends us: who comes after us holds the lock, and must find nobody at work.
        runner.stop()
        sender.stop()
        press_round.stop()
        for each in rounds:
            each.end()
        for each in rounds:
            if each.ident is not None:
                each.join()
    heart.beat()


def _is_away(error: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(error, InterfaceError | OperationalError)


def _in_this_thread(act: Callable[[], Any]) -> Any:
    """Use this thread's database connection and give it up if it has gone bad, as a request would."""
    from django.db import close_old_connections

    close_old_connections()
    try:
        return act()
    finally:
        close_old_connections()


class Heart:
    """Says at least once a minute that we live. A disk that refuses the words stops nothing else."""

    def __init__(self, folder: Path, rounds: list[Round], clock: Round, schedule: Any, runner: Any) -> None:
        self._folder, self._rounds, self._clock = folder, rounds, clock
        self._schedule, self._runner = schedule, runner
        self._trouble = ""

    def beat(self) -> None:
        try:
            write_json(folders.run_folder(self._folder) / HEARTBEAT, self._said())
        except OSError as error:
            if str(error) != self._trouble:
                log.error("The heartbeat could not be written: %s. The work goes on.", error)
            self._trouble = str(error)
        else:
            self._trouble = ""

    def _said(self) -> dict[str, Any]:
        failures = [
            {"title": f.title, "reason": f.reason, "since": f.since.isoformat(), "attempts": f.attempts}
            for f in list(self._schedule.failures.values())
        ]
        next_at = self._clock.next_at
        return {
            "at": time.time(),
            "pid": os.getpid(),
            "jobs_done": self._runner.finished,
            "next_at": next_at.isoformat() if next_at else None,
            "schedule_failures": failures,
            "trouble": {each.name: each.trouble for each in self._rounds if each.trouble},
        }


if __name__ == "__main__":
    sys.exit(main())
