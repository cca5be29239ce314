"""`standfirst drill` and `upgrade`: a backup is tried before it is needed, a release before it is trusted."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from standfirst.commands import drill
from tests.ops.conftest import environ, in_newsroom, standfirst
from tests.ops.test_backup import contents

A_STORY = """
import datetime
from wagtail.models import Locale
from standfirst.fronts.models import HomePage
from standfirst.stories.models import PublicVersion, StoryPage, VersionText
from standfirst.kit.canonical import salted_digest
story = HomePage.objects.first().add_child(instance=StoryPage(title='Bridge closes', slug='bridge-closes', live=False))
made = PublicVersion.objects.create(
    story=story, number=1, published_at=datetime.datetime.now(datetime.UTC),
    digest=salted_digest(b'{"headline":"Bridge closes"}', salt=b'salt'))
VersionText.objects.create(version=made, canonical=WORDS, salt=b'salt')
"""


def checks(done: subprocess.CompletedProcess[str]) -> dict[str, dict]:
    said = json.loads(done.stdout)
    assert done.returncode == (1 if said["problems"] else 0)
    return {step["what"]: step for step in said["checks"]}


def backed_up(newsroom: Path, file: Path) -> Path:
    done = standfirst("--newsroom", newsroom, "backup", "--yes", file)
    assert done.returncode == 0, done.stderr
    return file


def test_the_newest_backup_is_found_tried_and_leaves_no_trace(newsroom, tmp_path):
    in_newsroom(newsroom, A_STORY.replace("WORDS", 'b\'{"headline":"Bridge closes"}\''))
    (tmp_path / "backups").mkdir()
    old = backed_up(newsroom, tmp_path / "backups" / "Monday.tar")
    os.utime(old, (1, 1))
    new = backed_up(newsroom, tmp_path / "backups" / "Tuesday.tar")
    before = contents(newsroom)

    done = standfirst("--newsroom", newsroom, "drill")

    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"The backup {new} of ")
    assert [line.split()[1] for line in lines[1:-1]] == [
        *("file:", "database:", "stories:", "pictures:", "pages:", "people:", "letters:")
    ]
    assert "1 story, 0 of them published; 1 public version, each with the digest of its publication." in done.stdout
    assert lines[-1] == "It comes back whole. Nothing of this trial is left, and the newsroom was not touched."
    assert contents(newsroom) == before
    assert not list((newsroom / "data" / "run").glob("trial-*"))


def test_a_backup_of_a_newsroom_that_is_gone_is_tried_as_well(newsroom, tmp_path):
    file = backed_up(newsroom, tmp_path / "lantern.tar")

    found = checks(standfirst("--newsroom", tmp_path / "nowhere", "drill", file, "--scratch", tmp_path, "--json"))

    assert all(step["ok"] for step in found.values())
    assert not (tmp_path / "nowhere").exists()


def test_nothing_to_try_is_told_in_a_sentence(newsroom, tmp_path):
    never = standfirst("--newsroom", newsroom, "drill")
    empty = standfirst("--newsroom", newsroom, "drill", tmp_path)

    assert (never.returncode, empty.returncode) == (1, 1)
    assert never.stderr.startswith(f"No backup of {newsroom} was made here yet")
    assert empty.stderr.startswith(f"There is no backup in {tmp_path}")


def test_a_damaged_backup_is_a_problem_and_not_a_traceback(newsroom, tmp_path):
    file = backed_up(newsroom, tmp_path / "lantern.tar")
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)

    done = standfirst("--newsroom", newsroom, "drill", file, "--json")

    found = checks(done)
    assert list(found) == ["file"]
    assert "is damaged" in found["file"]["seen"]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("harm", "what", "seen"),
    [
        (
            A_STORY.replace("WORDS", 'b\'{"headline":"Bridge open"}\''),
            "stories",
            r"1 public versions are not what was published, such as \d+/1",
        ),
        (
            "from standfirst.stories.models import NewsDocument\n"
            "NewsDocument.objects.create(title='Budget', file='budget.pdf', file_size=1, file_hash='x')",
            "pictures",
            r"1 of 0 pictures, 1 file are not there, such as budget\.pdf",
        ),
        (
            "from standfirst.people.models import User\nUser.objects.update(is_active=False)",
            "people",
            "0 accounts, 0 administrators: nobody could look after the desk",
        ),
        (
            "from allauth.mfa.totp.internal.auth import TOTP\nfrom standfirst.people.models import User\n"
            "from django.test import override_settings\n"
            "with override_settings(SECRET_KEY='x' * 60): TOTP.activate(User.objects.get(), 'A' * 32)",
            "people",
            "1 second factors cannot be opened with the secret_key of this backup",
        ),
    ],
    ids=["words", "file", "nobody", "key"],
)
def test_what_is_wrong_inside_is_named(newsroom, tmp_path, harm, what, seen):
    in_newsroom(newsroom, harm)
    file = backed_up(newsroom, tmp_path / "lantern.tar")

    found = checks(standfirst("--newsroom", newsroom, "drill", file, "--json"))

    assert [name for name, step in found.items() if not step["ok"]] == [what]
    assert re.fullmatch(seen, found[what]["seen"])


def test_an_old_backup_is_a_problem_because_newer_ones_are_missing(newsroom, tmp_path, monkeypatch):
    backed_up(newsroom, tmp_path / "lantern.tar")
    monkeypatch.setattr(drill, "OLD_DAYS", -1)

    value, lines = drill.drill(folder=newsroom, source=None, scratch=None)

    assert value["problems"] == 1
    assert "PROBLEM  age: it is 0 days old" in lines[1]


def test_the_copy_never_reaches_for_the_living_newsroom(newsroom, tmp_path):
    """Stores and database named by the environment or in the settings are not the copy's."""
    elsewhere = tmp_path / "elsewhere"
    with (newsroom / "standfirst.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'press_store = "{elsewhere}/press"\nmedia_store = "{elsewhere}/media"\n')
    (elsewhere / "media" / "public").mkdir(parents=True)
    (elsewhere / "media" / "public" / "a.jpg").write_bytes(b"x")
    file = backed_up(newsroom, tmp_path / "lantern.tar")
    before = {path: path.stat().st_mtime_ns for path in sorted(elsewhere.rglob("*"))}

    done = standfirst("--newsroom", newsroom, "drill", file, STANDFIRST_PRESS_STORE=f"{elsewhere}/press")

    assert done.returncode == 0, done.stdout + done.stderr
    assert {path: path.stat().st_mtime_ns for path in sorted(elsewhere.rglob("*"))} == before


# Upgrades --------------------------------------------------------------------------------------


@pytest.fixture
def behind(newsroom: Path) -> Path:
    """A newsroom as an older release left it."""
    in_newsroom(
        newsroom,
        "from django.core.management import call_command\ncall_command('migrate', 'mfa', 'zero', verbosity=0)",
    )
    prepared = newsroom / "data" / "run" / "prepared.json"
    said = json.loads(prepared.read_text(encoding="utf-8"))
    prepared.write_text(json.dumps(said | {"migrations": "older"}), encoding="utf-8")
    return newsroom


def applied(newsroom: Path) -> int:
    with sqlite3.connect(newsroom / "data" / "standfirst.sqlite3") as database:
        ((count,),) = database.execute("SELECT count(*) FROM django_migrations").fetchall()
    database.close()
    return int(count)


def test_a_rehearsal_brings_a_copy_up_and_leaves_the_newsroom_as_it_is(behind):
    before = applied(behind)

    done = standfirst("--newsroom", behind, "upgrade", "--rehearse", "--json")

    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (said["problems"], said["migrated"]) == (0, 4)
    assert applied(behind) == before
    assert not list((behind / "data" / "run").glob("*rehearsal*"))
    assert not (behind / "data" / "run" / "last-backup.json").exists()


def test_an_upgrade_backs_up_first_and_has_nothing_to_do_twice(behind, tmp_path):
    before = applied(behind)

    done = standfirst("--newsroom", behind, "upgrade", "--json")
    again = standfirst("--newsroom", behind, "upgrade", "--json")

    said = json.loads(done.stdout)
    assert said["upgraded"] is True
    assert applied(behind) == before + 4
    assert json.loads(again.stdout)["upgraded"] is False
    back = standfirst("--newsroom", tmp_path / "back", "restore", said["backup"])
    assert back.returncode == 0, back.stderr
    assert applied(tmp_path / "back") == before


def test_an_upgrade_wants_the_newsroom_stopped(behind):
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom pathlib import Path\nfrom standfirst.ops import folders\n"
            f"with folders.locked(Path({str(behind)!r})):\n print('held', flush=True)\n sys.stdin.read()",
        ],
        env=environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert held.stdout.readline() == "held\n"
    before = applied(behind)

    refused = standfirst("--newsroom", behind, "upgrade")
    held.communicate("")

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The newsroom in {behind} is running. Stop it first (systemctl stop standfirst)")
    assert applied(behind) == before


def test_lines_that_nobody_reads_to_the_end_cause_no_traceback(newsroom):
    with subprocess.Popen(
        [sys.executable, "-m", "standfirst.cli", "--newsroom", str(newsroom), "doctor"],
        env=environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()
        said = process.stderr.read()

    assert "Traceback" not in said
