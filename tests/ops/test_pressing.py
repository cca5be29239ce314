"""The press in real processes: what is killed is done again, and what is stored is what a fresh render gives."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ops.conftest import environ, fetch, in_newsroom, until

WAITING = """
from standfirst.press.models import PressedPage, Refresh
print(PressedPage.objects.filter(wanted_at__isnull=False).count() + Refresh.objects.filter(number=None).count())
"""
DIFFERENCES = """
from standfirst.press import verify
for found in verify.differences():
    print(found.kind, found.path, found.told)
"""
# Publishes, changes, moves and withdraws until it is done or killed.
NEWSROOM_AT_WORK = """
import sys
from standfirst.stories.models import Section, StoryPage
from standfirst.stories.services import section_add, story_draft, story_publish, story_withdraw
first = int(sys.argv[1])
names = ["Harbour", "Market"]
sections = [Section.objects.filter(title=name).first() or section_add(title=name) for name in names]
for number in range(first, first + 8):
    story = story_draft(
        headline=f"Ship number {number} came in", language="en", section=sections[number % 2], tags=["Ships"],
        body=[{"type": "text", "value": "<p>She brought grain.</p>"}],
    )
    story_publish(story=story)
    print(number, flush=True)
    if number % 3 == 0:
        story.refresh_from_db()
        story_withdraw(story=story)
    if number % 4 == 1:
        story = StoryPage.objects.get(pk=story.pk)
        story.title, story.section = f"Ship number {number} left again", sections[(number + 1) % 2]
        story.save_revision()
        story_publish(story=story)
"""


def newsroom_at_work(newsroom: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{NEWSROOM_AT_WORK}", str(first)],
        env=environ(STANDFIRST_NEWSROOM=str(newsroom), DJANGO_SETTINGS_MODULE="standfirst.config.settings"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def settled(newsroom: Path) -> bool:
    return in_newsroom(newsroom, WAITING).strip() == "0"


def test_killed_in_the_middle_of_publications_the_law_holds(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    dice = random.Random(20261123)

    for first in (0, 100):
        editor = newsroom_at_work(newsroom, first)
        assert editor.stdout.readline().strip() == str(first)
        for module in ("standfirst.ops.background", "standfirst.ops.web", "standfirst.ops.background"):
            time.sleep(dice.random())
            for pid in running.children(module):
                os.kill(pid, signal.SIGKILL)
            until(lambda module=module: running.children(module))
        if first:
            editor.kill()
        said = editor.communicate(timeout=120)[0]
        assert first or editor.returncode == 0, said
    until(lambda: settled(newsroom), seconds=120)

    assert in_newsroom(newsroom, DIFFERENCES) == ""
    status, _headers, body = fetch(f"{running.url}/")
    assert status == 200
    assert b"Ship number 7 came in" in body


def test_two_processes_press_at_once_and_the_law_holds(newsroom, serving):
    # Once served, so that its static files lie ready.
    assert serving(newsroom).stop() == 0
    editor = newsroom_at_work(newsroom, 0)
    press = "from standfirst.press import queue\nimport time\nuntil = time.time() + 6\n"
    press += "queue.want_paths(['/', '/text/', '/archive/'])\nwhile time.time() < until:\n    queue.run()"
    pressing = [
        subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{press}"],
            env=environ(STANDFIRST_NEWSROOM=str(newsroom), DJANGO_SETTINGS_MODULE="standfirst.config.settings"),
            stderr=subprocess.PIPE,
            text=True,
        )
        for _number in range(2)
    ]

    said = editor.communicate(timeout=120)[0]
    assert editor.returncode == 0, said
    assert [(one.communicate(timeout=120)[1], one.returncode) for one in pressing] == [("", 0), ("", 0)]
    in_newsroom(
        newsroom,
        "from standfirst.ops.jobs import JobRunner\nfrom standfirst.press import queue\n"
        "from standfirst.press.catalogue import all_ahead\n"
        "JobRunner('the test').run_ready()\nqueue.want_paths(all_ahead())\nqueue.run()",
    )

    assert in_newsroom(newsroom, DIFFERENCES) == ""


@pytest.fixture
def small_disk(newsroom):
    """The page store on a disk of its own with little room."""
    store = newsroom / "data" / "press"
    store.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(store)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("Only root with the right to mount can give the store a disk of its own.")
    yield store
    subprocess.run(["umount", "-l", str(store)], check=False)


def test_a_full_disk_leaves_the_last_good_pages_and_the_rest_is_answered(newsroom, small_disk, serving):
    running = serving(newsroom)
    running.wait_for_background()
    until(lambda: settled(newsroom), seconds=120)
    before = fetch(f"{running.url}/")[2]
    room = small_disk / "filler"
    with room.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"\0" * 4096)

    editor = newsroom_at_work(newsroom, 10)
    said = editor.communicate(timeout=120)[0]
    assert editor.returncode == 0, said
    time.sleep(2)
    statuses = {
        path: fetch(f"{running.url}{path}")[0] for path in ("/", "/text/", "/archive/", "/privacy/", "/harbour/")
    }

    assert statuses == dict.fromkeys(statuses, 200)
    assert len(fetch(f"{running.url}/")[2]) >= len(before) // 2
    room.unlink()
    in_newsroom(
        newsroom,
        "from standfirst.press.models import PressedPage\nPressedPage.objects.update(try_at=None)\n"
        "from standfirst.ops import wake\nfrom django.conf import settings\nwake.poke(settings.NEWSROOM.folder)",
    )
    until(lambda: settled(newsroom), seconds=120)
    assert in_newsroom(newsroom, DIFFERENCES) == ""
    assert b"Ship number 16 came in" in fetch(f"{running.url}/")[2]
