"""A letter to hundreds, real processes, three `kill -9`, a supplier that is dead and one that says "later"."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from tests.mailroom.conftest import Sink
from tests.ops.conftest import environ, in_newsroom, until
from tests.sizes import FULL

READERS = 50_000 if FULL else 240
# At these numbers of mails taken the sender is killed, before it has heard an answer.
KILLS = (READERS // 4, READERS // 2, READERS * 3 // 4)

PREPARED = """
import sys
from django.utils import timezone
from standfirst.mailroom.models import Mailing, Subscription
from standfirst.mailroom.services import letter_queue
daily = Mailing.objects.get(key="daily")
Subscription.objects.bulk_create([
    Subscription(email=f"r{n}@example.org", mailing=daily, language="en", state="active", confirmed_at=timezone.now())
    for n in range(%d)
], 1000)
letter_queue(mailing=daily, subject="The bridge", preheader="", text="It is open.", html="<p>It is open.</p>",
             language="en")
"""
COUNTS = """
import json
from standfirst.mailroom.models import Letter
from standfirst.mailroom.selectors import progress_of
letter = Letter.objects.get()
print(json.dumps([letter.state, progress_of(letter).counts]))
"""
LATER_IS_NOW = """
from django.utils import timezone
from standfirst.mailroom.models import Delivery
print(Delivery.objects.filter(state="deferred").update(next_at=timezone.now()))
"""


SETTINGS = """
base_url = "http://testserver"
secret_key = "a key for tests alone, known to everyone who reads this line"
mail_url = "smtp://127.0.0.1:1?name=dead, {url}"
mail_warm_up = 0
mail_per_hour = 0
mail_domain_per_hour = 0
"""


@pytest.fixture
def newsroom(tmp_path, db):
    """A newsroom with nothing but its database: the migrated one of the tests, copied."""
    folder = tmp_path / "lantern"
    (folder / "data" / "run").mkdir(parents=True)
    with (
        contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        contextlib.closing(sqlite3.connect(folder / "data" / "standfirst.sqlite3")) as target,
    ):
        source.backup(target)
    return folder


class Killing(Sink):
    """Kills whoever sends to it when it has taken so many."""

    process: subprocess.Popen | None = None
    kills = 0

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        if self.kills < len(KILLS) and len(self.mails) >= KILLS[self.kills] and self.process:
            self.kills += 1
            os.kill(self.process.pid, signal.SIGKILL)
        return said


@pytest.mark.parametrize("what", [pytest.param("letter", marks=[pytest.mark.slow] if FULL else [])])
def test_everybody_gets_it_exactly_once_however_often_the_sender_is_killed(newsroom, what):
    sink = Killing().start()
    sink.says["r7@example.org"] = ["451 4.7.1 greylisted"]
    (newsroom / "standfirst.toml").write_text(SETTINGS.format(url=sink.url), encoding="utf-8")
    in_newsroom(newsroom, PREPARED % READERS)

    try:
        for _ in range(len(KILLS) + 1):
            sink.process = started(newsroom)
            if sink.kills < len(KILLS):
                assert sink.process.wait(1200 if FULL else 60) == -signal.SIGKILL
        until(lambda: len(sink.mails) >= READERS - 1, 1200 if FULL else 60)
        sink.process.terminate()
        assert sink.process.wait(60) == 0
        assert in_newsroom(newsroom, LATER_IS_NOW).strip() == "1"
        sink.process = started(newsroom)
        until(lambda: len(sink.mails) >= READERS, 60)
        sink.process.terminate()
        assert sink.process.wait(60) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            sink.process.kill()
            sink.process.wait()
        sink.stop()

    assert sink.kills == 3
    assert sink.count == {f"r{number}@example.org": 1 for number in range(READERS)}
    state, counts = json.loads(in_newsroom(newsroom, COUNTS))
    # Of those in hand when it was killed no answer was heard; at most one for each connection.
    assert counts["sent"] + counts["unsure"] == READERS
    assert len(KILLS) <= counts["unsure"] <= 4 * len(KILLS)
    assert state == "sent"


def started(newsroom) -> subprocess.Popen:
    more = {"STANDFIRST_NEWSROOM": str(newsroom), "DJANGO_SETTINGS_MODULE": "standfirst.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-m", "standfirst.ops.background", "--folder", str(newsroom)],
        env=environ(**more),
        stderr=subprocess.DEVNULL,
    )
