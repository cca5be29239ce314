"""What readers send while the database is away reaches the desk once, in a real newsroom with real processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import time
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

from standfirst.letterbox import spool
from tests.ops.conftest import fetch, free_port, in_newsroom, standfirst, until


class Reader:
    """Opens a form, takes the time that a person takes, and sends it."""

    def __init__(self, running):
        self.running = running

    def opens(self, path):
        status, headers, body = fetch(self.running.url + path)
        assert (status, headers["cache-control"]) == (200, "no-store"), body
        return re.search(r'name="token" value="([^"]+)"', body.decode())[1]

    def sends(self, path, token, **typed):
        """The status and the page at the end of the way."""
        data = urllib.parse.urlencode({"token": token, **typed}).encode()
        request = urllib.request.Request(self.running.url + path, data, {"Origin": self.running.url})
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return answer.status, unescape(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, unescape(error.read().decode())


def letters(newsroom):
    with sqlite3.connect(newsroom / "data" / "standfirst.sqlite3", timeout=20) as database:
        rows = database.execute("SELECT text, about_path, spool_id FROM letterbox_letter ORDER BY id").fetchall()
    database.close()
    return rows


def waiting(newsroom):
    return spool.spool_waiting(data=newsroom / "data")


def put(newsroom, text):
    letter = {"token": "", "kind": "contact", "language": "en", "text": text, "is_spam": False}
    return spool.spool_put(data=newsroom / "data", kind="letter", payload=letter)


def examined(newsroom):
    done = standfirst("--newsroom", newsroom, "doctor", "--json")
    return [f for f in json.loads(done.stdout)["findings"] if f["what"] == "letters"]


def test_letters_sent_while_sqlite_is_moved_away_arrive_once_in_order(newsroom, serving):
    running = serving(newsroom, "--workers", 2)
    running.wait_for_background()
    reader = Reader(running)
    database, away = newsroom / "data" / "standfirst.sqlite3", newsroom / "data" / "elsewhere"
    before = reader.opens("/uk/contact/")
    database.rename(away)

    paths = ["/contact/", "/2026/11/03/old-bridge/suggest/?p=abc12", "/uk/contact/"]
    tokens = [reader.opens(path) for path in paths[:2]] + [before]
    time.sleep(2.2)  # as the guards want a person to
    for number, (path, token) in enumerate(zip(paths, tokens, strict=True)):
        words = {"why" if "suggest" in path else "text": f"Letter {number}"}
        status, page = reader.sends(path, token, kind="correction", **words)
        assert status == 200
        assert ("We have it" if number < 2 else '<html lang="uk"') in page
    assert len(waiting(newsroom)) == 3
    assert not database.exists(), "nobody lays an empty database in its place"
    (found,) = examined(newsroom)
    assert found["seen"].startswith("3 wait for the database, the oldest for 0 minutes")
    # What dies meanwhile makes no difference.
    for module in ("standfirst.ops.web", "standfirst.ops.background"):
        os.kill(running.children(module)[0], signal.SIGKILL)
    until(lambda: len(running.said().split("The background process was ended by SIGKILL")) == 2)
    running.wait_for_background()
    assert "The background process ended with" not in running.said(), "it starts without the database too"

    away.rename(database)
    until(lambda: not waiting(newsroom))

    found = letters(newsroom)
    assert [row[0] for row in found] == ["Letter 0", "Letter 1", "Letter 2"]
    assert found[1][1] == "/2026/11/03/old-bridge/"
    assert len({row[2] for row in found}) == 3
    until(lambda: running.children("standfirst.ops.web"))
    token = reader.opens("/contact/")
    time.sleep(2.2)
    assert reader.sends("/contact/", token, text="Straight to the desk")[0] == 200
    assert letters(newsroom)[-1][::2] == ("Straight to the desk", None)
    assert running.stop() == 0
    assert [f["seen"] for f in examined(newsroom)] == ["none waits for the database"]


SEND = """
import re, sys
from unittest import mock
from django.conf import settings
from django.test import Client
from standfirst.letterbox import guards
from standfirst.ops import built
built.static_files(settings.STATIC_ROOT, newsroom=settings.NEWSROOM.folder)
reader = Client(SERVER_NAME="127.0.0.1")
shown = reader.get("/contact/")
token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
with mock.patch.object(guards, "YOUNGEST_SECONDS", 0):
    answer = reader.post("/contact/", {"token": token, "text": "Nobody listens there"})
thanks = reader.get(answer["Location"])
print(shown.status_code, answer.status_code, thanks.status_code, "We have it." in thanks.content.decode())
"""


def test_a_letter_waits_when_postgresql_does_not_answer(newsroom):
    settings = newsroom / "standfirst.toml"
    own = settings.read_text(encoding="utf-8")
    nobody = f'database_url = "postgres://lantern@127.0.0.1:{free_port()}/lantern"\n'
    settings.write_text(nobody + own, encoding="utf-8")

    assert in_newsroom(newsroom, SEND).split() == ["200", "303", "200", "True"]

    assert len(waiting(newsroom)) == 1
    settings.write_text(own, encoding="utf-8")
    in_newsroom(newsroom, DELIVER)
    assert [row[0] for row in letters(newsroom)] == ["Nobody listens there"]


DELIVER = """
from django.conf import settings
from standfirst.letterbox.delivery import spool_deliver
spool_deliver(data=settings.NEWSROOM.data)
"""

# Each child is a background process that dies for good at one step further than the last.
DIE = """
import os, sqlite3
from pathlib import Path
from django.conf import settings
from django.db import connection
from standfirst.letterbox import delivery, spool
data, die_at, codes = settings.NEWSROOM.data, 0, []
def put():
    for number in range(3):
        letter = {"token": "", "kind": "contact", "language": "en", "text": f"{die_at}.{number}", "is_spam": False}
        spool.spool_put(data=data, kind="letter", payload=letter)
