"""What stories cost: bytes, time to press, memory of the whole running newsroom, time to its first page.

    standfirst bench scale [--stories 1000] [--idle 60] [--load 20] [--folder DIR] [--json]

Real processes: supervisor, one web worker, background. Memory is said per process and together, as RSS (pages that
processes share count for each of them) and as PSS (they count once).
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from standfirst.bench import newsroom


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("scale", "What stories cost.")
    given.add_argument("--stories", type=int, default=100, help="how many stories (default: 100)")
    given.add_argument("--idle", type=float, default=60.0, help="seconds of rest before memory is read (default: 60)")
    given.add_argument("--load", type=float, default=20.0, help="seconds of reading and searching (default: 20)")
    given.add_argument("--starts", type=int, default=5, help="how often it is started (default: 5)")
    options = given.parse_args(argv)
    with newsroom.opened_newsroom(options) as folder:
        figures = measured(folder, options)
    return newsroom.say(figures, options, told)


def measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {"machine": newsroom.machine(), "stories": options.stories}
    began = time.monotonic()
    newsroom.fill(options.stories)
    figures["fill_seconds"] = time.monotonic() - began
    figures["press"] = pressed()
    figures["bytes"] = weighed(folder, options.stories)
    starts = []
    for _turn in range(options.starts):
        with newsroom.served(folder) as running:
            starts.append(running.first_page())
            # Once all that follows a new release or a start is done.
            time.sleep(3.0)
    figures["start_seconds"] = sorted(starts)
    with newsroom.served(folder) as running:
        running.first_page()
        newsroom.until_quiet()
        time.sleep(options.idle)
        figures["idle"] = running.memory()
        figures["load"] = under_load(running, options.load)
        time.sleep(min(options.idle, 10.0))
        figures["after_load"] = running.memory()
    figures["machine_at_end"] = newsroom.machine()
    return figures


def pressed() -> dict[str, float]:
    """Press whatever waits, in this process, with the code of the background process."""
    from standfirst.press import queue
    from standfirst.press.catalogue import all_ahead
    from standfirst.press.models import PressedPage

    if not PressedPage.objects.exists():
        queue.want_paths(all_ahead())
    began, processor = time.monotonic(), time.process_time()
    pages = queue.run()
    seconds, cpu = time.monotonic() - began, time.process_time() - processor
    return {"pages": pages, "seconds": seconds, "processor_seconds": cpu, "all_pages": PressedPage.objects.count()}


def weighed(folder: Path, stories: int) -> dict[str, float]:
    """Megabytes as files have bytes, not as disks have blocks."""
    from django.db import connection

    from standfirst.press.models import PageKey, PressedPage

    store = folder / "data" / "press" / "pages"
    files = [file.stat() for file in store.rglob("*") if file.is_file()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        database = cursor.fetchone()[0]
    return {
        "store_mb": sum(file.st_size for file in files) / 1e6,
        "store_blocks_mb": sum(file.st_blocks for file in files) * 512 / 1e6,
        "store_files": len(files),
        "database_mb": database / 1e6,
        "pages": PressedPage.objects.count(),
        "keys": PageKey.objects.count(),
        "store_mb_per_1000": sum(file.st_size for file in files) / 1e3 / stories,
        "database_mb_per_1000": database / 1e3 / stories,
    }


def under_load(running: newsroom.Running, seconds: float) -> dict[str, Any]:
    """The most memory seen while six readers ask for every page and search, one search for three pages."""
    from standfirst.press.models import PressedPage

    paths = list(PressedPage.objects.filter(status=200).values_list("path", flat=True))
    ending = time.monotonic() + seconds
    asked = [0] * 6

    def read(number: int) -> None:
        at = number
        while time.monotonic() < ending:
            at += 6
            running.get(f"/search/?q={newsroom.WORDS[at % 30]}" if at % 4 == 0 else paths[at % len(paths)])
            asked[number] += 1

    readers = [threading.Thread(target=read, args=[number]) for number in range(6)]
    for reader in readers:
        reader.start()
    most: dict[str, Any] = {}
    while time.monotonic() < ending:
        now = running.memory()
        most = max(most, now, key=lambda table: table["together"]["rss"] if table else 0)
        time.sleep(0.5)
    for reader in readers:
        reader.join()
    return {**most, "requests": sum(asked)}


def told(figures: dict[str, Any]) -> str:
    press, sizes = figures["press"], figures["bytes"]
    lines = [figures["machine"], f"{figures['stories']} stories, {press['all_pages']} pages"]
    if press["pages"]:
        each = press["seconds"] / press["pages"]
        lines.append(
            f"pressed          {press['pages']} pages in {press['seconds']:.1f} s, {1000 * each:.1f} ms each "
            f"({1000 * press['processor_seconds'] / press['pages']:.1f} ms processor); 10,000 so: {each * 10_000:.0f} s"
        )
    lines.append(
        f"per 1,000        store {sizes['store_mb_per_1000']:.1f} MB, database {sizes['database_mb_per_1000']:.1f} MB "
        f"({sizes['store_files']} files, {sizes['keys']} keys)"
    )
    starts = figures["start_seconds"]
    lines.append(f"first page       {', '.join(f'{one:.2f}' for one in starts)} s after the start")
    for when in ("idle", "load", "after_load"):
        for name, row in figures[when].items():
            if isinstance(row, dict):
                lines.append(f"{when:10} {name:12} RSS {row['rss']:6.1f}   PSS {row['pss']:6.1f} MiB")
    lines.append(figures["machine_at_end"])
    return "\n".join(lines)
