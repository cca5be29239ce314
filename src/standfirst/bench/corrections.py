"""Corrections: from an editor's yes to every page being right, and the queue with thousands of open reports.

    standfirst bench corrections [--stories 100] [--cases 5000] [--rounds 20] [--folder DIR] [--json]

A real newsroom: supervisor, one web worker, background. The queue is asked for over HTTP by a signed-in editor: empty,
with one page of cases, with `--cases` of them, and empty again, in the same run; what counts is the ratio. Then cases
are accepted over HTTP one after another, as the form does it. The clock starts when that request is sent; a page is
right when it was pressed anew, and the last one when the press wants nothing any more.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from standfirst.bench import newsroom
from standfirst.bench.publish import Desk, Watch, percentile

QUEUE = "/desk/corrections/"
POLL_SECONDS = 0.005
LONGEST_SECONDS = 120.0
ONE_PAGE = 25


def main(argv: Sequence[str] | None = None) -> int:
    given = argparse.ArgumentParser(prog="standfirst bench corrections", description="From a report to every page.")
    given.add_argument("--stories", type=int, default=100, help="how many stories there are (default: 100)")
    given.add_argument("--cases", type=int, default=5000, help="how many cases are open (default: 5000)")
    given.add_argument("--rounds", type=int, default=20, help="how often each is measured (default: 20)")
    given.add_argument("--folder", help="keep the newsroom there, and measure it again the next time")
    given.add_argument("--json", action="store_true", help="the figures as JSON")
    options = given.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="standfirst-bench-") as scratch:
        folder = Path(options.folder or f"{scratch}/paper")
        newsroom.found(folder)
        newsroom.opened(folder)
        newsroom.fill(options.stories)
        figures = measured(folder, options)
    print(json.dumps(figures) if options.json else told(figures))
    return 0


def measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    from standfirst.ops.pressing import fingerprint
    from standfirst.press import queue

    queue.drain()
    queue.start(fingerprint())
    queue.run()
    closed()
    figures: dict[str, Any] = {"machine": newsroom.machine(), "stories": options.stories, "cases": options.cases}
    with newsroom.served(folder) as running:
        running.first_page()
        newsroom.until_quiet()
        editor = Editor(running)
        empty = editor.looks(options.rounds)
        opened(ONE_PAGE)
        figures["page"] = figure(editor.looks(options.rounds))
        opened(options.cases - ONE_PAGE)
        figures["full"] = figure(editor.looks(options.rounds))
        rows = [accepted(running, editor, case) for case in waiting_cases(options.rounds + 2)]
        closed()
        figures["empty"] = figure(empty + editor.looks(options.rounds))
    figures["ratio"] = figures["full"]["p50"] / figures["empty"]["p50"]
    figures["ratio_to_page"] = figures["full"]["p50"] / figures["page"]["p50"]
    # The first two load what every later one finds loaded.
    for name in ("answer", "own", "last"):
        figures[name] = figure([row[name] for row in rows[2:]])
    figures["machine_at_end"] = newsroom.machine()
    return figures


def figure(values: list[float]) -> dict[str, Any]:
    ordered = sorted(values)
    return {"p50": statistics.median(ordered), "p95": percentile(ordered, 0.95), "count": len(ordered)}


class Editor(Desk):
    """An editor at the queue."""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        headers, body = self._headers(), None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        began = time.perf_counter()
        status, page, answered = self._running.ask("GET" if form is None else "POST", path, body=body, headers=headers)
        took = time.perf_counter() - began
        for name, value in answered:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return status, page, took

    def looks(self, times: int) -> list[float]:
        """Seconds until the queue's page is there, so often."""
        self.ask(QUEUE)
        found = []
        for _turn in range(times):
            status, page, took = self.ask(QUEUE)
            if status != 200:
                raise SystemExit(f"{QUEUE} answered {status}: {page[:300]!r}")
            found.append(took)
        return found


