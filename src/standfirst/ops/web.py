"""One web worker: `python -m standfirst.ops.web`, started by the supervisor with the listening socket."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import sys
import traceback
from typing import Any

from granian import _futures
from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from standfirst.ops import child, folders, memory
from standfirst.ops.bridge import Bridge
from standfirst.press.later import Later
from standfirst.press.serve import Core, Place

FINISH_SECONDS = 25.0
# A worker whose Django cannot be loaded serves what is stored for so long before a new one tries again.
BROKEN_SECONDS = 30.0
# A reader's request waits at most so long for Python while a page is being rendered (default: 0.005).
SWITCH_SECONDS = 0.001


class SharedSocketServer(Server):
    """granian in this very process, on a socket that the supervisor opened."""

    def __init__(self, target: Any, *, socket_fd: int) -> None:
        super().__init__(target, interface=Interfaces.RSGI, log_level=LogLevels.error, websockets=False)
        self._socket_fd = socket_fd

    def _init_shared_socket(self) -> None:
        self._ssp: Any = None
        holder: Any = SocketHolder  # its stub lacks the arguments
        self._shd: Any = holder(self._socket_fd, False, 1024)


def answer_quickly(bridge: Bridge) -> None:
    """Let the server's own thread answer what lies in memory, without waking the event loop: half the work a request.

    granian hands every request to a function it makes here; ours asks the bridge first. Where a later granian makes
    it in another way, requests go through the loop as everywhere else.
    """
    make = getattr(_futures, "_cbsched_aioschedule", None)
    if make is None:
        return

    def ours(loop: Any, context: Any, callback: Any) -> Any:
        schedule = make(loop, context, callback)
        quick = bridge.quick

        def scheduled(watcher: Any) -> None:
            try:
                if quick(watcher.scope, watcher.proto):
                    watcher.done()
                    return
            except Exception:
                traceback.print_exc()
            schedule(watcher)

        return scheduled

    _futures._cbsched_aioschedule = ours


def main(argv: list[str] | None = None) -> int:
    parser = child.arguments(__doc__)
    parser.add_argument("--socket-fd", type=int, required=True)
    parser.add_argument("--target", required=True, help="module:name of the function that makes the WSGI application")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--place", required=True, help="where the newsroom lies, as JSON (press.serve.Place)")
    parser.add_argument("--number", type=int, default=1, help="which of the workers this is")
    given = parser.parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too, but the supervisor says when to end
    sys.setswitchinterval(SWITCH_SECONDS)
    reads = folders.run_folder(given.folder) / f"reads-{given.number}.json"
    core = Core(Place.from_json(given.place), reads_file=reads)
    code = asyncio.run(_serve(given, core))
    sys.stderr.flush()
    # Threads that did not end in time must not hold the process; everything in hand has been answered or waited for.
    os._exit(code)


async def _serve(given: Any, core: Core) -> int:
    """Listen first, then load Django: readers of what is stored do not wait for it."""
    module, _, name = given.target.partition(":")
    held_back = child.held_back(given.folder)
    later = Later(lambda: getattr(importlib.import_module(module), name)(), is_held_back=held_back.exists)
    bridge = Bridge(core=core, later=later, folder=given.folder, threads=given.threads)
    answer_quickly(bridge)
    server = SharedSocketServer(bridge, socket_fd=given.socket_fd)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    child.when_supervisor_ends(given.lifeline_fd, lambda: _quietly(loop, server.stop))
    is_warm = core.is_warm
    if is_warm:
        loop.call_later(0.02, child.say_ready, given.ready_fd)

    def loaded() -> None:
        error = later.future.exception()
        if error is None:
            if not is_warm:
                child.say_ready(given.ready_fd)
            loop.run_in_executor(None, memory.give_back)
            return
        traceback.print_exception(error)
        if is_warm:
            print(
                "Django could not be loaded (above). What is stored is served meanwhile.", file=sys.stderr, flush=True
            )
        loop.call_later(BROKEN_SECONDS if is_warm else 0.0, server.stop)

    later.future.add_done_callback(lambda _future: _quietly(loop, loaded))
    loop.call_later(0.05, later.start)
    await server.serve()
    await bridge.finish(FINISH_SECONDS)
    return 1 if later.future.done() and later.future.exception() is not None else 0


def _quietly(loop: asyncio.AbstractEventLoop, act: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        loop.call_soon_threadsafe(act)


if __name__ == "__main__":
    sys.exit(main())
