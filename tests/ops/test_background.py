"""The background process: a scheduled story goes out to the moment, jobs run at least once, nothing polls."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from standfirst.kit.statefile import read_json, write_json
from standfirst.ops.housekeeping import House
from standfirst.press.heartbeat import Heartbeat
from tests.ops.conftest import fetch, in_newsroom, until

SCHEDULED = """
import datetime as dt
from django.utils import timezone
from standfirst.stories.services import section_add, story_draft
section = section_add(title="Town")
for slug, seconds in (("soon", 4), ("later", 3600)):
    story = story_draft(language="en", headline=slug, section=section)
    story.go_live_at = timezone.now() + dt.timedelta(seconds=seconds)
    story.save_revision().publish()
from standfirst.ops import wake
import os, pathlib
print(wake.poke(pathlib.Path(os.environ["STANDFIRST_NEWSROOM"])))
"""

SLOW_JOB = """
import os, pathlib
from standfirst.ops import wake
from tests.ops import slow_task
slow_task.mark_slowly.enqueue()
wake.poke(pathlib.Path(os.environ["STANDFIRST_NEWSROOM"]))
"""


def rows(newsroom, question, *values):
    with sqlite3.connect(newsroom / "data" / "standfirst.sqlite3", timeout=20) as database:
        answer = database.execute(question, values).fetchall()
    database.close()
    return answer


def is_live(newsroom, slug):
    return bool(rows(newsroom, "SELECT live FROM wagtailcore_page WHERE slug = ?", slug)[0][0])


def test_a_scheduled_story_goes_out_at_its_moment_and_not_before(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()

    assert in_newsroom(newsroom, SCHEDULED).strip() == "True"
    ((due,),) = rows(newsroom, "SELECT go_live_at FROM wagtailcore_page WHERE slug = 'soon'")
    until(lambda: is_live(newsroom, "soon"))

    moment = rows(newsroom, "SELECT julianday('now'), julianday(?)", due)[0]
    assert moment[0] >= moment[1]
    ((address,),) = rows(
        newsroom,
        "SELECT public_path FROM stories_storypage s "
        "JOIN wagtailcore_page p ON p.id = s.page_ptr_id WHERE p.slug = 'soon'",
    )
    assert fetch(running.url + address)[0] == 200
    assert not is_live(newsroom, "later")
    scheduled = "SELECT count(*) FROM wagtailcore_pagelogentry WHERE action = 'wagtail.publish.scheduled'"
    assert rows(newsroom, scheduled) == [(1,)]


def test_what_was_due_while_nothing_ran_goes_out_at_the_start(newsroom, serving):
    in_newsroom(newsroom, SCHEDULED)
    time.sleep(5)

    serving(newsroom).wait_for_background()

    until(lambda: is_live(newsroom, "soon"))


def test_a_job_cut_off_by_a_kill_runs_again(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    (background,) = running.children("standfirst.ops.background")
    in_newsroom(newsroom, SLOW_JOB)
    mark = newsroom / "data" / "mark.txt"
    until(lambda: mark.exists() and "began" in mark.read_text())

    os.kill(background, signal.SIGKILL)

    until(lambda: mark.read_text().count("ended") == 1)
    assert mark.read_text().split() == ["began", "began", "ended"]
    unfinished = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status <> 'SUCCESSFUL'"
    until(lambda: rows(newsroom, unfinished) == [(0,)])


def test_a_job_in_hand_is_finished_before_a_graceful_end(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    in_newsroom(newsroom, SLOW_JOB)
    mark = newsroom / "data" / "mark.txt"
    until(lambda: mark.exists() and "began" in mark.read_text())

    assert running.stop() == 0

    assert mark.read_text().split() == ["began", "ended"]


def test_an_idle_background_process_sleeps(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    (background,) = running.children("standfirst.ops.background")

    def wakings() -> int:
        total = 0
        for thread in Path(f"/proc/{background}/task").iterdir():
            status = (thread / "status").read_text(encoding="utf-8").splitlines()
            total += sum(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt"))
        return total

    def is_asleep() -> bool:
        before = wakings()
        time.sleep(5)
        return wakings() - before <= 3

    # On a busy machine what a start leaves to be done takes its time.
    until(is_asleep)
    assert json.loads((newsroom / "data" / "run" / "background.json").read_text())["pid"] == background


def test_a_trouble_that_lasts_is_told_once_and_so_is_its_end(caplog, monkeypatch):
    from standfirst.ops import background

    monkeypatch.setattr(background, "FAILED_ROUND_SECONDS", 0)
    attempts = []

    def act():
        attempts.append(1)
        if len(attempts) <= 5:
            raise ConnectionError("The database is away")
        if len(attempts) == 6:
            return
        this.end()
        raise ConnectionError("The database is away")

    this = background.Round("jobs", act)
    monkeypatch.setattr(background, "LONGEST_SLEEP_SECONDS", 0)

    this.run()

    failed = "The round of jobs failed: ConnectionError: The database is away. It is tried again until it succeeds."
    assert [record.getMessage() for record in caplog.records] == [failed, "The round of jobs succeeds again.", failed]
    assert caplog.records[0].exc_info


def test_a_database_that_is_away_is_told_in_a_line(caplog, monkeypatch):
    from django.db import OperationalError

    from standfirst.ops import background

    monkeypatch.setattr(background, "FAILED_ROUND_SECONDS", 0)

    def act():
        this.end()
        raise OperationalError("unable to open database file")

    this = background.Round("press", act)

    this.run()

    (record,) = caplog.records
    assert "unable to open database file" in record.getMessage()
    assert record.exc_info is None


@pytest.fixture
def small_run(newsroom):
    """The folder of the small files that programs leave each other, on a disk of its own with little room."""
    run = newsroom / "data" / "run"
    run.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(run)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("Only root with the right to mount can give the folder a disk of its own.")
    yield run
    subprocess.run(["umount", "-l", str(run)], check=False)


def test_a_disk_that_takes_no_heartbeat_stops_nothing_else(newsroom, small_run, serving):
    running = serving(newsroom)
    running.wait_for_background()
    background = running.children("standfirst.ops.background")
    # What one small file takes can always be had again from the one before it.
    (small_run / "background.json").unlink()
    with (small_run / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(512))

    in_newsroom(newsroom, SCHEDULED)
    until(lambda: is_live(newsroom, "soon"))

    assert running.children("standfirst.ops.background") == background
    assert running.heartbeat() == {}
    said = "The heartbeat could not be written"
    until(lambda: said in running.said())
    assert running.said().count(said) == 1
    assert not [*small_run.glob("*.partial")]
    (small_run / "filler").unlink()
    in_newsroom(newsroom, SCHEDULED.replace('"soon"', '"soon-again"').replace('"later"', '"later-again"'))
    running.wait_for_background()
    assert running.stop() == 0


@pytest.fixture
def chores(tmp_path, monkeypatch):
    from standfirst.ops import background, housekeeping

    done = []
    monkeypatch.setattr(housekeeping, "housekeeping", lambda folder: done.append(folder) or House())
    return background.Chores(tmp_path), tmp_path / "data" / "run" / "housekeeping.json", done


def test_the_chores_are_done_once_a_day(chores):
    act, file, done = chores

    next_at = act()
    act()

    assert len(done) == 1
    assert dt.timedelta(0) < next_at - dt.datetime.now(dt.UTC) <= dt.timedelta(days=1)
    assert next_at.hour == 3
    assert time.time() - read_json(file)["at"] < 60


def test_the_chores_are_not_done_again_where_a_full_disk_refuses_the_note(chores, monkeypatch):
    from standfirst.ops import background

    act, _file, done = chores

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(background, "write_json", full)
    with pytest.raises(OSError, match="No space left"):
        act()

    act()

    assert len(done) == 1


@pytest.mark.parametrize("written", [4_000_000_000, "yesterday", None])
def test_a_note_by_a_clock_that_was_ahead_puts_no_deletion_off(chores, written):
    act, file, done = chores
    file.parent.mkdir(parents=True)
    write_json(file, {"at": written})

    act()

    assert len(done) == 1


def test_a_heartbeat_that_is_yet_to_come_was_not_heard():
    now = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    minute = dt.timedelta(minutes=1)

    assert not Heartbeat(at=now - minute).is_silent(now)
    assert not Heartbeat(at=now + minute).is_silent(now)  # two processes, two looks at the clock
    assert Heartbeat(at=now + 60 * minute).is_silent(now)
    assert Heartbeat(at=now - 60 * minute, started_at=now + 60 * minute).is_silent(now)
    assert not Heartbeat(at=now + 60 * minute, started_at=now - minute).is_silent(now)


def test_what_failed_by_a_clock_that_was_ahead_is_tried_at_once():
    from standfirst.ops.schedule import Failure

    now = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

    def is_waiting(minutes):
        again = now + dt.timedelta(minutes=minutes)
        return Failure(title="", reason="", since=now, attempts=1, again_at=again).is_waiting(now)

    assert is_waiting(60)
    assert not is_waiting(0)
    assert not is_waiting(61)
