"""One web worker: `python -m standfirst.ops.web`, started by the supervisor with the listening socket."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from standfirst.ops import child
from standfirst.ops.bridge import Bridge
from standfirst.ops.files import Files, Mount

FINISH_SECONDS = 25.0


class SharedSocketServer(Server):
    """granian in this very process, on a socket that the supervisor opened."""

    def __init__(self, target: Any, *, socket_fd: int) -> None:
        super().__init__(target, interface=Interfaces.RSGI, log_level=LogLevels.error, websockets=False)
        self._socket_fd = socket_fd

    def _init_shared_socket(self) -> None:
        self._ssp: Any = None
        holder: Any = SocketHolder  # its stub lacks the arguments
        self._shd: Any = holder(self._socket_fd, False, 1024)


def main(argv: list[str] | None = None) -> int:
    parser = child.arguments(__doc__)
    parser.add_argument("--socket-fd", type=int, required=True)
    parser.add_argument("--target", required=True, help="module:name of the WSGI application")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--mounts", default="[]", help="JSON: [[prefix, folder, handed in], …]")
    given = parser.parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too, but the supervisor says when to end
    module, _, name = given.target.partition(":")
    wsgi = getattr(importlib.import_module(module), name)
    mounts = [Mount(prefix, Path(folder), handed_in) for prefix, folder, handed_in in json.loads(given.mounts)]
    asyncio.run(_serve(given, wsgi, Files(mounts)))
    sys.stderr.flush()
    # Threads that did not end in time must not hold the process; everything in hand has been answered or waited for.
    os._exit(0)


async def _serve(given: Any, wsgi: Any, files: Files) -> None:
    bridge = Bridge(wsgi=wsgi, files=files, folder=given.folder, threads=given.threads)
    server = SharedSocketServer(bridge, socket_fd=given.socket_fd)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    child.when_supervisor_ends(given.lifeline_fd, lambda: _quietly(loop, server))
    loop.call_later(0.05, child.say_ready, given.ready_fd)
    await server.serve()
    await bridge.finish(FINISH_SECONDS)


def _quietly(loop: asyncio.AbstractEventLoop, server: SharedSocketServer) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        loop.call_soon_threadsafe(server.stop)


if __name__ == "__main__":
    sys.exit(main())
