"""A database that goes and comes back while people read and write: the same proof for SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from standfirst.letterbox.spool import spool_waiting
from tests.ops.conftest import Running, fetch, in_newsroom, standfirst, until
from tests.ops.test_pressing import settled
from tests.ops.test_spool import Reader

PUBLISH = """
from standfirst.stories.services import section_add, story_draft, story_publish
story = story_draft(
    headline="The ferry came in", language="en", section=section_add(title="Harbour"), tags=["Ships"],
    body=[{"type": "text", "value": "<p>She brought grain.</p>"}],
)
story_publish(story=story)
"""
LETTERS = """
from standfirst.letterbox.models import Letter
print(*Letter.objects.order_by("text").values_list("text", flat=True), sep="\\n")
"""


def warm(running: Running) -> dict[str, bytes]:
    """Publish a story and wait for its pages; returns what is stored, by address."""
    running.wait_for_background()
    in_newsroom(running.folder, PUBLISH)
    until(lambda: settled(running.folder), seconds=120)
    root = running.folder / "data" / "press" / "pages"
    found = {f"/{file.parent.relative_to(root)}/".replace("/./", "/"): file for file in root.rglob("index.html")}
    assert {"/", "/uk/", "/harbour/", "/tags/ships/"} <= found.keys()
    return {path: file.read_bytes() for path, file in found.items() if not path.startswith("/-/")}


class Readers:
    """Several people who read every page again and again, and tell what came that was not the whole page."""

    def __init__(self, running: Running, pages: dict[str, bytes], count: int = 4) -> None:
        self.failed: list[object] = []
        self._rounds = [0] * count
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n, running.url, pages)) for n in range(count)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def read_all_again(self) -> None:
        """Wait until each of them has read every page from now on."""
        wanted = [done + 2 for done in self._rounds]
        until(lambda: self.failed or all(map(int.__ge__, self._rounds, wanted)), seconds=180)

    def _read(self, number: int, url: str, pages: dict[str, bytes]) -> None:
        while not self._ending.is_set():
            for path, page in pages.items():
                try:
                    status, _headers, body = fetch(url + path, timeout=30)
                except (OSError, HTTPException) as error:
                    self.failed.append((path, repr(error)))
                else:
                    if (status, body) != (200, page):
                        self.failed.append((path, status, len(body), len(page)))
            self._rounds[number] += 1


SUGGESTIONS = """
from standfirst.corrections.models import Case, Suggestion
print(*Suggestion.objects.values_list("number", flat=True))
print(*Case.objects.order_by("exact").values_list("exact", "reports"), sep="|")
"""


def a_hundred_suggest(
    folder: Path, serving: Callable[..., Running], *, go: Callable[[], object], come: Callable[[], object]
) -> None:
    """A hundred readers suggest while the database is away; what delivers them is killed in the middle of it."""
    settings = folder / "standfirst.toml"
    own = settings.read_text(encoding="utf-8")
    # Each reader has an address of her own.
    settings.write_text(f'trusted_proxies = ["127.0.0.1"]\n{own}', encoding="utf-8")
    path = in_newsroom(folder, f"{PUBLISH}print(story.public_path)").split()[-1]
    running = serving(folder)
    running.wait_for_background()
    until(lambda: fetch(f"{running.url}{path}suggest/", timeout=40)[0] == 200)
    request = urllib.request.Request(f"{running.url}{path}suggest/", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=40) as answer:
        token = json.loads(answer.read())["token"]
    time.sleep(2.2)  # as the guards want a person to

    go()
    receipts = []
    for number in range(100):
        words = {"token": token, "exact": ("grain", "brought")[number % 2], "why": f"Report {number}"}
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"10.{number}.0.1"}
        request = urllib.request.Request(f"{running.url}{path}suggest/", json.dumps(words).encode(), headers)
        with urllib.request.urlopen(request, timeout=40) as answer:
            said = json.loads(answer.read())
        assert (answer.status, said["waiting"]) == (201, True)
        receipts.append(said["number"])
    assert len(spool_waiting(data=folder / "data")) == len(set(receipts)) == 100
    come()
    until(lambda: len(spool_waiting(data=folder / "data")) < 100)
    os.kill(running.children("standfirst.ops.background")[0], signal.SIGKILL)
    until(lambda: not spool_waiting(data=folder / "data"))

    numbers, cases = in_newsroom(folder, SUGGESTIONS).splitlines()
    assert sorted(numbers.split()) == sorted(receipts)
    assert cases == "('brought', 50)|('grain', 50)"
    assert running.stop() == 0


def write(reader: Reader, text: str) -> None:
    token = reader.opens("/contact/")
    time.sleep(2.2)  # as the guards want a person to
    status, page = reader.sends("/contact/", token, text=text)
    assert (status, "We have it." in page) == (200, True)


def nobody_notices(
    running: Running, serving: Callable[..., Running], *, go: Callable[[], object], come: Callable[[], object]
) -> None:
    """The database goes and comes back under load; the web worker and the whole newsroom end and start without it."""
    folder = running.folder
    pages = warm(running)

    with Readers(running, pages) as readers:
        readers.read_all_again()
        go()
        readers.read_all_again()
        assert fetch(f"{running.url}/readyz")[0] == 503
        write(Reader(running), "While it was away")
        readers.read_all_again()
    assert readers.failed == []

    (web,) = running.children("standfirst.ops.web")
    os.kill(web, signal.SIGKILL)
    # The supervisor holds the listening socket: who comes now waits a moment.
    for path, page in pages.items():
        assert fetch(running.url + path, timeout=40)[::2] == (200, page)
    until(lambda: fetch(f"{running.url}/contact/", timeout=40)[0] == 200)
    write(Reader(running), "After the worker was killed")

    assert running.stop() == 0
    again = serving(folder, port=running.port)
    with Readers(again, pages) as readers:
        readers.read_all_again()
        until(lambda: fetch(f"{again.url}/contact/")[0] == 200)
        write(Reader(again), "After a whole restart")
        assert fetch(f"{again.url}/readyz")[0] == 503
        assert len(spool_waiting(data=folder / "data")) == 3
        come()
        until(lambda: fetch(f"{again.url}/readyz")[0] == 200)
        until(lambda: not spool_waiting(data=folder / "data"))
        readers.read_all_again()
    assert readers.failed == []

    letters = in_newsroom(folder, LETTERS).splitlines()
    assert letters == ["After a whole restart", "After the worker was killed", "While it was away"]
    until(lambda: settled(folder), seconds=120)
    verified = standfirst("--newsroom", folder, "press", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert again.stop() == 0
