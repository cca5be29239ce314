"""`standfirst run`: prepare what is needed, open the address, start the children under the supervisor. No Django."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from standfirst.kit.links import is_loopback
from standfirst.kit.statefile import read_json
from standfirst.letterbox import spool
from standfirst.ops import built, child, folders, memory
from standfirst.ops.errors import Refused
from standfirst.ops.prepare import DatabaseAway, is_prepared, prepare_if_needed
from standfirst.ops.supervisor import Child, Supervisor, child_command, open_listener
from standfirst.press.serve import Core, Place

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

WSGI = "django.core.wsgi:get_wsgi_application"
SERVED_AT = "STANDFIRST_SERVED_AT"
AGAIN_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0


def serve(newsroom: Newsroom, *, host: str, port: int, workers: int = 1, allow_open_demo: bool = False) -> int:
    """Serve readers and editors until told to end. Returns the exit code.

    Raises Refused when the newsroom is already served, the port is taken, or a demo would leave this machine.
    """
    folder = newsroom.folder
    if folders.is_demo(folder):
        refuse_open_demo(host, allow_open_demo)
    crashed = bool(read_json(folders.run_folder(folder) / "newsroom.lock").get("pid"))
    with folders.locked(folder):
        environ = dict(os.environ)
        environ.update(
            {
                "STANDFIRST_NEWSROOM": str(folder),
                "DJANGO_SETTINGS_MODULE": built.SETTINGS_MODULE,
                "PYTHONUNBUFFERED": "1",
                SERVED_AT: address(host, port),
                # Every thread would keep free memory of its own. An operator's own number counts.
                "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
            }
        )
        # Bound first: a taken port is said at once, and readers who come early wait instead of being refused.
        with open_listener(host=host, port=port, patient_seconds=20.0 if crashed else 0.0) as listener:
            preparing = _preparing(newsroom, environ)
            # A newsroom of an older release has none. What is wrong with the keys stops no reader: `doctor` says it.
            with contextlib.suppress(spool.KeyMissing, OSError):
                spool.keys_make(data=newsroom.data)
            supervisor = Supervisor(
                folder=folder,
                listener=listener,
                children=_children(newsroom, workers),
                environ=environ,
                on_ready=lambda: _ready(newsroom, host, port),
            )
            code = supervisor.run()
            return 1 if preparing is not None and preparing.has_failed else code


def _preparing(newsroom: Newsroom, environ: Mapping[str, str]) -> Preparing | None:
    """Prepare the newsroom now; or, where readers can be served from the store, meanwhile."""
    held_back = child.held_back(newsroom.folder)
    held_back.unlink(missing_ok=True)
    if is_prepared(newsroom):
        return None
    if not Core(Place.of(newsroom)).is_warm:
        prepare_if_needed(newsroom, environ=environ)
        return None
    if not is_prepared(newsroom, but_for_database=True):
        held_back.touch()
    preparing = Preparing(newsroom, environ)
    preparing.start()
    return preparing


class Preparing(threading.Thread):
    """Prepares the newsroom while what is stored is served already: a deploy, or a start with the database away."""

    def __init__(self, newsroom: Newsroom, environ: Mapping[str, str]) -> None:
        super().__init__(name="preparing", daemon=True)
        self._newsroom = newsroom
        self._environ = environ
        self.has_failed = False

    def run(self) -> None:
        was_away = False
        pause = AGAIN_SECONDS
        while True:
            try:
                prepare_if_needed(self._newsroom, environ=self._environ, quiet=was_away)
            except DatabaseAway as away:
                if not was_away:
                    _say(f"{away} What is stored is served; the desk and forms answer when the database is back.")
                was_away = True
                if is_prepared(self._newsroom, but_for_database=True):
                    # Nothing will be missing but the data: forms take what readers send.
                    child.held_back(self._newsroom.folder).unlink(missing_ok=True)
                time.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
                continue
            except Exception as error:
                _say(str(error) if isinstance(error, Refused) else f"Preparing this release failed: {error!r}")
                self.has_failed = True
                os.kill(os.getpid(), signal.SIGTERM)
                return
            child.held_back(self._newsroom.folder).unlink(missing_ok=True)
            if was_away:
                _say("The database is back, and with it the desk.")
            return


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def refuse_open_demo(host: str, allowed: bool) -> None:
    if not allowed and not is_loopback(host):
        raise Refused(
            f"This is a demo newsroom, whose sign-ins need no second factor, and {host} can be reached by others. "
            "Serve it on 127.0.0.1, or say --yes if you mean it."
        )


def _children(newsroom: Newsroom, workers: int) -> list[Child]:
    web = child_command(
        "standfirst.ops.web",
        f"--folder={newsroom.folder}",
        f"--target={WSGI}",
        f"--place={Place.of(newsroom).as_json()}",
    )
    background = child_command("standfirst.ops.background", f"--folder={newsroom.folder}")
    # Readers first: the background process starts when the first page can be answered.
    return [
        *(
            Child(f"Web worker {number}", [*web, f"--number={number}"], needs_socket=True)
            for number in range(1, workers + 1)
        ),
        Child("The background process", background, starts_last=True),
    ]


def address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}{'' if port == 80 else f':{port}'}"


def _ready(newsroom: Newsroom, host: str, port: int) -> None:
    _announce(newsroom, host, port)
    memory.give_back()


def _announce(newsroom: Newsroom, host: str, port: int) -> None:
    served = address(host, port)
    lines = [f"{newsroom.name} is served at {served}/"]
    if newsroom.is_public:
        lines.append(f"Readers know it as {newsroom.base_url}/")
    if is_loopback(host) or host in ("0.0.0.0", "::"):  # noqa: S104
        lines.append(f"The desk is at {address('localhost', port)}/desk/ (passkeys need this name)")
    else:
        lines.append(f"The desk is at {served}/desk/")
    for sign_ins in sorted((newsroom.data / "secrets").glob("*" + folders.SIGN_INS)):
        lines.append(f"The sign-ins lie in {_short(sign_ins)}")
    lines.append(f"Ctrl+C ends it ({time.strftime('%H:%M')}).")
    print("\n".join(lines), flush=True)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
