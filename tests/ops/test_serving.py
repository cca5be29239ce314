"""The whole house, served: stored pages over the wire, whatever is sent and whatever dies meanwhile."""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest
from granian import _futures

from tests.ops.conftest import Running, environ, fetch, free_port, in_newsroom, standfirst, until
from tests.programs import needs

PICTURE = bytes(range(256)) * 2000


def ask(port: int, target: str, *lines: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """One request as it is, escaped by nobody."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stranger:
        head = [f"{method} {target} HTTP/1.1", *lines, "Connection: close", "", ""]
        stranger.sendall("\r\n".join(head).encode())
        answer = b""
        while piece := stranger.recv(1 << 16):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rows = head.decode().split("\r\n")
    return int(first.split()[1]), {k.lower(): v for k, v in (row.split(": ", 1) for row in rows)}, body


@pytest.fixture(scope="module")
def house(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served") / "lantern"
    shutil.copytree(founded, folder, symlinks=True)
    settings = folder / "standfirst.toml"
    kept = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("base_url")]
    settings.write_text("\n".join(['base_url = "https://news.example"', *kept, ""]), encoding="utf-8")
    (folder / "data" / "media" / "public" / "bridge.jpg").write_bytes(PICTURE)
    log, port = folder.parent / "run.log", free_port()
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "standfirst.cli", "--newsroom", str(folder), "run", "--port", str(port)],
            env=environ(), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    running = Running(folder, port, process, log)
    until(lambda: "is served at" in running.said() or process.poll() is not None)
    for page in ("uk", "text", "-/404", "-/503"):
        until(lambda page=page: (folder / "data" / "press" / "pages" / page / "index.html").exists())
    yield running
    assert running.stop() == 0
    assert "Traceback" not in running.said()


def test_the_servers_own_thread_answers_what_lies_in_memory():
    # Where a new granian has another way, `ops.web.answer_quickly` must follow it.
    assert callable(_futures._cbsched_aioschedule)


def test_a_stored_page_comes_packed_and_tagged_and_again_without_bytes(house):
    for _again in range(3):
        status, headers, body = ask(house.port, "/", "Host: news.example", "Accept-Encoding: gzip")
        assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
        assert headers["content-length"] == str(len(body))
        tag = f"If-None-Match: {headers['etag']}"
        assert ask(house.port, "/", "Host: news.example", "Accept-Encoding: gzip", tag)[::2] == (304, b"")
        status, head, nothing = ask(house.port, "/", "Host: news.example", "Accept-Encoding: gzip", method="HEAD")
        assert (status, nothing) == (200, b"")
        assert head | {"date": ""} == headers | {"date": ""}


def test_parts_of_pictures_are_sent(house):
    status, headers, body = ask(house.port, "/m/bridge.jpg", "Host: news.example", "Range: bytes=1000-1999")

    assert (status, body) == (206, PICTURE[1000:2000])
    assert headers["content-range"] == f"bytes 1000-1999/{len(PICTURE)}"
    assert ask(house.port, "/m/bridge.jpg", "Host: news.example")[2] == PICTURE
    assert ask(house.port, "/m/bridge.jpg", "Host: news.example", "Range: bytes=-5")[2] == PICTURE[-5:]


@pytest.mark.parametrize("host", ["evil.example", "news.example.evil.example", "news.example:1"])
def test_an_unknown_host_is_refused_from_memory_too(house, host):
    assert fetch(f"{house.url}/")[0] == 200

    for target in ("/", "/desk/login/", "/s/x.css", "/nothing/"):
        assert ask(house.port, target, f"Host: {host}")[0] == 421


@pytest.mark.parametrize(
    "target",
    ["/../", "/%2e%2e/", "//", "/-/404/", "/-/moved.map", "/a%00b/", "/%ff/", "/index.html", "/index.html.br", "/a\\b/",
     "/" + "x" * 3000],
)  # fmt: skip
def test_weird_addresses_get_the_page_that_says_so(house, target):
    status, headers, body = ask(house.port, target, "Host: news.example")

    assert status == 404
    assert body == (house.folder / "data/press/pages/-/404/index.html").read_bytes()
    assert headers["cache-control"] == "no-cache"
    assert "etag" not in headers


def test_no_cookie_query_or_header_changes_a_byte(house):
    plain = ask(house.port, "/", "Host: news.example")

    for forged in ("Cookie: sessionid=x", "X-Forwarded-Host: evil.example", "Accept-Language: uk", "Range: bytes=0-1"):
        assert ask(house.port, "/?utm_source=x&p=", "Host: news.example", forged)[::2] == plain[::2]


def test_a_flood_of_unknown_addresses_stores_nothing_and_stops_no_reader(house):
    # How many are looked up at all, test_serving_strangers.py says with a clock of its own.
    statuses = [ask(house.port, f"/flood-{number}/", "Host: news.example")[0] for number in range(60)]

    assert set(statuses) <= {404, 503}
    assert list((house.folder / "data/press/pages").glob("flood-*")) == []
    assert ask(house.port, "/", "Host: news.example")[0] == 200


LETTER = """
from django.utils import timezone
from standfirst.mailroom.models import Mailing, Subscription
from standfirst.mailroom.services import letter_queue
for key in ("daily", "weekly"):
    mailing = Mailing.objects.get(key=key)
    Subscription.objects.create(
        email="reader@example.org", mailing=mailing, language="en", state="active", confirmed_at=timezone.now()
    )
    letter_queue(mailing=mailing, subject="The bridge", preheader="", text="It is open.", html="<p>It is open.</p>",
                 language="en")
"""
STATES = """
from standfirst.mailroom.models import Subscription
print(*(f"{one.mailing_id}:{one.state}" for one in Subscription.objects.order_by("pk")))
"""


@needs("curl")
def test_one_click_in_another_program_ends_one_mailing_and_a_look_ends_none(house, tmp_path):
    """RFC 8058, 3.1 and 3.2: a POST of the one pair, as urlencoded or as form-data; no cookie, login, or redirect."""
    in_newsroom(house.folder, LETTER)
    until(lambda: len(list((house.folder / "data" / "mail").glob("*-d*.eml"))) == 2)
    ways_out = {}
    for file in (house.folder / "data" / "mail").glob("*-d*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = mail["List-Unsubscribe"].strip("<>")
        assert address.startswith("https://news.example/u/")
        ways_out[mail["List-Id"].strip("<>").partition(".")[0]] = address.replace("https://news.example", house.url)
    before = in_newsroom(house.folder, STATES).split()

    def curl(*options: str) -> str:
        # It follows redirects and keeps cookies, and says how many there were.
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--location", "--cookie-jar", str(tmp_path / "jar"), "--output",
             "/dev/null", "--write-out", "%{http_code} %{num_redirects} %header{set-cookie}", *options],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return f"{done.stdout.strip()} {done.stderr}".strip()

    # What link scanners and previews do.
    assert [curl(way, ways_out["daily"]) for way in ("--get", "--head")] == ["200 0", "200 0"]
    assert in_newsroom(house.folder, STATES).split() == before

    assert curl("--data", "List-Unsubscribe=One-Click", ways_out["daily"]) == "200 0"
    between = in_newsroom(house.folder, STATES).split()
    assert curl("--form", "List-Unsubscribe=One-Click", ways_out["weekly"]) == "200 0"
    assert curl("--form", "List-Unsubscribe=One-Click", ways_out["weekly"]) == "200 0"

    assert sorted(one.partition(":")[2] for one in between) == ["active", "left"]
    assert [one.partition(":")[2] for one in in_newsroom(house.folder, STATES).split()] == ["left", "left"]
    assert "\t" not in (tmp_path / "jar").read_text(encoding="utf-8")


def test_an_emergency_is_seen_within_a_second(house):
    text = (house.folder / "data/press/pages/text/index.html").read_bytes()
    page = (house.folder / "data/press/pages/index.html").read_bytes()
    (house.folder / "EMERGENCY").touch()
    time.sleep(1)
    during = fetch(f"{house.url}/")[2]
    live = {path: fetch(f"{house.url}{path}") for path in ("/contact/", "/uk/contact/", "/search/", "/readyz")}
    unknown = fetch(f"{house.url}/contact/text/")[0]
    (house.folder / "EMERGENCY").unlink()
    time.sleep(1)

    assert during == text
    # What is live has no text edition: the form stays a form.
    assert {status for status, _headers, _body in live.values()} == {200}
    assert b"<textarea" in live["/contact/"][2]
    assert unknown == 404
    assert fetch(f"{house.url}/")[2] == page


def test_no_read_fails_while_database_and_worker_go_and_come(house):
    """The database moved away, the web worker killed: under load, all the time, every reader gets the page."""
    page = (house.folder / "data/press/pages/index.html").read_bytes()
    database, elsewhere = house.folder / "data" / "standfirst.sqlite3", house.folder / "data" / "elsewhere"
    wrong: list[object] = []
    count, ending = [0], threading.Event()

    def read() -> None:
        while not ending.is_set():
            try:
                status, _headers, body = fetch(f"{house.url}/", timeout=30)
            except (OSError, HTTPException) as error:
                status, body = repr(error), b""
            count[0] += 1
            if (status, body) != (200, page):
                wrong.append(status)

    readers = [threading.Thread(target=read) for _number in range(4)]
    for reader in readers:
        reader.start()
    try:
        time.sleep(0.5)
        database.rename(elsewhere)
        time.sleep(1)
        asked = fetch(f"{house.url}/tags/never-pressed/", timeout=30)
        assert not database.exists()
        elsewhere.rename(database)
        until(lambda: fetch(f"{house.url}/readyz")[0] == 200)
    finally:
        ending.set()
        for reader in readers:
            reader.join()

    assert asked[0] == 503
    assert asked[1]["retry-after"] == "30"
    assert count[0] > 50
    assert wrong == []


def test_a_killed_worker_costs_no_more_than_what_it_had_in_hand(house):
    (web,) = house.children("standfirst.ops.web")

    os.kill(web, signal.SIGKILL)

    # The supervisor holds the listening socket: who comes now waits a moment.
    assert fetch(f"{house.url}/", timeout=40)[0] == 200
    until(lambda: house.children("standfirst.ops.web") not in ([], [web]))


@pytest.mark.parametrize("server", ["nginx", "caddy"])
def test_the_configuration_of_a_web_server_is_printed(house, server):
    done = standfirst("--newsroom", house.folder, "press", server, "--app", f"127.0.0.1:{house.port}")

    assert done.returncode == 0
    assert f"127.0.0.1:{house.port}" in done.stdout
    assert str(house.folder / "data" / "press" / "pages") in done.stdout
    assert "news.example" in done.stdout
    assert done.stderr.startswith("trusted_proxies is empty")


def test_before_anything_is_pressed_there_is_no_configuration_to_print(newsroom):
    refused = standfirst("--newsroom", newsroom, "press", "nginx")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Nothing is pressed yet in ")


def test_other_servers_find_the_same_layer_before_django(house):
    program = """
import asyncio, io, sys
from standfirst.config.asgi import application as asgi
from standfirst.config.wsgi import application as wsgi

def over_wsgi(path):
    told = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
               "SERVER_PORT": "80", "HTTP_HOST": "news.example", "wsgi.url_scheme": "http",
               "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "SERVER_PROTOCOL": "HTTP/1.1",
               "REMOTE_ADDR": "127.0.0.1"}
    body = b"".join(wsgi(environ, lambda status, headers, *_: told.append(status)))
    return int(told[0].split()[0]), len(body)

async def over_asgi(path):
    told = []
    messages = [{"type": "http.request", "body": b"", "more_body": False}]
    async def receive():
        return messages.pop() if messages else await asyncio.Event().wait()
    async def send(message):
        told.append(message)
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"host", b"news.example")], "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
             "scheme": "http", "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"}}
    await asgi(scope, receive, send)
    return told[0]["status"], sum(len(message.get("body", b"")) for message in told)

async def all_over_asgi():
    return [await over_asgi(path) for path in ("/", "/uk/", "/nothing-here/", "/healthz")]

print([over_wsgi(path) for path in ("/", "/uk/", "/nothing-here/", "/healthz")])
print(asyncio.run(all_over_asgi()))
"""
    pages = house.folder / "data" / "press" / "pages"
    sizes = [(pages / name).stat().st_size for name in ("index.html", "uk/index.html", "-/404/index.html")]

    said = in_newsroom(house.folder, program).splitlines()

    expected = [*zip((200, 200, 404), sizes, strict=True), (200, 3)]
    assert said == [str(expected), str(expected)]
