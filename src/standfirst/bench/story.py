"""What a story's page costs beside a plain Wagtail article with the same text and the same pictures.

    standfirst bench story [--rounds 60] [--json] [--profile]

Both pages are asked for in turn in the same process, in a scratch newsroom of their own; processor time counts,
not the clock. Queries are counted for a story with every kind of block once, and with all of them twice.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from standfirst.bench import newsroom

SETTINGS = """\
name = "The Lantern"
base_url = "http://testserver"
language = "en"
languages = ["en", "uk"]
time_zone = "Europe/Kyiv"
secret_key = "a key for measuring alone, in a folder that goes away at the end"
"""


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("story", "What a story's page costs.")
    given.add_argument("--rounds", type=int, default=60, help="how often each page is asked for")
    given.add_argument("--profile", action="store_true", help="where the time of the story's page goes")
    options = given.parse_args(argv)
    with newsroom.workshop(options) as folder:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "standfirst.toml").write_text(SETTINGS, encoding="utf-8")
        os.environ["STANDFIRST_NEWSROOM"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "standfirst.bench.settings"
        import django

        django.setup()
        made = folder / "pages.json"
        if not made.exists():
            made.write_text(json.dumps(_made()), encoding="utf-8")
        pages = json.loads(made.read_text(encoding="utf-8"))
        if options.profile:
            _profile(pages["story"])
            return 0
        figures = measured(pages, options.rounds)
    return newsroom.say(figures, options, told)


def told(figures: dict[str, Any]) -> str:
    lines = [
        f"{name:14} {row['ms']:6.1f} ms processor   {row['queries']:3} queries   {row['kB']:5.0f} kB"
        for name, row in figures["pages"].items()
    ]
    return "\n".join([*lines, f"story / plain  {figures['ratio']:6.2f}"])


def _made() -> dict[str, str]:
    """The three pages, published: their addresses by name."""
    import datetime as dt

    from django.core.management import call_command
    from django.db import connection
    from wagtail.models import Page

    from standfirst.bench.everything import PARAGRAPH, everything, picture
    from standfirst.bench.plain.models import PlainArticle
    from standfirst.fronts.services import paper_found
    from standfirst.ops import built
    from standfirst.stories.services import section_add, story_draft, story_publish

    if connection.vendor == "sqlite":
        built.template_database(Path(connection.settings_dict["NAME"]))
    call_command("migrate", verbosity=0)
    paper_found(name="The Lantern", languages=["en", "uk"], base_url="http://testserver")
    section = section_add(title="City", slug="city")
    others = []
    for number in range(8):
        story = story_draft(
            language="en",
            headline=f"Another harbour story {number}",
            section=section,
            lead_image=picture(200 + number),
            lead_alt="x",
            body=[{"type": "text", "value": f"<p>{PARAGRAPH}</p>"}],
        )
        story_publish(story=story)
        story.refresh_from_db()
        others.append(story)
    once = everything(section, times=1, headline="The harbour", others=others)
    twice = everything(section, times=2, headline="The quay", others=others)

    # The same words and pictures the plain way.
    home = Page.objects.get(depth=2, locale__language_code="en")
    for number in range(6):
        home.add_child(
            instance=PlainArticle(
                title=f"Plain {number}",
                slug=f"plain-{number}",
                date=dt.date(2026, 11, 3),
                body=[],
                show_in_menus=True,
            )
        )
    stream: list[tuple[str, Any]] = []
    for child in once.body:
        if child.block_type == "text":
            stream.append(("text", child.value))
        elif child.block_type == "picture":
            stream.append(("image", child.value["image"]))
        elif child.block_type == "gallery":
            stream += [("image", value["image"]) for value in child.value["pictures"]]
    plain = PlainArticle(
        title=once.title, slug="article", date=dt.date(2026, 11, 3), intro=once.standfirst, image=once.lead_image
    )
    plain.body = stream
    home.add_child(instance=plain)
    return {
        "story": once.public_path or "",
        "story, twice": twice.public_path or "",
        "plain article": "/plain/article/",
    }


def measured(pages: dict[str, str], rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    figures: dict[str, Any] = {"pages": {}}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(rounds + 5):
        for name, address in pages.items():
            began = time.process_time()
            answer = client.get(address)
            times[name].append(time.process_time() - began)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}.")
    for name, address in pages.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address)
        # The first rounds warm caches and compile templates.
        figures["pages"][name] = {
            "ms": round(median(times[name][5:]) * 1000, 2),
            "queries": len(queries),
            "kB": round(len(answer.content) / 1000, 1),
        }
    figures["ratio"] = round(figures["pages"]["story"]["ms"] / figures["pages"]["plain article"]["ms"], 3)
    return figures


def _profile(address: str) -> None:
    import cProfile
    import pstats

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    for query in queries:
        print(query["sql"][:230])
    profile = cProfile.Profile()
    profile.enable()
    for _round in range(20):
        client.get(address)
    profile.disable()
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(70)
