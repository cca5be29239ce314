"""How fast stored pages are served, beside Debian's nginx with the same files, the same load, the same minute.

    standfirst bench serve [--seconds 5] [--rounds 3] [--connections 64] [--json]

Three servers take turns: nginx as Debian ships it (gzip_static, one worker), our own web worker with Django loaded
behind it, and nginx with the configuration that `standfirst press nginx` prints. What counts beside requests a second
is processor time a request, of all processes that serve. Needs nginx and wrk (both are Debian packages).
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from standfirst.bench import newsroom
from standfirst.bench.story import SETTINGS
from standfirst.ops.supervisor import open_listener
from standfirst.press.nginx import Site, configuration
from standfirst.press.serve import Place
from standfirst.press.store import Store

TARGETS = {
    "ratio in process": (0.45, "at least"),
    "processor in process": (2.5, "at most"),
    "ratio behind nginx": (0.95, "at least"),
    # The same goal, told by what other work on the machine does not touch.
    "processor behind nginx": (1.05, "at most"),
}
#: As `press` stores them today.
HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("content-language", "en"),
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; "
        "style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; "
        "manifest-src 'self'; frame-src https://www.youtube-nocookie.com",
    ),
    ("permissions-policy", "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=()"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-cache"),
]


@dataclass
class Server:
    name: str
    port: int
    processes: list[int]


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("serve", "How fast stored pages are served.", keeps=False)
    given.add_argument("--seconds", type=int, default=5, help="how long each turn lasts")
    given.add_argument("--rounds", type=int, default=3, help="how many turns each server has")
    given.add_argument("--connections", type=int, default=64, help="connections kept open by the load")
    given.add_argument("--pages", type=int, default=1000, help="pages in the store, for the turns over many of them")
    options = given.parse_args(argv)
    for program in ("wrk", "nginx"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is not installed. On Debian: apt-get install -y {program}")
    return newsroom.say(measured(options), options, told)


def told(figures: dict[str, Any]) -> str:
    lines = []
    for load, rows in figures["loads"].items():
        lines.append(f"\n{load} ({figures['bytes']} bytes in gzip, {figures['connections']} connections)")
        for name, row in rows["servers"].items():
            lines.append(
                f"  {name:22} {row['best']:8.0f} req/s at best {row['median']:8.0f} median "
                f"{row['ms']:.4f} ms processor a request, p99 {row['p99_ms']:.1f} ms"
            )
        for name, ratio in rows["ratios"].items():
            goal, word = TARGETS[name]
            lines.append(f"  {name:22} {ratio:8.2f} ({word} {goal})")
    return "\n".join(lines)


def measured(options: argparse.Namespace) -> dict[str, Any]:
    with newsroom.workshop(options) as folder, ExitStack() as stack:
        folder.chmod(0o755)
        place, size = _filled(folder, options.pages)
        plain = stack.enter_context(_nginx(folder / "plain", _plain_configuration(place), "nginx"))
        ours = stack.enter_context(_worker(folder, place))
        site = Site(place, Store(Path(place.store)).headers(), app=f"127.0.0.1:{ours.port}")
        behind = stack.enter_context(_nginx(folder / "ours", lambda port: _ours(site, port), "our nginx settings"))
        behind.processes += ours.processes
        servers = [plain, ours, behind]
        loads: dict[str, Any] = {}
        script = folder / "many.lua"
        script.write_text(_LUA.replace("PAGES", str(options.pages)), encoding="utf-8")
        for load, more in (("one page", []), ("many pages", ["-s", str(script)])):
            loads[load] = _turns(servers, options, more)
    return {"at": time.strftime("%Y-%m-%d"), "bytes": size, "connections": options.connections, "loads": loads}


def _turns(servers: list[Server], options: argparse.Namespace, more: list[str]) -> dict[str, Any]:
    seen: dict[str, list[dict[str, Any]]] = {server.name: [] for server in servers}
    for server in servers:
        _load(server, 1, options.connections, more)  # warm
    for _round in range(options.rounds):
        for server in servers:
            seen[server.name].append(_load(server, options.seconds, options.connections, more))
    rows = {
        name: {
            "best": max(turn["rps"] for turn in turns),
            "median": median(turn["rps"] for turn in turns),
            "ms": min(turn["ms"] for turn in turns),
            "p99_ms": median(turn["p99_ms"] for turn in turns),
        }
        for name, turns in seen.items()
    }
    # Turn by turn, because the machine's other work comes and goes.
    pairs = {name: [turn["rps"] for turn in turns] for name, turns in seen.items()}
    nginx, ours, behind = (pairs[server.name] for server in servers)
    return {
        "servers": rows,
        "ratios": {
            "ratio in process": round(median(b / a for a, b in zip(nginx, ours, strict=True)), 3),
            "processor in process": round(rows[servers[1].name]["ms"] / rows[servers[0].name]["ms"], 3),
            "ratio behind nginx": round(median(b / a for a, b in zip(nginx, behind, strict=True)), 3),
            "processor behind nginx": round(rows[servers[2].name]["ms"] / rows[servers[0].name]["ms"], 3),
        },
    }


def _load(server: Server, seconds: int, connections: int, more: list[str]) -> dict[str, Any]:
    before = _processor_seconds(server)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", *more,
         f"http://127.0.0.1:{server.port}/"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    spent = _processor_seconds(server) - before
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"{server.name} did not answer as it should:\n{done}")
    count = int(re.search(r"(\d+) requests in", done)[1])  # type: ignore[index]
    return {
        "rps": float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]),  # type: ignore[index]
        "p99_ms": _milliseconds(re.search(r"\n\s+99%\s+(\S+)", done)[1]),  # type: ignore[index]
        "ms": round(spent / count * 1000, 5),
    }


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def _processor_seconds(server: Server) -> float:
    ticks = 0
    for process in server.processes:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# The paper ------------------------------------------------------------------------------------------

_LUA = """
local number = 0
request = function()
  number = (number * 1103515245 + 12345) % 2147483648
  return wrk.format(nil, "/tags/t" .. (number % PAGES) .. "/")
