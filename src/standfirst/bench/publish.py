"""From the Publish button to readers: how soon a new story stands on its own address, and on the last of its pages.

    standfirst bench publish [--stories 100] [--rounds 20] [--folder DIR] [--json]
    standfirst bench publish --stories 100000 --few-pages

A real newsroom: supervisor, one web worker, background. Drafts of a usual story (section, two tags, byline, lead
picture, five hundred words) are written beforehand by the services; each is published at the desk over HTTP, by the
screen for one or many ticked stories, signed in as an editor. The clock starts when that request is sent. A page
counts when its new bytes have taken the old ones' place in the store and HTTP answers with them.

--few-pages: the archive's own pages are not pressed beforehand, only fronts and what publications press.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from standfirst.bench import newsroom

POLL_SECONDS = 0.002
LONGEST_SECONDS = 120.0


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("publish", "From Publish to readers.")
    given.add_argument("--stories", type=int, default=100, help="how many stories there are before (default: 100)")
    given.add_argument("--rounds", type=int, default=20, help="how many are published (default: 20)")
    given.add_argument("--few-pages", action="store_true", help="do not press the archive's own pages beforehand")
    options = given.parse_args(argv)
    with newsroom.opened_newsroom(options) as folder:
        newsroom.fill(options.stories)
        figures = measured(folder, options)
    return newsroom.say(figures, options, told)


def measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    from standfirst.ops.pressing import fingerprint
    from standfirst.press import queue
    from standfirst.press.models import PressedPage

    queue.drain()
    queue.start(fingerprint())
    if options.few_pages:
        # The pages of the archive's own stories are pressed on first request: here nobody asks.
        PressedPage.objects.filter(path__regex=r"^/\d{4}/", status=0).delete()
    queue.run()
    drafts = [draft(number) for number in range(options.rounds + 2)]
    figures: dict[str, Any] = {
        "machine": newsroom.machine(),
        "stories": options.stories,
        "few_pages": options.few_pages,
    }
    with newsroom.served(folder) as running:
        running.first_page()
        newsroom.until_quiet()
        desk = Desk(running)
        rows = [published(running, desk, story) for story in drafts]
    figures["pages"] = PressedPage.objects.count()
    # The first two load what every later one finds loaded.
    for name in ("answer", "own", "last", "related"):
        values = sorted(row[name] for row in rows[2:] if row[name] is not None)
        figures[name] = {"p50": statistics.median(values), "p95": percentile(values, 0.95), "all": values}
    figures["touched"] = statistics.median(row["pages"] for row in rows)
    figures["machine_at_end"] = newsroom.machine()
    return figures


def percentile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, round(part * (len(values) - 1)))]


def draft(number: int) -> Any:
    from standfirst.people.models import Byline
    from standfirst.stories.models import NewsImage, Section, Tag
    from standfirst.stories.services import story_draft

    dice = random.Random()
    return story_draft(
        language="en",
        headline=newsroom.headline(dice, dice.randrange(10**9)),
        standfirst=" ".join(dice.choices(newsroom.WORDS, k=24)).capitalize() + ".",
        section=dice.choice(list(Section.objects.order_by("pk")[: newsroom.SECTIONS])),
        bylines=[dice.choice(list(Byline.objects.filter(slug__startswith="author-")))],
        tags=[tag.name for tag in dice.sample(list(Tag.objects.filter(slug__startswith="tag-")), 2)],
        # One that stands on other pages already: encoding pictures is measured by no clock of ours.
        lead_image=NewsImage.objects.order_by("pk")[number % newsroom.PICTURES],
        lead_alt="Boats on the quay",
        body=newsroom.body(dice),
    )


class Desk:
    """An editor's browser, signed in."""

    def __init__(self, running: newsroom.Running) -> None:
        from django.conf import settings
        from django.test import Client

        from standfirst.people.models import User

        client = Client()
        client.force_login(User.objects.filter(is_superuser=True).order_by("pk")[0])
        self._running = running
        self._cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        origin = f"http://127.0.0.1:{self._running.port}"
        return {"Cookie": cookie, "Origin": origin, "Referer": f"{origin}/desk/", "Accept": "text/html"}

    def publish(self, story: Any, at: threading.Event) -> float:
        """Press the button on the screen for ticked stories; returns the seconds until its answer."""
        path = f"/desk/bulk/wagtailcore/page/publish/?{urlencode({'id': story.pk, 'next': '/desk/'})}"
        status, page, headers = self._running.ask("GET", path, headers=self._headers())
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {page[:300]!r}")
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = urlencode({"csrfmiddlewaretoken": token.group(1).decode() if token else ""})
        sent = {**self._headers(), "Content-Type": "application/x-www-form-urlencoded"}
        at.set()
        began = time.time()
        status, page, _headers = self._running.ask("POST", path, body=form, headers=sent)
        if status not in (302, 303):
            raise SystemExit(f"Publishing answered {status}: {page[:300]!r}")
        return time.time() - began


