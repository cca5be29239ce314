"""A letter to hundreds, real processes, three `kill -9`, a supplier that dies and one that says "later" to many.

`make prove` sends it to 50,000 and says how long that took.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.mailroom.conftest import Sink
from tests.ops.conftest import environ, in_newsroom, until
from tests.sizes import FULL

READERS = 50_000 if FULL else 240
# At these numbers of mails taken the sender is killed, before it has heard an answer.
KILLS = (READERS // 4, READERS // 2, READERS * 3 // 4)
# The first supplier dies when it has taken so many, in the middle of a mail.
DIES_AT = READERS // 8
# Every so manieth address is told "later" the first time.
GREYLISTED = {f"r{number}@example.org" for number in range(0, READERS, 30)}
PATIENCE_SECONDS = 2400 if FULL else 240

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
mail_url = "{first}?name=first, {url}?name=second"
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
    """Kills whoever sends to it when it has taken so many; says "later" to some the first time."""

    process: subprocess.Popen | None = None
    kills = 0

    def __init__(self, other: Dying) -> None:
        super().__init__()
        self.other = other
        self.says = {address: ["451 4.7.1 greylisted"] for address in GREYLISTED}

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        taken = len(self.mails) + len(self.other.mails)
        if self.kills < len(KILLS) and taken >= KILLS[self.kills] and self.process:
            self.kills += 1
            os.kill(self.process.pid, signal.SIGKILL)
        return said


class Dying(Sink):
    """Takes so many, then breaks off each connection in the middle of a mail, and takes none any more."""

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if len(self.mails) >= DIES_AT:
            server.transport.abort()
        return await super().handle_RCPT(server, session, envelope, address, rcpt_options)


@pytest.mark.parametrize("what", [pytest.param("letter", marks=[pytest.mark.slow] if FULL else [])])
def test_everybody_gets_it_exactly_once_however_often_the_sender_is_killed(newsroom, what):
    first = Dying().start()
    sink = Killing(first).start()
    (newsroom / "standfirst.toml").write_text(SETTINGS.format(first=first.url, url=sink.url), encoding="utf-8")
    in_newsroom(newsroom, PREPARED % READERS)

    def taken() -> int:
        return len(first.mails) + len(sink.mails)

    began = time.monotonic()
    try:
        for _ in range(len(KILLS) + 1):
            sink.process = started(newsroom)
            if sink.kills < len(KILLS):
                assert sink.process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
        later = len(GREYLISTED) - sum(address in GREYLISTED for address, _content in first.mails)
        until(lambda: taken() >= READERS - later, PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        most = peak_kib(sink.process) / 1024
        ended(sink.process)
        # Who was told "later" in the instant of a kill was tried again at once.
        assert 0 < int(in_newsroom(newsroom, LATER_IS_NOW)) <= later
        sink.process = started(newsroom)
        until(lambda: taken() >= READERS, PATIENCE_SECONDS)
        ended(sink.process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            sink.process.kill()
            sink.process.wait()
        sink.stop()
        first.stop()

    done = READERS - later
    print(f"{done} readers in {seconds:.0f} s, {done / seconds * 60:.0f} a minute; {most:.0f} MiB at most")  # noqa: T201
    assert sink.kills == 3
    assert len(first.mails) >= DIES_AT
    assert first.count + sink.count == {f"r{number}@example.org": 1 for number in range(READERS)}
    state, counts = json.loads(in_newsroom(newsroom, COUNTS))
    # Of those in hand when it was killed no answer was heard; at most one for each connection.
    assert counts["sent"] + counts["unsure"] == READERS
    assert len(KILLS) <= counts["unsure"] <= 4 * len(KILLS)
    assert state == "sent"


def peak_kib(process: subprocess.Popen) -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def ended(process: subprocess.Popen) -> None:
    process.terminate()
    assert process.wait(60) == 0


def started(newsroom) -> subprocess.Popen:
    more = {"STANDFIRST_NEWSROOM": str(newsroom), "DJANGO_SETTINGS_MODULE": "standfirst.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-m", "standfirst.ops.background", "--folder", str(newsroom)],
        env=environ(**more),
        stderr=subprocess.DEVNULL,
    )
