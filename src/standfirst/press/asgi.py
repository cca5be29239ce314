"""The serving layer before an ASGI application, for any ASGI server."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from standfirst.press.later import WAIT_SECONDS, Later
from standfirst.press.memory import Answer
from standfirst.press.ondemand import Demand, Gate
from standfirst.press.serve import Core, NeedsDemand, NeedsDjango
from standfirst.press.wsgi import part_of

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Application:
    """What lies in the store is answered here; the rest by the ASGI application that `later` loads."""

    def __init__(self, core: Core, later: Later, *, demand: Demand | None = None) -> None:
        self.core = core
        self._later = later
        self._gate = Gate(core, demand or later.demand(), on_failure=traceback.print_exception)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._later.start()
        if scope["type"] == "lifespan":
            await _lifespan(self.core, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        method, path, query = scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1")
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}

        def get(name: str) -> str | None:
            return headers.get(name.encode())

        asked: Answer | NeedsDemand | NeedsDjango | None = self.core.quick(method, path, query, get)
        if asked is None:
            host = get("host") or (scope.get("server") or ("",))[0]
            asked = self.core.answer(method, path, query, get, host=host)
        if isinstance(asked, NeedsDemand):
            future = self._gate.ask(asked)
            if future is None:
                asked = self.core.busy(asked, get)
            else:
                asked = self.core.demanded(asked, await asyncio.wrap_future(future), get)
        if not isinstance(asked, Answer):
            application = await loaded(self._later)
            if application is not None:
                await application(scope, receive, send)
                return
            asked = self.core.error(503, path, get)
        await _send(asked, method, send)


async def loaded(later: Later) -> Any:
    """The application when it is loaded; None when it cannot be, or not soon."""
    if later.is_away:
        return None
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(later.future)), WAIT_SECONDS)
    except Exception:  # why, was said when it was loaded
        return None


async def _send(answer: Answer, method: str, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers]
    if answer.status != 304:
        headers.append((b"content-length", str(answer.length).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if method == "HEAD" or answer.status == 304:
        await send({"type": "http.response.body", "body": b""})
        return
    pieces: Iterator[bytes] = part_of(answer) if answer.file else iter((answer.body,))
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _lifespan(core: Core, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            core.close()
            return
