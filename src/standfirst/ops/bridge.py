"""Between the web server and Django: files from disk at once, everything else to Django's WSGI application in a thread.

RSGI inside, WSGI behind (granian's RSGI specification 1.6, PEP 3333). Imports no Django.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from standfirst.ops import wake
from standfirst.ops.files import Answer, Files

IN_MEMORY_BYTES = 1 << 20
BODY_LIMIT_BYTES = 256 << 20
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class TooLarge(Exception):
    pass


class Bridge:
    """The RSGI application of one web worker."""

    def __init__(self, *, wsgi: Wsgi, files: Files, folder: Path, threads: int) -> None:
        self._wsgi = wsgi
        self._files = files
        self._folder = folder
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            proto.close(403)
            return
        self._in_hand += 1
        self._idle.clear()
        try:
            await self._answer(scope, proto)
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()

    async def finish(self, seconds: float) -> None:
        """Wait until every request in hand has its answer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, scope: Any, proto: Any) -> None:
        headers = scope.headers
        file = self._files.answer(
            path=scope.path,
            method=scope.method,
            accept_encoding=headers.get("accept-encoding", ""),
            if_none_match=headers.get("if-none-match", ""),
        )
        if file is not None:
            _send_file(file, scope.method, proto)
            return
        try:
            body = await _body(scope, proto)
        except TooLarge:
            proto.response_str(
                413, [("content-type", "text/plain; charset=utf-8")], "This is larger than we can take.\n"
            )
            return
        with body:
            environ = self._environ(scope, body)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._pool, self._call, environ, proto, loop)
        if scope.method not in SAFE_METHODS:
            wake.poke(self._folder)

    def _call(self, environ: dict[str, Any], proto: Any, loop: asyncio.AbstractEventLoop) -> None:
        """One request from start to end in one thread: Django's database connections belong to threads."""
        started: list[Any] = [500, []]

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started[0] = int(status.split(" ", 1)[0])
            started[1] = [(name.lower(), value) for name, value in headers]

        result = self._wsgi(environ, start_response)
        try:
            if getattr(result, "streaming", False):
                transport = proto.response_stream(started[0], started[1])
                for chunk in result:
                    asyncio.run_coroutine_threadsafe(_send(transport, bytes(chunk)), loop).result()
                return
            body = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        if environ["REQUEST_METHOD"] == "HEAD" or started[0] in (204, 304):
            if started[0] not in (204, 304) and not any(name == "content-length" for name, _ in started[1]):
                started[1].append(("content-length", str(len(body))))
            proto.response_empty(started[0], started[1])
        else:
            proto.response_bytes(started[0], started[1], body)

    def _environ(self, scope: Any, body: IO[bytes]) -> dict[str, Any]:
        client, _, _ = scope.client.rpartition(":")
        host, _, port = scope.server.rpartition(":")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": scope.method,
            "SCRIPT_NAME": "",
            # WSGI wants bytes in the clothes of Latin-1; an address typed by hand may hold any letter unescaped.
            "PATH_INFO": scope.path.encode("utf-8").decode("latin-1"),
            "QUERY_STRING": scope.query_string.encode("utf-8").decode("latin-1"),
            "SERVER_NAME": host or "localhost",
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "REMOTE_ADDR": client.strip("[]"),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope.scheme,
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in scope.headers.items():
            key = name.upper().replace("-", "_")
            if "_" in name:  # "X_Forwarded_For" must not pass for "X-Forwarded-For"
                continue
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                key = "HTTP_" + key
            if not value.isascii():
                value = value.encode("utf-8", "replace").decode("latin-1")
            if key in environ:
                value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
            environ[key] = value
        if scope.authority and "HTTP_HOST" not in environ:  # HTTP/2 has :authority instead
            environ["HTTP_HOST"] = scope.authority
        if body.seekable() and "CONTENT_LENGTH" not in environ:
            environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
            body.seek(0)
        return environ


async def _send(transport: Any, chunk: bytes) -> None:
    await transport.send_bytes(chunk)


async def _body(scope: Any, proto: Any) -> IO[bytes]:
    length = scope.headers.get("content-length", "")
    if length.isdigit() and int(length) > BODY_LIMIT_BYTES:
        raise TooLarge
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  (the caller closes it)
    if scope.method in SAFE_METHODS and not length and "transfer-encoding" not in scope.headers:
        return body
    size = 0
    async for chunk in proto:
        size += len(chunk)
        if size > BODY_LIMIT_BYTES:
            body.close()
            raise TooLarge
        body.write(chunk)
    body.seek(0)
    return body


def _send_file(answer: Answer, method: str, proto: Any) -> None:
    if answer.file is None or method == "HEAD":
        proto.response_empty(answer.status, answer.headers)
    else:
        proto.response_file(answer.status, answer.headers, answer.file)
