"""The demo newsroom, served as `make run` serves it, for tests that look at it from outside."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
LINK = re.compile(rb"""<a\b[^>]*?\bhref=["']?([^"'\s>]+)""", re.IGNORECASE)
#: Kind of page → its address, languages taken off. The first that fits counts.
KINDS = {
    "home": r"/",
    "text of home": r"/text/",
    "story": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/",
    "text of story": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/text/",
    "corrections": r"/corrections/",
    "text of corrections": r"/corrections/text/",
    "correction": r"/corrections/\d+/",
    "text of correction": r"/corrections/\d+/text/",
    "versions": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/versions/",
    "text of versions": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/versions/text/",
    "version": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/versions/\d+/",
    "text of version": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/versions/\d+/text/",
    "suggest": r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/suggest/",
    "author": r"/authors/[a-z0-9-]+/",
    "tag": r"/tags/[a-z0-9-]+/",
    "archive page": r"/(?:[a-z0-9-]+/){0,2}page/\d+/",
    "text of author": r"/authors/[a-z0-9-]+/text/",
    "text of tag": r"/tags/[a-z0-9-]+/text/",
    "text of archive page": r"/(?:[a-z0-9-]+/){0,2}page/\d+/text/",
    "contact": r"/contact/",
    "account": r"/account/",
    "sign-in": r"/account/sign-in/",
    "search": r"/search/",
    "support": r"/support/",
    "text of support": r"/support/text/",
    "join": r"/support/join/",
    "standing": r"/(?:about|about/[a-z-]+|privacy|cookies|funding|accessibility|reuse)/",
    "text of standing": r"/(?:about|about/[a-z-]+|privacy|cookies|funding|accessibility|reuse)/text/",
    "text of section": r"/[a-z0-9-]+/text/",
    "section": r"/[a-z0-9-]+/",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    """What came back for one address, redirects not followed."""

    path: str
    status: int
    headers: dict
    body: bytes

    @property
    def is_page(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


@dataclass
class Paper:
    """A running newsroom and what a stranger can find in it."""

    folder: Path
    port: int
    process: subprocess.Popen
    log: Path
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(urljoin(self.url, path), headers=headers)
        try:
            with self.opener.open(request, timeout=60) as response:
                return Answer(path, response.status, lower(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(path, error.code, lower(error.headers), error.read())

    @cached_property
    def pages(self) -> dict[str, Answer]:
        """Every public page that links lead to from both home pages: path → answer."""
        found: dict[str, Answer] = {}
        waiting = ["/", "/uk/"]
        while waiting:
            path = waiting.pop(0)
            if path in found or len(found) > 2_000:
                continue
            answer = found[path] = self.get(path)
            if answer.status == 200 and answer.is_page:
                waiting += [link for link in self.links(answer) if link not in found]
        return found

    def links(self, answer: Answer) -> list[str]:
        """The paper's own addresses a page leads to, without queries and fragments."""
        paths = []
        for link in LINK.findall(answer.body):
            parts = urlsplit(urljoin(self.url + answer.path, link.decode()))
            own = parts.scheme == "http" and parts.netloc == urlsplit(self.url).netloc
            if own and not parts.path.startswith(("/desk/", "/m/", "/s/")):
                paths.append(parts.path)
        return paths

    def of_kind(self, kind: str, language: str = "en") -> list[str]:
        """Addresses of pages of a kind, in the order in which a reader meets them."""
        return [path for path in self.pages if kind_of(path) == (kind, language)]

    @cached_property
    def sign_ins(self) -> dict[str, dict[str, str]]:
        """Who may sign in at the desk, by role: what the demo wrote into a file only its owner can read."""
        found = {}
        for file in sorted((self.folder / "data" / "secrets").glob("*sign-ins.txt")):
            assert file.stat().st_mode & 0o077 == 0, f"{file} can be read by others"
            for line in re.findall(r"^(\w+)\s+(\S+@\S+)\s+(\S+)$", file.read_text(), re.MULTILINE):
                found[line[0]] = {"email": line[1], "password": line[2]}
        return found

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def lower(headers) -> dict:
    return {name.lower(): value for name, value in headers.items()}


def kind_of(path: str) -> tuple[str, str]:
    """The kind of a page and its language, by the address alone."""
    language, rest = ("uk", path[3:]) if path.startswith("/uk/") else ("en", path)
    kind = next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, rest)), "other")
    return kind, language


def open_demo(folder: Path) -> Paper:
    """Build the demo newsroom in a folder and serve it; return when it can do all its work.

    While you write a test, STANDFIRST_TEST_DEMO may name a demo newsroom that is built already; a copy is used.
    """
    if built := os.environ.get("STANDFIRST_TEST_DEMO"):
        shutil.copytree(built, folder, ignore=shutil.ignore_patterns("run"))
    port, log = free_port(), folder.parent / "server.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("STANDFIRST_", "DJANGO_"))}
    # Visitors say in a header from where they come; else all would be one connection, which may not send much.
    environment["STANDFIRST_TRUSTED_PROXIES"] = "127.0.0.1"
    command = [
        Path(sys.executable).with_name("standfirst"),
        "--newsroom",
        folder,
        "demo",
        "--port",
        str(port),
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env=environment, cwd=folder.parent,
        )  # fmt: skip
    paper = Paper(folder=folder, port=port, process=process, log=log)
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The demo newsroom ended with {process.returncode}:\n{log.read_text()[-4000:]}")
        with contextlib.suppress(OSError):
            if paper.get("/readyz").status == 200:
                return paper
        time.sleep(0.25)
    paper.stop()
    raise RuntimeError(f"The demo newsroom was not ready in five minutes:\n{log.read_text()[-4000:]}")
