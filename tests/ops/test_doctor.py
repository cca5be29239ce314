"""`standfirst doctor`: what is wrong is named, with what to do; a problem ends it with 1."""

from __future__ import annotations

import json
import socket
import threading

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

    assert [f["what"] for f in found["advice"]] == ["address", "proxy", "mail", "schedule"]