def opened(count: int) -> None:
    """Open so many cases, spread over the stories: each about words of its own, two readers, one wording."""
    from standfirst.corrections.models import Case, Suggestion
    from standfirst.stories.models import PublicVersion
    from standfirst.stories.passages import text_of_version

    versions = list(PublicVersion.objects.filter(story__live=True).select_related("text").order_by("story_id"))
    have = Case.objects.count()
    cases = []
    for number in range(have, have + count):
        version = versions[number % len(versions)]
        text = text_of_version(version)
        passage = max(text.passages, key=lambda one: len(one.text)) if text else None
        if text is None or passage is None:
            continue
        words = [match.span() for match in re.finditer(r"\S+", passage.text)]
        first = (number // len(versions)) * 3 % max(1, len(words) - 3)
        start, end = words[first][0], words[min(first + 2, len(words) - 1)][1]
        begin = (text.begin(passage.name) or 0) + start
        there = text.place(begin, begin + end - start)
        where = {name: getattr(there, name) for name in ("block", "start", "end", "exact", "prefix", "suffix")}
        gravity = 1 + number % 3
        cases.append(Case(story_id=version.story_id, version=version.number, reports=2, gravity=gravity, **where))
    Case.objects.bulk_create(cases, batch_size=500)
    sent = []
    for case in cases:
        for _reader in range(2):
            key = secrets.token_hex(16)
            where = {name: getattr(case, name) for name in ("version", "block", "start", "end", "exact")}
            said = {"wording": f"{case.exact} then", "why": "I was there.", "language": "en"}
            sent.append(Suggestion(case=case, token=key, number=key[:12], once=key, **where, **said))
    Suggestion.objects.bulk_create(sent, batch_size=500)


def waiting_cases(count: int) -> list[Any]:
    """One case of each of so many stories."""
    from standfirst.corrections.models import Case

    found: dict[int, Any] = {}
    for case in (
        Case.objects.filter(state=Case.State.NEW).select_related("story__section", "story__locale").order_by("pk")
    ):
        found.setdefault(case.story_id, case)
        if len(found) == count:
            break
    return list(found.values())


def closed() -> None:
    from django.utils import timezone

    from standfirst.corrections.models import Case

    done = {"state": Case.State.SPAM, "decided_at": timezone.now()}
    Case.objects.filter(state__in=Case.OPEN).update(**done)


def accepted(running: newsroom.Running, editor: Editor, case: Any) -> dict[str, float]:
    """Accept one; seconds from the request to the answer, to the story's own page and to the last of all pages."""
    from standfirst.corrections.models import Case

    own = case.story.public_path
    wording = f"{case.exact} no {case.pk}"
    _status, page, _took = editor.ask(f"{QUEUE}?case={case.pk}")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {
        "csrfmiddlewaretoken": token.group(1).decode() if token else "",
        "wording": wording,
        "seen": case.exact,
        "label": "correction",
        "note": f"An earlier version said “{case.exact}”. It is “{wording}”.",
    }
    watch = Watch({own})
    began = time.time()
    status, page, took = editor.ask(f"{QUEUE}{case.pk}/accept/", form)
    if status != 302 or Case.objects.get(pk=case.pk).state != Case.State.ACCEPTED:
        raise SystemExit(f"Accepting answered {status}: {page[:300]!r}")
    while not watch.look() or wanted():
        if time.time() - began > LONGEST_SECONDS:
            raise SystemExit(f"Pages were still wanted after {LONGEST_SECONDS:g} seconds.")
        time.sleep(POLL_SECONDS)
    last = time.time() - began
    for path in (own, f"{own}text/", "/corrections/"):
        answered, body = running.get(path)
        if answered != 200 or (path == own and wording.encode() not in body):
            raise SystemExit(f"{path} answered {answered} without the new words.")
    newsroom.until_quiet()
    return {"answer": took, "own": watch.at[own] - began, "last": last}


def wanted() -> int:
    """How many pages the press still has to make."""
    from standfirst.press.models import PressedPage, Refresh

    pages = PressedPage.objects.filter(wanted_at__isnull=False).count()
    return pages + Refresh.objects.filter(number__isnull=True).count()


def told(figures: dict[str, Any]) -> str:
    names = {
        "empty": "the queue, empty",
        "page": f"the queue, {ONE_PAGE} open cases",
        "full": f"the queue, {figures['cases']} open cases",
        "answer": "accepting: the editor's screen is back",
        "own": "accepting: the story's own page is right",
        "last": "accepting: the last page is right",
    }
    lines = [figures["machine"], f"{figures['stories']} stories"]
    for name, text in names.items():
        row = figures[name]
        lines.append(f"{text:44} p50 {row['p50'] * 1000:7.0f} ms   p95 {row['p95'] * 1000:7.0f} ms   of {row['count']}")
    lines.append(
        f"full beside empty: {figures['ratio']:.2f} times; beside one page: {figures['ratio_to_page']:.2f} times"
    )
    lines.append(figures["machine_at_end"])
    return "\n".join(lines)
