"""A stored paper without Django behind it, asked through the WSGI front door."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli

from standfirst.press.later import Later
from standfirst.press.serve import Core, Place
from standfirst.press.store import Store
from standfirst.press.wsgi import Application

PAGE_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-cache"),
    ("content-security-policy", "default-src 'none'; style-src 'self'"),
    ("x-content-type-options", "nosniff"),
]
STORY = "/2026/11/03/bridge/"
PAGES = {
    "/": "front",
    "/text/": "front in text",
    "/uk/": "перша сторінка",
    STORY: "the bridge is closed",
    f"{STORY}text/": "the bridge is closed, in text",
    "/world/": "world",
    "/-/404/": "no such page",
    "/-/uk/404/": "немає такої сторінки",
    "/-/410/": "withdrawn",
    "/-/503/": "not at the moment",
}


def page(words: str) -> bytes:
    return (f"<!doctype html><title>{words}</title>" + f"<p>{words}</p>" * 30).encode()


@dataclass(frozen=True)
class Outcome:
    status: int
    kept: bool = False
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    rows: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        packing = self.headers.get("content-encoding")
        body = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[packing](self.body)
        return body.decode()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Paper:
    """demand: what pressing an address on demand answers; `asked` says which were. django: requests that got there."""

    folder: Path
    base_url: str = "https://news.example"
    memory_bytes: int = 8 << 20
    demand: Callable[[str, str], Outcome] = lambda path, query: Outcome(404)
    asked: list[str] = field(default_factory=list)
    django: list[str] = field(default_factory=list)
    received: bytes = b""
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "data" / "press")
        self.static = self.folder / "data" / "static"
        self.renditions = self.folder / "data" / "media" / "public"
        for folder in (self.static, self.renditions):
            folder.mkdir(parents=True)
        self.store.set_headers("page", PAGE_HEADERS)
        self.store.set_headers("internal-map", [("content-type", "text/plain; charset=utf-8")])
        for path, words in PAGES.items():
            self.store.write(path, page(words))
        self.set_moved("")

    def set_moved(self, permanent: str, temporary: str = "") -> None:
        self.store.write("/-/moved.map", permanent.encode())
        self.store.write("/-/moved-temporarily.map", temporary.encode())

    @property
    def place(self) -> Place:
        return Place(
            folder=str(self.folder),
            store=str(self.store.root),
            base_url=self.base_url,
            languages=("en", "uk"),
            static=str(self.static),
            renditions=str(self.renditions),
        )

    def open(self, **more: Any) -> Application:
        def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            self.django.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            self.received += environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"from Django"]

        def demand(path: str, query: str) -> Outcome:
            self.asked.append(f"{path}?{query}" if query else path)
            return self.demand(path, query)

        core = Core(self.place, memory_bytes=self.memory_bytes, clock=self.clock, **more)
        self.application = Application(core, Later(lambda: django), demand=demand)
        return self.application

    def get(self, target: str, *, method: str = "GET", host: str | None = "news.example", **headers: str) -> Reply:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "192.0.2.1",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
        }
        if host is not None:
            environ["HTTP_HOST"] = host
        environ.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
        told: list[Any] = []
        result = self.application(environ, lambda status, rows: told.append((int(status.split()[0]), rows)))
        body = b"".join(result)
        status, rows = told[0]
        return Reply(status, {name.lower(): value for name, value in rows}, rows, body)