class Watch:
    """Looks at files of the store until each of them is a newer one."""

    def __init__(self, paths: set[str]) -> None:
        from standfirst.press.pressing import the_store

        self._file = {path: the_store().file(path) for path in paths}
        self._before = {path: self._changed(path) for path in paths}
        self.at: dict[str, float] = {}

    def _changed(self, path: str) -> int:
        try:
            return self._file[path].stat().st_ctime_ns
        except OSError:
            return 0

    def look(self) -> bool:
        """Whether all are new."""
        for path in self._file.keys() - self.at.keys():
            now = self._changed(path)
            if now > self._before[path]:
                self.at[path] = now / 1e9
        return len(self.at) == len(self._file)

    @property
    def missing(self) -> set[str]:
        return self._file.keys() - self.at.keys()


def published(running: newsroom.Running, desk: Desk, story: Any) -> dict[str, Any]:
    """Publish one; seconds from the request to the answer, to its own page and to the last of its pages."""
    from django.utils import timezone

    from standfirst.press.pressing import the_store
    from standfirst.stories.models import RelatedStory
    from standfirst.stories.selectors import fronts_of, live_stories

    today = timezone.localdate()
    own = story.address_on(today)
    pages = {own, f"{own}text/", "/sitemap.xml", f"/sitemap-{today:%Y-%m}.xml", "/sitemap-pages.xml"}
    pages |= {"/news-sitemap.xml", *fronts_of(story)}
    watch = Watch(pages)
    sent, seen = threading.Event(), {}
    began = [0.0]

    def look() -> None:
        sent.wait()
        began[0] = time.time()
        until = time.monotonic() + LONGEST_SECONDS
        with_own = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        while time.monotonic() < until:
            done = watch.look()
            if "own" not in seen and own in watch.at:
                with_own.request("GET", own)
                answer = with_own.getresponse()
                if answer.status == 200 and story.title.encode() in answer.read():
                    seen["own"] = time.time()
            if done:
                break
            time.sleep(POLL_SECONDS)

    # In a second of its own: sitemaps tell seconds, so two publications in one leave a page as it was.
    time.sleep(1 - time.time() % 1)
    looking = threading.Thread(target=look)
    looking.start()
    answered = desk.publish(story, sent)
    looking.join()
    if watch.missing:
        raise SystemExit(f"These were not pressed anew within {LONGEST_SECONDS:g} seconds: {sorted(watch.missing)}")
    newsroom.until_quiet()
    lists = RelatedStory.objects.filter(related_id=story.pk).values_list("story_id", flat=True)
    changed = []
    for path in live_stories().filter(pk__in=[story.pk, *lists]).values_list("public_path", flat=True):
        file = the_store().file(path)
        if file.exists() and file.stat().st_ctime > began[0]:
            changed.append(file.stat().st_ctime)
    _says(running, pages - {"/sitemap.xml", "/sitemap-pages.xml"}, own)
    return {
        "answer": answered,
        "own": seen["own"] - began[0],
        "last": max(watch.at.values()) - began[0],
        "related": max(changed) - began[0] if changed else None,
        "pages": len(pages) + len(changed),
    }


def _says(running: newsroom.Running, pages: set[str], own: str) -> None:
    """Each page names the story, as readers get it."""
    for path in pages:
        status, body = running.get(path)
        if status != 200 or own.encode() not in body:
            raise SystemExit(f"{path} answered {status} without naming {own}.")


def told(figures: dict[str, Any]) -> str:
    names = {
        "answer": "the editor's screen is back",
        "own": "on its own address",
        "last": "on the last front, list, feed and sitemap",
        "related": "on the last page of a related story",
    }
    lines = [figures["machine"], f"{figures['stories']} stories, {figures['pages']} pages in the table"]
    lines.append(f"{figures['touched']:g} pages show one publication")
    for name, text in names.items():
        row = figures[name]
        lines.append(
            f"{text:44} p50 {row['p50'] * 1000:7.0f} ms   p95 {row['p95'] * 1000:7.0f} ms   of {len(row['all'])}"
        )
    lines.append(figures["machine_at_end"])
    return "\n".join(lines)