end
"""


def _filled(folder: Path, pages: int) -> tuple[Place, int]:
    paper = folder / "newsroom"
    for name in ("static", "media/public", "run"):
        (paper / "data" / name).mkdir(parents=True)
    (paper / "standfirst.toml").write_text(SETTINGS, encoding="utf-8")
    place = Place(
        folder=str(paper),
        store=str(paper / "data" / "press"),
        base_url="",
        languages=("en", "uk"),
        static=str(paper / "data" / "static"),
        renditions=str(paper / "data" / "media" / "public"),
    )
    store = Store(Path(place.store))
    store.set_headers("page", HEADERS)
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _word in range(4000)]
    for path in ("/", *(f"/tags/t{number}/" for number in range(pages)), "/-/503/"):
        text = " ".join(chance.choices(words, k=4300))
        store.write(path, f"<!doctype html><title>{path}</title><p>{text}</p>".encode())
    return place, Path(f"{store.file('/')}.gz").stat().st_size


def _plain_configuration(place: Place) -> Any:
    return lambda port: (
        f"server {{ listen 127.0.0.1:{port}; root {place.store}/pages; index index.html; gzip_static on; }}"
    )


def _ours(site: Site, port: int) -> str:
    return configuration(Site(site.place, site.headers, app=site.app, listen=(f"127.0.0.1:{port}",)))


@contextmanager
def _nginx(folder: Path, text: Any, name: str) -> Iterator[Server]:
    folder.mkdir()
    port = _free_port()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    # The http block of Debian's nginx.conf, but for the log.
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;\n"
        "events { worker_connections 768; }\n"
        f"http {{ sendfile on; tcp_nopush on; types_hash_max_size 2048; gzip on; access_log off; {temporary}\n"
        f"include /etc/nginx/mime.types; default_type application/octet-stream;\n{text(port)}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stdin=subprocess.DEVNULL)
    try:
        _until_listening(port)
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
        yield Server(name, port, [int(worker) for worker in workers])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def _worker(folder: Path, place: Place) -> Iterator[Server]:
    """One web worker as the supervisor starts it."""
    port = _free_port()
    ready, told = os.pipe()
    environ = {
        **os.environ,
        "STANDFIRST_NEWSROOM": place.folder,
        "DJANGO_SETTINGS_MODULE": "standfirst.config.settings",
    }
    with open_listener(host="127.0.0.1", port=port) as listener:
        command = [
            sys.executable, "-m", "standfirst.ops.web", f"--folder={place.folder}",
            "--target=django.core.wsgi:get_wsgi_application", f"--place={place.as_json()}",
            f"--socket-fd={listener.fileno()}", f"--ready-fd={told}",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=environ, pass_fds=[listener.fileno(), told], stdin=subprocess.DEVNULL)
    os.close(told)
    try:
        os.read(ready, 1)
        time.sleep(6)  # until Django has been loaded behind it
        yield Server("our web worker", port, [process.pid])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_listening(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"Nothing listens on port {port}.")
