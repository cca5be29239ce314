"""Real web servers before a stored paper, on loopback ports."""

from __future__ import annotations

import http.client
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.press.paper import PAGE_HEADERS, STORY, Outcome, Paper, page

# Written by each server for itself, or made of its own facts.
ITS_OWN = {
    "date", "server", "connection", "keep-alive", "transfer-encoding", "etag", "content-length",
    "alt-svc", "via",
}  # fmt: skip
KINDS = {
    "feed-atom": ("/feed/atom", "application/atom+xml; charset=utf-8"),
    "feed-rss": ("/uk/world/feed/rss", "application/rss+xml; charset=utf-8"),
    "feed-json": ("/feed/json", "application/feed+json"),
    "xml": ("/sitemap-2026-11.xml", "application/xml"),
    "json": ("/corrections.json", "application/json"),
    "text": ("/.well-known/security.txt", "text/plain; charset=utf-8"),
    "csv": ("/claims.csv", "text/csv; charset=utf-8"),
    "colours": ("/colours-aabbcc-112233.css", "text/css; charset=utf-8"),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class App:
    """The paper's own layer, listening."""

    def __init__(self, paper: Paper) -> None:
        self.port = free_port()
        self._server = make_server("127.0.0.1", self.port, paper.open(), _Server, _Quiet)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Asked:
    """One answer as it came over the wire."""

    def __init__(
        self, port: int, target: str, *, method: str = "GET", host: str = "", body: bytes = b"", **headers: str
    ) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or f"127.0.0.1:{port}")
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.putheader("Connection", "close")
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            self.status = answer.status
            self.body = answer.read()
            self.rows = sorted((name.lower(), value) for name, value in answer.getheaders())
        finally:
            connection.close()
        self.headers = dict(self.rows)

    @property
    def comparable(self) -> tuple[int, bytes, list[tuple[str, str]]]:
        left_out = ITS_OWN | {"accept-ranges"} if self.status == 206 else ITS_OWN
        return self.status, self.body, [row for row in self.rows if row[0] not in left_out]


def furnish(paper: Paper) -> None:
    """A page of every kind, files, old addresses."""
    for kind, (path, content_type) in KINDS.items():
        paper.store.set_headers(kind, [("content-type", content_type), *PAGE_HEADERS[1:]])
        paper.store.write(path, page(kind))
    paper.store.write("/uk/2026/11/03/mist/", page("міст"))
    paper.set_moved(
        '"/old/story" "/2026/11/03/bridge/";\n"/?p=12" "/world/";\n"/?feed=rss2" "/feed/rss";\n',
        '"/for-now" "/world/";\n',
    )
    paper.store.set_gone(lambda: ["/2026/11/03/withdrawn/"])
    (paper.static / "theme.0123456789ab.css").write_bytes(b"body{}" * 200)
    for ending, content in ((".gz", b"zipped"), (".br", b"broad")):
        (paper.static / f"theme.0123456789ab.css{ending}").write_bytes(content)
    (paper.static / "plain.js").write_bytes(b"1;\n" * 100)
    (paper.static / ".retired.json").write_bytes(b"{}")
    for name in ("bridge.jpg", "report.xlsx", "drawing.svg", "odd.thing"):
        (paper.renditions / name).write_bytes(bytes(range(256)) * 8)
    (paper.renditions / ".hidden").write_bytes(b"secret")
    (paper.folder / "standfirst.toml").write_text("secret")
    (paper.renditions / "way-out").symlink_to(paper.folder)

    def demand(path: str, query: str) -> Outcome:
        if path == "/2026/11/03/bridge/versions/2/":
            paper.store.write(path, page("version two"))
            return Outcome(200, kept=True)
        return Outcome(404)

    paper.demand = demand


