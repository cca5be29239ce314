"""The serving layer before a WSGI application, for any WSGI server (PEP 3333)."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from standfirst.press.later import Later
from standfirst.press.memory import Answer
from standfirst.press.ondemand import Demand, Gate
from standfirst.press.serve import Core, NeedsDemand, NeedsDjango

CHUNK_BYTES = 64 << 10
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Application:
    """What lies in the store is answered here; the rest by the application that `later` loads."""

    def __init__(self, core: Core, later: Later, *, demand: Demand | None = None) -> None:
        self.core = core
        self._later = later
        self._gate = Gate(core, demand or later.demand(), on_failure=traceback.print_exception)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._later.start()
        method = environ["REQUEST_METHOD"]
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace") or "/"
        query = environ.get("QUERY_STRING", "")

        def get(name: str) -> str | None:
            found: str | None = environ.get("HTTP_" + name.upper().replace("-", "_"))
            return found

        asked: Answer | NeedsDemand | NeedsDjango | None = self.core.quick(method, path, query, get)
        if asked is None:
            host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
            asked = self.core.answer(method, path, query, get, host=host)
        if isinstance(asked, NeedsDemand):
            future = self._gate.ask(asked)
            asked = self.core.busy(asked, get) if future is None else self.core.demanded(asked, future.result(), get)
        if isinstance(asked, Answer):
            return send(asked, method, start_response)
        try:
            if self._later.is_away:
                return send(self.core.error(503, path, get), method, start_response)
            application = self._later.wait()
        except Exception:  # why, was said when it was loaded
            return send(self.core.error(503, path, get), method, start_response)
        answered: Iterable[bytes] = application(environ, start_response)
        return answered


def send(answer: Answer, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(answer.headers)
    if answer.status != 304:
        headers.append(("content-length", str(answer.length)))
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
    if method == "HEAD" or answer.status == 304:
        return []
    return part_of(answer) if answer.file else [answer.body]


def part_of(answer: Answer) -> Iterator[bytes]:
    """The bytes of an answer that lies in a file, in pieces."""
    left = answer.length
    with open(answer.file, "rb") as file:  # noqa: PTH123
        file.seek(answer.start)
        while left > 0 and (piece := file.read(min(CHUNK_BYTES, left))):
            left -= len(piece)
            yield piece
