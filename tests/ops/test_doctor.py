"""`standfirst doctor`: what is wrong is named, with what to do; a problem ends it with 1."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
import shutil
import smtplib
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from standfirst.config import newsroom as config
from standfirst.kit.statefile import write_json
from standfirst.ops import doctor, folders, outside, readiness
from tests.ops.conftest import in_newsroom, standfirst


def examined(newsroom, **more):
    done = standfirst("--newsroom", newsroom, "doctor", "--json", **more)
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert done.returncode == (1 if said["problems"] else 0)
    return {state: [f for f in said["findings"] if f["state"] == state] for state in ("ok", "advice", "problem")}


def append(newsroom, line):
    settings = newsroom / "standfirst.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_a_new_newsroom_is_well(newsroom):
    done = standfirst("--newsroom", newsroom, "doctor")

    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "All is well."
    for what in (
        "settings",
        "secret key",
        "address",
        "database",
        "media",
        "mail",
        "press",
        "schedule",
        "letters",
        "disk",
        "clock",
    ):
        assert f" {what}: " in done.stdout


def test_a_settings_file_that_others_can_read_is_named(newsroom):
    (newsroom / "standfirst.toml").chmod(0o644)

    (advice,) = [f for f in examined(newsroom)["advice"] if f["what"] == "settings"]

    assert advice["do"] == f"chmod 600 {newsroom / 'standfirst.toml'}"


def test_a_damaged_or_missing_database_is_a_problem(newsroom):
    file = newsroom / "data" / "standfirst.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\0" * (len(whole) - len(whole) // 2))
    assert [f["what"] for f in examined(newsroom)["problem"]] == ["database"]

    file.unlink()
    (problem,) = examined(newsroom)["problem"]
    assert problem["seen"] == f"there is no {file}"
    assert not file.exists()


def test_a_database_behind_the_code_is_a_problem_until_the_next_start(newsroom):
    in_newsroom(
        newsroom,
        "from django.core.management import call_command\ncall_command('migrate', 'mfa', 'zero', verbosity=0)",
    )

    (problem,) = [f for f in examined(newsroom)["problem"] if "migrations" in f["seen"]]

    assert problem["do"].startswith("Start `standfirst run`")


def test_a_mail_server_that_does_not_take_us_is_a_problem_and_one_that_does_is_not(newsroom):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        append(newsroom, f'mail_url = "smtp://127.0.0.1:{nobody.getsockname()[1]}"')
        (problem,) = examined(newsroom)["problem"]
        assert problem["what"] == "mail"

    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = []

        def answer():
            talk, _ = server.accept()
            with talk:
                talk.sendall(b"220 mail.example\r\n")
                while line := talk.recv(1000):
                    heard.append(line)
                    talk.sendall(b"250 ok\r\n")

        threading.Thread(target=answer, daemon=True).start()
        port = server.getsockname()[1]
        # Port 25 alone goes without encryption; this server knows none, which must be said.
        found = examined(newsroom, STANDFIRST_MAIL_URL=f"smtp://127.0.0.1:{port}")
        (problem,) = found["problem"]
        assert "STARTTLS" in problem["seen"]
        assert not any(line.upper().startswith(b"MAIL") for line in heard)


def test_a_scheduled_story_that_could_not_go_out_is_named(newsroom):
    heartbeat = {"at": 0, "schedule_failures": [{"title": "Bridge closes (revision 7)", "reason": "no credit"}]}
    (newsroom / "data" / "run" / "background.json").write_text(json.dumps(heartbeat), encoding="utf-8")

    (problem,) = examined(newsroom)["problem"]

    assert problem["seen"] == "Bridge closes (revision 7) should have gone out or come down and could not: no credit"


def test_a_page_that_cannot_be_pressed_and_a_store_nobody_may_write_are_named(newsroom):
    program = (
        "from django.utils import timezone\nfrom standfirst.press.models import PressedPage\n"
        "PressedPage.objects.create(path='/town/', status=200, failures=2, wanted_at=timezone.now(), "
        "failure='Traceback\\nValueError: no edges')"
    )
    in_newsroom(newsroom, program)
    store = newsroom / "data" / "press"
    store.parent.mkdir(exist_ok=True)
    store.write_text("A file lies where the folder should be.", encoding="utf-8")

    unwritable, failing = [f for f in examined(newsroom)["problem"] if f["what"] == "press"]

    assert unwritable["seen"].startswith(f"{store}: Not a directory")
    assert failing["seen"] == "1 of the pages cannot be pressed, such as /town/: ValueError: no edges"


def test_a_public_newsroom_is_told_what_it_lacks(newsroom):
    found = examined(newsroom, STANDFIRST_BASE_URL="http://news.example")

    assert [f["what"] for f in found["problem"]] == ["address"]
    assert [f["what"] for f in found["advice"]] == [
        *("proxy", "domain", "mail", "schedule", "backup", "people", "people", "sign-ins", "pages")
    ]
    told = {f["what"]: f for f in found["advice"]}
    assert told["domain"]["seen"] == "news.example leads nowhere: no address in the DNS"
    assert told["sign-ins"]["do"].endswith(f"rm {newsroom}/data/secrets/sign-ins.txt")
    assert "the only administrator" in told["people"]["seen"]
    assert re.match(r"\d+ standing pages wait for what only you know: ", told["pages"]["seen"])


def test_the_gravest_comes_first_and_everything_is_looked_at(newsroom):
    """Five misfortunes in one night."""
    in_newsroom(
        newsroom,
        "from django.db import connection\nfrom standfirst.people.models import User\n"
        'connection.cursor().execute("INSERT INTO django_migrations (app, name, applied) '
        "VALUES ('stories', '9999_from_the_future', '2031-01-01')\")\n"
        "User.objects.update(is_superuser=False)",
    )
    heartbeat = {"at": time.time() + 86_400}
    (newsroom / "data" / "run" / "background.json").write_text(json.dumps(heartbeat), encoding="utf-8")
    shutil.rmtree(newsroom / "data" / "media" / "originals")
    (newsroom / "data" / "media" / "originals").write_text("A file lies where the folder should be.", encoding="utf-8")
    newsroom.chmod(0o755)

    done = standfirst("--newsroom", newsroom, "doctor")

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    states = [line.split()[0] for line in lines[:-1]]
    assert states == sorted(states, key=["problem", "advice", "ok"].index)
    assert [line.split()[1] for line in lines if line.startswith("problem")] == [
        *("database:", "media:", "people:", "clock:")
    ]
    assert "it has stories.9999_from_the_future, which this one does not know" in done.stdout
    assert "standfirst people add ADDRESS --role administrator" in done.stdout
    assert f"chmod o-rwx {newsroom}" in done.stdout
    assert lines[-1] == "4 problems found."


# One look at a time ----------------------------------------------------------------------------


def told_by(findings):
    return [(f.what, f.state, f.seen) for f in findings]


def public(newsroom, **settings):
    return dataclasses.replace(config.load(newsroom, {}), base_url="https://news.example", **settings)


@pytest.mark.parametrize(
    ("error", "seen", "do"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "user or password is wrong (535)", "%40"),
        (ConnectionRefusedError(111, "refused"), "nothing listens there", "Correct the port"),
        (TimeoutError("timed out"), "no answer in ten seconds", "block outgoing mail"),
        (socket.gaierror(-2, "unknown"), "there is no host of the name mail.example", "Correct the host"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "it does not speak smtps", "Use smtp:// for port 465"),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), "no STARTTLS", "smtps://"),
        (smtplib.SMTPServerDisconnected("closed"), "it does not speak smtps", "STARTTLS"),
        (smtplib.SMTPDataError(554, b"rejected"), "554 rejected", "Ask your mail provider"),
    ],
)
def test_each_usual_mistake_about_mail_has_its_next_step(monkeypatch, error, seen, do):
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(smtplib, "SMTP_SSL", fail)

    finding = outside.smtp("smtps://me:secret@mail.example:465")

    assert finding.state == "problem"
    assert finding.seen == f"mail.example:465 did not take us: {seen}"
    assert do in finding.do
    assert "secret" not in finding.seen + finding.do


def test_the_other_name_of_the_paper_should_lead_to_it(newsroom, monkeypatch):
    paper = public(newsroom)
    monkeypatch.setattr(outside, "resolves", lambda host: host == "news.example")
    assert ("domain", "advice", "www.news.example leads nowhere, and some readers will type that") in told_by(
        outside.domain(paper)
    )

    monkeypatch.setattr(outside, "resolves", lambda _host: True)
    monkeypatch.setattr(outside, "fetched", lambda _url: (200, "", ""))
    assert ("domain", "advice", "www.news.example answers 200 and does not lead to https://news.example") in told_by(
        outside.domain(paper)
    )

    monkeypatch.setattr(outside, "fetched", lambda _url: (301, "https://news.example/", ""))
    assert {f.state for f in outside.domain(paper)} == {"ok"}


@pytest.mark.parametrize(
    ("answer", "state", "seen"),
    [
        ((200, "", ""), "ok", "https://news.example answers"),
        ((502, "", ""), "problem", "https://news.example answers 502"),
        ((421, "", ""), "problem", "what stands before us at https://news.example passes on another Host"),
        ((0, "", "refused"), "advice", "https://news.example cannot be reached from here: refused"),
    ],
)
def test_what_stands_in_front_of_a_running_newsroom_is_asked(newsroom, monkeypatch, answer, state, seen):
    monkeypatch.setattr(outside, "resolves", lambda host: host == "news.example")
    monkeypatch.setattr(outside, "fetched", lambda _url: answer)

    with folders.locked(newsroom):
        found = told_by(outside.domain(public(newsroom)))

    assert ("web server", state, seen) in found


def test_nothing_outside_is_asked_for_a_newsroom_without_an_address(newsroom, monkeypatch):
    monkeypatch.setattr(outside, "resolves", lambda _host: pytest.fail("asked"))

    assert list(outside.domain(config.load(newsroom, {}))) == []


@pytest.mark.parametrize(
    ("at", "file", "state", "seen"),
    [
        (None, "", "advice", "none was made here yet"),
        (1, "there", "ok", "24 hours ago"),
        (3, "there", "advice", "the last one is 3 days old"),
        (9, "there", "problem", "the last one is 9 days old"),
        (1, "gone", "advice", "is not there any more"),
    ],
)
def test_a_backup_is_asked_after(newsroom, tmp_path, at, file, state, seen):
    (tmp_path / "there").write_text("", encoding="utf-8")
    if at is not None:
        said = {"at": time.time() - at * 86_400, "file": str(tmp_path / file)}
        write_json(newsroom / "data" / "run" / "last-backup.json", said)

    found = next(readiness.backups(public(newsroom)))

    assert (found.what, found.state) == ("backup", state)
    assert seen in found.seen


@pytest.mark.parametrize(
    ("days", "problems", "state"), [(None, 0, "advice"), (3, 0, "ok"), (41, 0, "advice"), (3, 1, "problem")]
)
def test_a_drill_is_asked_after(newsroom, tmp_path, days, problems, state):
    (tmp_path / "a.tar").write_text("", encoding="utf-8")
    run = newsroom / "data" / "run"
    write_json(run / "last-backup.json", {"at": time.time(), "file": str(tmp_path / "a.tar")})
    if days is not None:
        at = time.time() - days * 86_400
        write_json(run / "last-drill.json", {"at": at, "file": "a.tar", "problems": problems})

    found = list(readiness.backups(public(newsroom)))

    assert [(f.what, f.state) for f in found] == [("backup", "ok"), ("drill", state)]


def test_a_database_on_a_disk_over_the_network_is_a_problem(newsroom, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/x {newsroom.parent} nfs4 rw 0 0\n", encoding="utf-8")
    paper = config.load(newsroom, {})

    (found,) = outside.filesystem(paper, mounts)

    assert (found.state, "nfs4" in found.seen) == ("problem", True)
    assert list(outside.filesystem(dataclasses.replace(paper, database_url="postgres://x/y"), mounts)) == []
    assert list(outside.filesystem(paper)) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_account_is_a_problem_and_root_is_told_whose_newsroom_it_is(newsroom):
    os.chown(newsroom, 65534, 65534)

    found = {f.state: f for f in outside.ownership(config.load(newsroom, {}))}

    assert found["advice"].do.startswith("Run it as the newsroom's account: runuser -u nobody")
    assert found["problem"].do == f"chown -R nobody: {newsroom}"


@pytest.mark.parametrize(("megabytes", "state"), [(100, "problem"), (700, "advice"), (5000, "ok")])
def test_a_disk_that_fills_up_is_told_before_it_is_full(newsroom, monkeypatch, megabytes, state):
    usage = shutil.disk_usage(newsroom)._replace(free=megabytes << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)

    assert {f.state for f in doctor._disk(config.load(newsroom, {}))} == {state}


@pytest.mark.parametrize("seconds", [600, -86_400])
def test_a_background_process_that_is_silent_is_a_problem(newsroom, seconds):
    """Or was heard by a clock that was a day ahead."""
    heartbeat = {"at": time.time() - seconds}
    (newsroom / "data" / "run" / "background.json").write_text(json.dumps(heartbeat), encoding="utf-8")

    with folders.locked(newsroom):
        lock = newsroom / "data" / "run" / "newsroom.lock"
        lock.write_text(json.dumps({"pid": 1, "since": time.time() - 900}), encoding="utf-8")
        (found,) = doctor._schedule(public(newsroom))

    assert (found.state, found.do) == ("problem", "Restart the newsroom; the log says why")


def test_a_full_disk_takes_an_empty_file_and_does_not_deceive_the_doctor(tmp_path, monkeypatch):
    real = Path.write_bytes

    def full(file, data):
        real(file, b"")
        if data:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    assert doctor._cannot_write(tmp_path) == "No space left on device"
    assert not [*tmp_path.iterdir()]
