"""An old site on loopback, for the tests of downloading: every address does what it was told to, and is counted."""

from __future__ import annotations

import contextlib
import io
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from standfirst.importers.reach import is_public


def picture(width: int = 60, height: int = 40, *, kind: str = "JPEG", noise: bool = False) -> bytes:
    """A picture; with noise it does not pack well, so that it has many bytes."""
    out = io.BytesIO()
    image = Image.effect_noise((width, height), 90) if noise else Image.new("RGB", (width, height), "#0a8")
    image.convert("RGB").save(out, kind)
    return out.getvalue()


def endless(on: Handler) -> None:
    """An answer that says it is a picture and never ends."""
    on.send_response(200)
    on.send_header("Content-Type", "image/jpeg")
    on.send_header("Connection", "close")
    on.end_headers()
    while True:
        on.wfile.write(b"\xff" * 65536)


class OldSite:
    """A small HTTP server. `pages` maps a path to what answers it: bytes (a JPEG), or a function of the handler."""

    def __init__(self, sealed: ssl.SSLContext | None = None) -> None:
        self.scheme = "https" if sealed else "http"
        self.pages: dict[str, bytes | Callable[[Handler], None]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connections: set[tuple[str, int]] = set()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.site = self
        if sealed:
            self._server.socket = sealed.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://old.example:{self.port}"

    def resolve(self, host: str, port: int) -> list:
        """A resolver for which every host of the test is this server."""
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    def allow(self, address: str) -> bool:
        """As in the house, but that this machine stands for the internet."""
        return address == "127.0.0.1" or is_public(address)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # we hang up on it, as it deserves


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: OldSite = self.server.site
        site.asked.append(self.path)
        site.headers.append(dict(self.headers))
        site.connections.add(self.client_address)
        answer = site.pages.get(self.path)
        with contextlib.suppress(ConnectionError):
            if answer is None:
                self.send(b"<h1>Not found</h1>", status=404, kind="text/html")
            elif callable(answer):
                answer(self)
            else:
                self.send(answer)

    def send(self, body: bytes, *, status: int = 200, kind: str = "image/jpeg", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@contextlib.contextmanager
def old_site(sealed: ssl.SSLContext | None = None) -> Iterator[OldSite]:
    """sealed: what it shows who it is with, for HTTPS."""
    site = OldSite(sealed)
    try:
        yield site
    finally:
        site.close()
