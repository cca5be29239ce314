"""`standfirst run`: readers are served, what dies comes back, nothing in hand is lost."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import threading
import time

from tests.ops.conftest import alive, fetch, free_port, in_newsroom, standfirst, until


def raw_status(port, target, header):
    """The status of a request whose letters nobody escaped, as scanners and old programs send them."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stranger:
        lines = f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", header, "Connection: close", "", ""
        stranger.sendall("\r\n".join(lines).encode())
        return int(stranger.makefile("rb").readline().split()[1])


def test_readers_and_editors_are_served_and_told_where(newsroom, serving):
    running = serving(newsroom)

    assert fetch(f"{running.url}/healthz")[0] == 200
    assert fetch(f"{running.url}/desk/login/")[0] in (200, 302)
    assert raw_status(running.port, "/search/?q=міст", "Cookie: слово=1") == 200
    assert raw_status(running.port, "/desk/login/?next=/міст/", "Cookie: слово=1") == 200
    said = running.said()
    assert f"The Lantern is served at http://127.0.0.1:{running.port}/" in said
    assert f"http://localhost:{running.port}/desk/" in said
    assert "sign-ins.txt" in said
    assert running.stop() == 0
    assert not alive(running.process.pid)


def test_a_second_run_on_the_same_newsroom_is_refused_in_a_sentence(newsroom, serving):
    running = serving(newsroom)

    second = standfirst("--newsroom", newsroom, "run", "--port", free_port())

    assert second.returncode == 1
    assert second.stderr.startswith(f"The newsroom in {newsroom} is in use by process {running.process.pid}.")
    assert "Traceback" not in second.stderr
    assert fetch(f"{running.url}/healthz")[0] == 200


def test_a_taken_port_is_refused_in_a_sentence(newsroom):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        refused = standfirst("--newsroom", newsroom, "run", "--port", port)

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} on 127.0.0.1 is already in use by another program. "
        "Stop that program, or choose another port with --port (or PORT=).\n"
    )


def test_a_killed_web_worker_and_background_process_come_back(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    (web,) = running.children("standfirst.ops.web")
    (background,) = running.children("standfirst.ops.background")

    os.kill(web, signal.SIGKILL)
    os.kill(background, signal.SIGKILL)

    # The supervisor keeps the listening socket: a reader who comes now waits and is answered.
    assert fetch(f"{running.url}/healthz", timeout=40)[0] == 200
    until(lambda: running.children("standfirst.ops.background") not in ([], [background]))
    assert running.children("standfirst.ops.web") not in ([], [web])
    assert "Web worker 1 was ended by SIGKILL; it starts again." in running.said()


def test_when_the_supervisor_is_killed_its_children_end_and_the_next_start_works(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    children = running.children("standfirst.ops.web") + running.children("standfirst.ops.background")
    assert len(children) == 2

    running.process.kill()
    running.process.wait()
    again = serving(newsroom, port=running.port)

    assert fetch(f"{again.url}/healthz")[0] == 200
    until(lambda: not any(alive(pid) for pid in children))


def test_requests_in_hand_are_answered_when_the_newsroom_is_ended(newsroom, serving):
    running = serving(newsroom)
    half = b"POST /nothing-here/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as slow:
        slow.sendall(half)
        time.sleep(0.5)

        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        slow.sendall(b"a=bc")
        answer = slow.recv(1000)

    assert answer.startswith(b"HTTP/1.1 ")
    assert running.process.wait(40) == 0


def test_two_workers_share_one_port(newsroom, serving):
    running = serving(newsroom, "--workers", 2)

    assert len(running.children("standfirst.ops.web")) == 2
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(fetch(f"{running.url}/healthz")[0])) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20


def test_a_wrong_setting_stops_the_start_with_one_sentence(newsroom):
    settings = newsroom / "standfirst.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("Europe/Kyiv", "Europe/Atlantis"))

    refused = standfirst("--newsroom", newsroom, "run", "--port", free_port())

    assert refused.returncode == 1
    assert refused.stderr == (
        "time_zone is 'Europe/Atlantis', which we cannot use. "
        "Use a name of the tz database, such as Europe/Kyiv or UTC.\n"
    )


def test_a_newsroom_of_an_older_release_is_brought_up_to_date_after_a_copy(newsroom, serving):
    in_newsroom(
        newsroom,
        "from django.core.management import call_command\ncall_command('migrate', 'mfa', 'zero', verbosity=0)",
    )
    (newsroom / "data" / "run" / "prepared.json").unlink()

    serving(newsroom).wait_for_background()

    assert standfirst("--newsroom", newsroom, "doctor").returncode == 0
    (copy,) = (newsroom / "data" / "backups").glob("before-upgrade-*.sqlite3")
    with sqlite3.connect(copy) as before:
        tables = {row[0] for row in before.execute("SELECT name FROM sqlite_master")}
    before.close()
    assert "people_user" in tables
    assert "mfa_authenticator" not in tables


def test_a_newsroom_of_a_newer_release_is_left_alone(newsroom):
    with sqlite3.connect(newsroom / "data" / "standfirst.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('stories', '9999_from_the_future', '2030-01-01')"
        )
    database.close()
    (newsroom / "data" / "run" / "prepared.json").unlink()

    refused = standfirst("--newsroom", newsroom, "run", "--port", free_port())

    assert refused.returncode == 1
    assert "was last used by a newer Standfirst: its database has stories.9999_from_the_future" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_demo_does_not_leave_this_machine_unasked(newsroom):
    (newsroom / "data" / "demo.json").write_text("{}", encoding="utf-8")

    for command in ("run", "demo"):
        refused = standfirst("--newsroom", newsroom, command, "--host", "0.0.0.0", "--port", free_port())

        assert refused.returncode == 1
        assert refused.stderr.startswith("This is a demo newsroom, whose sign-ins need no second factor, and 0.0.0.0")


def test_static_files_come_from_disk_for_good_and_nothing_else_does(newsroom, serving):
    running = serving(newsroom)
    static = newsroom / "data" / "static"
    hashed = next(file for file in sorted(static.rglob("*.css")) if file.name.count(".") == 2)
    (newsroom / "data" / "media" / "public" / "drawing.svg").write_text("<svg/>", encoding="utf-8")

    status, headers, body = fetch(f"{running.url}/s/{hashed.relative_to(static).as_posix()}")
    assert (status, body) == (200, hashed.read_bytes())
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"

    status, headers, _ = fetch(f"{running.url}/m/drawing.svg")
    assert status == 200
    assert "sandbox" in headers["content-security-policy"]
    assert "set-cookie" not in headers

    outside = ["/m/../originals/x", "/m/%2e%2e/%2e%2e/standfirst.sqlite3", "/s/..%2f..%2fstandfirst.toml", "/m/.hidden"]
    (newsroom / "data" / "media" / "public" / ".hidden").write_text("no", encoding="utf-8")
    for address in outside:
        with socket.create_connection(("127.0.0.1", running.port), timeout=20) as raw:
            raw.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            assert raw.recv(100).startswith(b"HTTP/1.1 404"), address