while 0 not in codes:
    die_at += 1
    spool.ITEMS_PER_MINUTE = 10_000
    put()
    connection.close()
    child = os.fork()
    if not child:
        steps = 0
        def dying(act):
            def step(*args, **kwargs):
                global steps
                for _ in range(2):
                    steps += 1
                    if steps == die_at:
                        os._exit(9)
                    if _ == 0:
                        value = act(*args, **kwargs)
                return value
            return step
        Path.unlink = dying(Path.unlink)
        for name in ("commit", "set_autocommit"):
            setattr(connection, name, dying(getattr(connection, name)))
        connection.execute_wrappers.append(lambda execute, *args: dying(execute)(*args))
        delivery.spool_deliver(data=data)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    delivery.spool_deliver(data=data)
print(die_at, sorted(set(codes)))
"""


def test_a_background_process_that_dies_at_any_step_delivers_each_letter_once(newsroom):
    die_at, codes = in_newsroom(newsroom, DIE).split(" ", 1)

    assert codes.strip() == "[0, 9]"
    assert int(die_at) > 20
    assert [row[0] for row in letters(newsroom)] == [f"{n}.{i}" for n in range(1, int(die_at) + 1) for i in range(3)]
    assert waiting(newsroom) == []


def test_a_new_newsroom_has_keys_and_an_older_one_gets_them_at_the_start(newsroom, serving):
    private = newsroom / "data" / "secrets" / "spool.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    for name in ("spool.key", "spool.pub"):
        (newsroom / "data" / "secrets" / name).unlink()
    (problem,) = examined(newsroom)
    assert "spool.key is missing" in problem["seen"]

    serving(newsroom)

    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert [f["state"] for f in examined(newsroom)] == ["ok"]


def test_the_doctor_names_what_waits_what_is_broken_and_a_key_that_is_not_right(newsroom):
    put(newsroom, "One")
    put(newsroom, "Two")
    one, two = waiting(newsroom)
    spool.spool_set_aside(file=one)
    old = two.with_name(f"0000000002-{int(time.time()) - 7200}-{two.name.rpartition('-')[2]}")
    two.rename(old)

    late, broken = examined(newsroom)
    assert (late["state"], broken["state"]) == ("problem", "problem")
    assert late["seen"].startswith("1 wait for the database, the oldest for 120 minutes")
    assert broken["seen"] == f"1 could not be delivered and lie in {newsroom / 'data' / 'spool' / 'broken'}"

    key = newsroom / "data" / "secrets" / "spool.key"
    key.chmod(0o644)
    assert examined(newsroom)[0]["do"] == f"chmod 600 {key}"
    key.unlink()
    assert examined(newsroom)[0]["do"].startswith("Put the keys back from a backup: without them the 1 letters")


def test_a_backup_keeps_what_waits_and_a_restore_what_came_since(newsroom, tmp_path):
    put(newsroom, "Before the backup")
    backup = tmp_path / "lantern.tar"
    assert standfirst("--newsroom", newsroom, "backup", backup).returncode == 0
    put(newsroom, "Since the backup")

    restored = standfirst("--newsroom", newsroom, "restore", backup, "--yes")
    assert restored.returncode == 0, restored.stderr
    elsewhere = standfirst("--newsroom", tmp_path / "other", "restore", backup)
    assert elsewhere.returncode == 0, elsewhere.stderr

    for folder, texts in (
        (newsroom, ["Before the backup", "Since the backup"]),
        (tmp_path / "other", ["Before the backup"]),
    ):
        assert stat.S_IMODE((folder / "data" / "secrets" / "spool.key").stat().st_mode) == 0o600
        in_newsroom(folder, DELIVER)
        assert [row[0] for row in letters(folder)] == texts
        assert waiting(folder) == []


def test_a_backup_made_before_there_were_keys_is_restored_with_what_waits(newsroom, tmp_path):
    shutil.move(newsroom / "data" / "secrets", tmp_path / "kept")
    backup = tmp_path / "old.tar"
    assert standfirst("--newsroom", newsroom, "backup", backup).returncode == 0
    shutil.rmtree(newsroom / "data" / "secrets", ignore_errors=True)
    shutil.move(tmp_path / "kept", newsroom / "data" / "secrets")
    put(newsroom, "Since the backup")

    assert standfirst("--newsroom", newsroom, "restore", backup, "--yes").returncode == 0

    in_newsroom(newsroom, DELIVER)
    assert [row[0] for row in letters(newsroom)] == ["Since the backup"]
