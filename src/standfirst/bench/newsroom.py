"""Newsrooms for measuring: made in a scratch folder, filled by the room that takes archives in, served as always."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HEADLINES = """
harbour council budget winter ferry strike school bridge market river hospital museum library tram energy forest
archive court festival teacher fisher engineer mayor island station garden theatre village coast storm
"""
WORDS = HEADLINES.split()
SECTIONS, TAGS, AUTHORS, PICTURES = 8, 40, 12, 12
DAYS = 5 * 365
BATCH = 100


def parser(name: str, description: str, *, keeps: bool = True) -> argparse.ArgumentParser:
    """What every bench understands. keeps: it can work in a folder that stays."""
    given = argparse.ArgumentParser(prog=f"standfirst bench {name}", description=description)
    if keeps:
        given.add_argument("--folder", help="work there and keep it, to be measured again the next time")
    given.add_argument("--json", action="store_true", help="the figures as JSON")
    return given


@contextlib.contextmanager
def workshop(options: argparse.Namespace) -> Iterator[Path]:
    """The folder a bench works in: the one that is to be kept, else one that goes away with all in it."""
    with tempfile.TemporaryDirectory(prefix="standfirst-bench-") as scratch:
        yield Path(getattr(options, "folder", None) or scratch)


@contextlib.contextmanager
def opened_newsroom(options: argparse.Namespace) -> Iterator[Path]:
    """A newsroom there, founded where there is none, and Django in this process for it."""
    with workshop(options) as folder:
        paper = folder if options.folder else folder / "paper"
        found(paper)
        opened(paper)
        yield paper


def say(figures: dict[str, Any], options: argparse.Namespace, told: Callable[[dict[str, Any]], str]) -> int:
    """The figures, as they were asked for; ends a bench with its exit code."""
    print(json.dumps(figures) if options.json else told(figures))
    return 0


def found(folder: Path) -> None:
    """An empty newsroom in `folder`, where none is yet."""
    if (folder / "standfirst.toml").exists():
        return
    told = ["--name", "The Lantern", "--base-url", "", "--language", "en,uk", "--time-zone", "Europe/Kyiv"]
    command = ["--newsroom", str(folder), "new", *told, "--editor-email", "editor@lantern.example"]
    subprocess.run([sys.executable, "-m", "standfirst.cli", *command], check=True, stdout=subprocess.DEVNULL)


def opened(folder: Path) -> None:
    """Django in this process, for the newsroom in `folder`, brought up to this code."""
    from standfirst.config import newsroom
    from standfirst.ops import built, prepare
    from standfirst.ops.create import open_django

    environ = {**os.environ, "STANDFIRST_NEWSROOM": str(folder), "DJANGO_SETTINGS_MODULE": built.SETTINGS_MODULE}
    prepare.prepare_if_needed(newsroom.load(folder), environ=environ)
    os.environ["STANDFIRST_SERVED_AT"] = f"http://127.0.0.1:{port(folder)}"
    open_django(folder)


def port(folder: Path) -> int:
    """The same every time: another one is another address of the paper, and everything would be pressed anew."""
    file = folder / "data" / "bench-port"
    if not file.exists():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            file.write_text(str(free.getsockname()[1]))
    return int(file.read_text())


def fill(stories: int) -> None:
    """Add stories until there are so many: five years of English ones, by the services of intake.

    The slow work that follows an intake is done here only so far as pages show it: every story gets four related
    ones of its section; nobody waits for the index of references.
    """
    from django_tasks_db.models import DBTaskResult

    from standfirst.people.models import Byline
    from standfirst.stories.models import RelatedStory, Section, StoryPage, Tag
    from standfirst.stories.services import Arrival, section_add, stories_take_in
    from standfirst.stories.services.pictures import pictures_complete

    dice = random.Random(20261123)
    have = StoryPage.objects.count()
    if have >= stories:
        return
    if not have:
        from standfirst.bench.everything import picture

        for number in range(SECTIONS):
            section_add(title=f"Section {number + 1}", slug=f"section-{number + 1}")
        for number in range(AUTHORS):
            Byline.objects.create(name=f"Author {number + 1}", slug=f"author-{number + 1}")
        for number in range(TAGS):
            Tag.objects.create(name=f"Tag {number + 1}", slug=f"tag-{number + 1}")
        for number in range(PICTURES):
            picture(number)
    from standfirst.stories.models import NewsImage

    sections, tags = list(Section.objects.order_by("pk")[:SECTIONS]), list(Tag.objects.all())
    authors, pictures = list(Byline.objects.all()), list(NewsImage.objects.all())
    now = dt.datetime.now(dt.UTC)
    made: list[Any] = []
    for start in range(have, stories, BATCH):
        arrivals = [
            Arrival(
                language="en",
                headline=headline(dice, number),
                section=dice.choice(sections),
                # The newest is an hour old; none stands in the future.
                published_at=now - dt.timedelta(hours=1, days=DAYS * (1 - (number + 1) / stories) ** 1.0),
                standfirst=" ".join(dice.choices(WORDS, k=24)).capitalize() + ".",
                bylines=[dice.choice(authors)],
                tags=dice.sample(tags, 2),
                lead_image=dice.choice(pictures),
                lead_alt="Boats on the quay",
                body=body(dice),
            )
            for number in range(start, min(start + BATCH, stories))
        ]
        made += stories_take_in(arrivals=arrivals)
    DBTaskResult.objects.filter(task_path__contains="news_of_intake").delete()
    by_section: dict[int, list[Any]] = {}
    for story in made:
        by_section.setdefault(story.section_id, []).append(story)
    for near in by_section.values():
        lines = [
            RelatedStory(story=story, related=other, score=0.2)
            for at, story in enumerate(near)
            for other in near[max(0, at - 4) : at]
        ]
        RelatedStory.objects.bulk_create(lines, batch_size=500)
    seen: set[int] = set()
    for story in made:
        if story.lead_image_id not in seen:
            seen.add(story.lead_image_id)
            pictures_complete(story=story)


def headline(dice: random.Random, number: int) -> str:
    return " ".join(dice.choices(WORDS, k=6)).capitalize() + f" {number}"


def body(dice: random.Random) -> list[dict[str, Any]]:
    """Some five hundred words."""
    paragraphs = "".join(f"<p>{' '.join(dice.choices(WORDS, k=50)).capitalize()}.</p>" for _ in range(10))
    return [{"type": "text", "value": paragraphs}]


class Running:
    """A served newsroom: supervisor, one web worker, the background process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = port(folder)
        self.log = (folder / "data" / "run.log").open("ab")
        command = [sys.executable, "-m", "standfirst.cli", "--newsroom", str(folder), "run", "--port", str(self.port)]
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=environ)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        return self.ask("GET", path, headers=headers)[:2]

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheaders()
        finally:
            connection.close()

    def first_page(self, path: str = "/", seconds: float = 180.0) -> float:
        """Seconds from the start to the first whole answer of 200."""
        while time.monotonic() - self.began < seconds:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get(path)[0] == 200:
                    return time.monotonic() - self.began
            if self.process.poll() is not None:
                raise SystemExit((self.folder / "data" / "run.log").read_text()[-2000:])
            time.sleep(0.01)
        raise SystemExit(f"Nothing was served within {seconds:g} seconds.")

    def pids(self) -> dict[str, int]:
        """What each process is called here, and its number."""
        found = {"supervisor": self.process.pid}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                told = (entry / "cmdline").read_bytes().split(b"\0")
                if parent == self.process.pid:
                    module = told[told.index(b"-m") + 1].decode() if b"-m" in told else "?"
                    found[module.rpartition(".")[2]] = int(entry.name)
        return found

    def memory(self) -> dict[str, dict[str, float]]:
        """Megabytes (10⁶ bytes are not meant: MiB) per process and together. PSS counts shared pages once."""
        table: dict[str, dict[str, float]] = {}
        for name, pid in self.pids().items():
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
                table[name] = {"rss": kilobytes["Rss"] / 1024, "pss": kilobytes["Pss"] / 1024}
        table["together"] = {kind: sum(row[kind] for row in table.values()) for kind in ("rss", "pss")}
        return table

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(40)
        if self.process.poll() is None:
            self.process.kill()
        self.log.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    try:
        yield running
    finally:
        running.stop()


def waiting() -> int:
    """How many pages wait to be pressed, and how many jobs to be done, as the database says."""
    from django_tasks_db.models import DBTaskResult

    from standfirst.press.models import PressedPage, Refresh

    return (
        PressedPage.objects.filter(wanted_at__isnull=False).count()
        + Refresh.objects.filter(number__isnull=True).count()
        + DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).count()
    )


def until_quiet(seconds: float = 3_600.0) -> float:
    """Wait until nothing is left to be done; returns the seconds it took."""
    began = time.monotonic()
    while waiting():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"{waiting()} pages and jobs still wait after {seconds:g} seconds.")
        time.sleep(0.2)
    return time.monotonic() - began


def machine() -> str:
    """Where and when this was measured."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load average {load}"