#: Every kind of answer: method, target, headers.
REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    *(("GET", path, {}) for path in ("/", "/uk/", STORY, f"{STORY}text/", "/world/", "/uk/2026/11/03/mist/")),
    *(("GET", path, {"accept_encoding": "gzip"}) for path in ("/", STORY, "/uk/2026/11/03/mist/")),
    *(("GET", path, {"accept_encoding": takes}) for path, _type in KINDS.values() for takes in ("", "gzip")),
    ("HEAD", STORY, {}),
    ("HEAD", STORY, {"accept_encoding": "gzip"}),
    ("GET", STORY, {"cookie": "a=b", "range": "bytes=0-1", "if_modified_since": "Fri, 01 Jan 2010 00:00:00 GMT"}),
    ("GET", f"{STORY}?utm_source=x", {}),
    ("GET", STORY[:-1], {}),
    ("GET", f"{STORY[:-1]}?a=b", {}),
    ("GET", f"{STORY}index.html", {}),
    ("GET", f"{STORY}index.html.gz", {}),
    ("GET", "/feed/atom.gz", {}),
    ("GET", "/nothing/", {}),
    ("GET", "/uk/nothing/", {"accept_encoding": "gzip"}),
    ("GET", "/World/", {}),
    ("GET", "//world//", {}),
    ("GET", "/2026/11/03/withdrawn/", {}),
    ("GET", "/2026/11/03/withdrawn/text/", {}),
    ("GET", f"{STORY}versions/2/", {}),
    ("GET", "/old/story/", {}),
    ("GET", "/Old//STORY/", {}),
    ("GET", "/?feed=rss2", {}),
    ("GET", "/for-now", {}),
    ("GET", "/?p=12&utm_source=x", {}),
    ("GET", "/?p=13", {}),
    ("GET", "/-/404/", {}),
    ("GET", "/-/moved.map", {}),
    ("GET", "/-/none/", {}),
    ("GET", "/desk/", {}),
    ("GET", "/uk/search/?q=x", {}),
    ("GET", f"{STORY}suggest/", {}),
    ("GET", "/healthz", {}),
    ("POST", "/", {}),
    ("POST", STORY, {}),
    ("DELETE", "/feed/atom", {}),
    ("GET", "/s/theme.0123456789ab.css", {}),
    ("GET", "/s/theme.0123456789ab.css", {"accept_encoding": "gzip"}),
    ("GET", "/s/plain.js", {"accept_encoding": "gzip"}),
    ("GET", "/s/nothing.js", {}),
    ("GET", "/s/.retired.json", {}),
    ("GET", "/s/", {}),
    *(("GET", f"/m/{name}", {}) for name in ("bridge.jpg", "report.xlsx", "drawing.svg", "odd.thing", ".hidden")),
    ("GET", "/m/way-out/standfirst.toml", {}),
    ("GET", "/m//bridge.jpg", {}),
    ("GET", "/s//plain.js", {}),
    ("GET", "/m/bridge.jpg", {"range": "bytes=10-19"}),
    ("GET", "/m/bridge.jpg", {"range": "bytes=-7"}),
    ("HEAD", "/m/bridge.jpg", {}),
]


def named(request: tuple[str, str, dict[str, str]]) -> str:
    method, target, headers = request
    return " ".join([method, target, *(f"{name}={value}" for name, value in headers.items())])


def until_listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(400):
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text())


@contextmanager
def running(command: list[str], port: int, folder: Path, **environ: str) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), **environ},
        )
    try:
        until_listening(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(text: str, port: int, folder: Path) -> Iterator[None]:
    """nginx with that text in its http block, as /etc/nginx/nginx.conf includes sites-enabled."""
    folder.mkdir()
    (folder / "standfirst.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"    {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nworker_processes 1;\nuser root;\npid {folder}/pid;\nerror_log stderr;\n"
        "events { worker_connections 512; }\n"
        f"http {{\n    access_log off;\n    sendfile on;\n{temporary}    include /etc/nginx/mime.types;\n"
        f"    default_type application/octet-stream;\n    gzip on;\n    include {folder}/standfirst.conf;\n}}\n",
        encoding="utf-8",
    )
    with running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield


@contextmanager
def caddy(text: str, port: int, folder: Path) -> Iterator[None]:
    folder.mkdir()
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, encoding="utf-8")
    with running(["caddy", "run", "--config", str(file), "--adapter", "caddyfile"], port, folder):
        yield
