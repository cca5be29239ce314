"""Between the web server and Django: the press answers at once; what it cannot goes to Django in a thread.

RSGI inside, WSGI behind (granian's RSGI specification 1.6, PEP 3333). Imports no Django.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from standfirst.ops import wake
from standfirst.press.asgi import loaded
from standfirst.press.later import Later
from standfirst.press.memory import Answer
from standfirst.press.ondemand import Demand, Gate
from standfirst.press.serve import Core, NeedsDemand

IN_MEMORY_BYTES = 1 << 20
BODY_LIMIT_BYTES = 256 << 20
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class TooLarge(Exception):
    pass


class Bridge:
    """The RSGI application of one web worker."""

    def __init__(self, *, core: Core, later: Later, folder: Path, threads: int, demand: Demand | None = None) -> None:
        self.core = core
        self._later = later
        self._gate = Gate(core, demand or later.demand(), on_failure=traceback.print_exception)
        self._is_loaded = False
        self._folder = folder
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def quick(self, scope: Any, proto: Any) -> bool:
        """Answer what lies in memory, in whichever thread asks. False: nothing was sent, ask `__rsgi__`."""
        if scope.proto != "http":
            return False
        answer = self.core.quick(scope.method, scope.path, scope.query_string, scope.headers.get)
        if answer is None:
            return False
        proto.response_bytes(answer.status, answer.headers, answer.body)
        return True

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
        self._gate.close()
        self.core.close()

    async def _answer(self, scope: Any, proto: Any) -> None:
        method, path, get = scope.method, scope.path, scope.headers.get
        # HTTP/2 has :authority instead of a Host; who sends neither means the address he reached.
        host = get("host") or scope.authority or scope.server.rpartition(":")[0]
        answer = self.core.answer(method, path, scope.query_string, get, host=host)
        if isinstance(answer, NeedsDemand):
            future = self._gate.ask(answer)
            if future is None:
                answer = self.core.busy(answer, get)
            else:
                answer = self.core.demanded(answer, await asyncio.wrap_future(future), get)
        if isinstance(answer, Answer):
            _send_answer(answer, method, proto)
        else:
            await self._from_django(scope, proto, get)

    async def _from_django(self, scope: Any, proto: Any, get: Any) -> None:
        wsgi = self._later.future.result() if self._is_loaded else await loaded(self._later)
        if wsgi is None:
            _send_answer(self.core.error(503, scope.path, get), scope.method, proto)
            return
        self._is_loaded = True
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
            await loop.run_in_executor(self._pool, self._call, wsgi, environ, proto, loop)
        if scope.method not in SAFE_METHODS:
            wake.poke(self._folder)

    def _call(self, wsgi: Wsgi, environ: dict[str, Any], proto: Any, loop: asyncio.AbstractEventLoop) -> None:
        """One request from start to end in one thread: Django's database connections belong to threads."""
        started: list[Any] = [500, []]

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started[0] = int(status.split(" ", 1)[0])
            started[1] = [(name.lower(), value) for name, value in headers]

        result = wsgi(environ, start_response)
        try:
            if getattr(result, "streaming", False):
                transport = proto.response_stream(started[0], started[1])
                for chunk in result:
                    asyncio.run_coroutine_threadsafe(_send_chunk(transport, bytes(chunk)), loop).result()
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


async def _send_chunk(transport: Any, chunk: bytes) -> None:
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


def _send_answer(answer: Answer, method: str, proto: Any) -> None:
    if answer.status == 304:
        proto.response_empty(304, answer.headers)
    elif method == "HEAD":
        proto.response_empty(answer.status, [*answer.headers, ("content-length", str(answer.length))])
    elif not answer.file:
        proto.response_bytes(answer.status, answer.headers, answer.body)
    else:
        # Told beforehand: the server streams files and does not count them.
        headers = [*answer.headers, ("content-length", str(answer.length))]
        proto.response_file_range(answer.status, headers, answer.file, answer.start, answer.end)
