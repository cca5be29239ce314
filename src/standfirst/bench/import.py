"""Moving an archive in: entries a second, processor time and memory of the importing process.

    standfirst bench import [--posts 2000] [--of wordpress|ghost] [--pressed] [--folder DIR] [--json]

The export is generated: posts of some three hundred words with links to earlier and later ones, sections, tags and
authors. The import is the command itself, in a process of its own; `--pressed` then presses every page that waits.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from standfirst.bench import newsroom

PARAGRAPHS, WORDS_EACH = 6, 50
SECTIONS, TAGS, AUTHORS = 8, 200, 20
SITE = "https://old.example"
BEGAN = dt.datetime(2006, 1, 2, 8, tzinfo=dt.UTC)


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("import", "Moving an archive in.")
    given.add_argument("--posts", type=int, default=2000, help="how many posts (default: 2000)")
    given.add_argument("--of", choices=["wordpress", "ghost"], default="wordpress", help="the old system")
    given.add_argument("--pressed", action="store_true", help="also press every page that waits afterwards")
    options = given.parse_args(argv)
    with newsroom.workshop(options) as folder:
        paper = folder / "paper"
        newsroom.found(paper)
        file = folder / ("export.xml" if options.of == "wordpress" else "export.json")
        with file.open("w", encoding="utf-8") as out:
            out.writelines(wordpress(options.posts) if options.of == "wordpress" else ghost(options.posts))
        figures = measured(paper, file, options)
    return newsroom.say(figures, options, told)


def measured(paper: Path, file: Path, options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {"machine": newsroom.machine(), "of": options.of, "posts": options.posts}
    figures["file_bytes"] = file.stat().st_size
    figures["import"] = imported(paper, options.of, file)
    figures["again"] = imported(paper, options.of, file)
    if options.pressed:
        # A second figure, as the press would do it in the background.
        from standfirst.bench.scale import pressed

        newsroom.opened(paper)
        figures["press"] = pressed()
    return figures


def imported(paper: Path, of: str, file: Path) -> dict[str, Any]:
    """Run the command and weigh its process when it has ended."""
    command = [sys.executable, "-m", "standfirst.cli", "--newsroom", str(paper), "import", of, str(file), "--json"]
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        if process.returncode:
            raise SystemExit("The import did not end well; run it by hand to see why.")
        said.seek(0)
        totals = json.load(said)["totals"]
    # Linux tells kilobytes.
    return {
        "seconds": seconds,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss / 1024,
        "per_second": sum(totals.get(key, 0) for key in ("published", "drafts", "pages", "unchanged")) / seconds,
        "totals": totals,
    }


def posts(count: int) -> Iterator[dict[str, Any]]:
    """The same posts every time, one at a time."""
    dice = random.Random(20261123)
    for number in range(1, count + 1):
        when = BEGAN + dt.timedelta(hours=8 * number)
        paragraphs = [" ".join(dice.choices(newsroom.WORDS, k=WORDS_EACH)) for _n in range(PARAGRAPHS)]
        before, after = dice.randrange(1, number + 1), dice.randrange(1, count + 1)
        links = f'<a href="{SITE}/post-{before}/">{dice.choice(newsroom.WORDS)}</a>'
        links += f' <a href="{SITE}/post-{after}/">{dice.choice(newsroom.WORDS)}</a>'
        yield {
            "number": number,
            "title": " ".join(dice.choices(newsroom.WORDS, k=6)).capitalize(),
            "when": when,
            "html": "".join(f"<p>{words}.</p>\n" for words in [*paragraphs, links]),
            "section": dice.randrange(SECTIONS),
            "tags": dice.sample(range(TAGS), 2),
            "author": dice.randrange(AUTHORS),
        }


def wordpress(count: int) -> Iterator[str]:
    wp = "http://wordpress.org/export/1.2/"
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:excerpt="{wp}excerpt/" xmlns:wp="{wp}" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Old</title><link>{SITE}</link><language>en</language><wp:wxr_version>1.2</wp:wxr_version>"
        f"<wp:base_blog_url>{SITE}</wp:base_blog_url>\n"
    )
    for post in posts(count):
        terms = f'<category domain="category" nicename="s{post["section"]}">Section {post["section"]}</category>'
        terms += "".join(f'<category domain="post_tag" nicename="t{tag}">Tag {tag}</category>' for tag in post["tags"])
        when = f"{post['when']:%Y-%m-%d %H:%M:%S}"
        yield (
            f"<item><title>{post['title']}</title><link>{SITE}/post-{post['number']}/</link>"
            f"<dc:creator>author-{post['author']}</dc:creator><content:encoded><![CDATA[{post['html']}]]>"
            f"</content:encoded><wp:post_id>{post['number']}</wp:post_id><wp:post_date_gmt>{when}</wp:post_date_gmt>"
            f"<wp:post_modified_gmt>{when}</wp:post_modified_gmt><wp:post_name>post-{post['number']}</wp:post_name>"
            f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{terms}</item>\n"
        )
    yield "</channel></rss>\n"


def ghost(count: int) -> Iterator[str]:
    def row(table: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
        yield f'"{table}": ['
        for number, one in enumerate(rows):
            yield ("," if number else "") + json.dumps(one) + "\n"
        yield "]"

    def post_rows() -> Iterator[dict[str, Any]]:
        for post in posts(count):
            when = f"{post['when']:%Y-%m-%dT%H:%M:%S}.000Z"
            yield {
                "id": f"{post['number']:024x}",
                "title": post["title"],
                "slug": f"post-{post['number']}",
                "html": post["html"],
                "status": "published",
                "type": "post",
                "visibility": "public",
                "created_at": when,
                "updated_at": when,
                "published_at": when,
            }

    def tagged() -> Iterator[dict[str, Any]]:
        for post in posts(count):
            for order, tag in enumerate([post["section"], *(SECTIONS + one for one in post["tags"])]):
                yield {"post_id": f"{post['number']:024x}", "tag_id": f"{tag:024x}", "sort_order": order}

    def authored() -> Iterator[dict[str, Any]]:
        for post in posts(count):
            yield {"post_id": f"{post['number']:024x}", "author_id": f"{post['author']:024x}", "sort_order": 0}

    tags = ({"id": f"{n:024x}", "name": f"Tag {n}", "slug": f"t{n}"} for n in range(SECTIONS + TAGS))
    users = ({"id": f"{n:024x}", "name": f"Author {n}", "slug": f"author-{n}"} for n in range(AUTHORS))
    settings = iter([{"key": "url", "value": SITE}])
    yield '{"db": [{"meta": {"exported_on": 1700000000000, "version": "5.80.0"}, "data": {'
    parts = {"settings": settings, "tags": tags, "users": users, "posts": post_rows()}
    for name, rows in {**parts, "posts_tags": tagged(), "posts_authors": authored()}.items():
        yield "" if name == "settings" else ",\n"
        yield from row(name, rows)
    yield "}}]}\n"


def told(figures: dict[str, Any]) -> str:
    lines = [f"{figures['posts']} posts of {figures['of']}, {figures['file_bytes'] / 1e6:.1f} MB; {figures['machine']}"]
    for name, words in (("import", "moved in"), ("again", "run again, nothing to do")):
        one = figures[name]
        lines.append(
            f"{words}: {one['seconds']:.1f} s, {one['per_second']:.0f} entries a second, processor "
            f"{one['processor_seconds']:.1f} s, at most {one['peak_mib']:.0f} MiB"
        )
    if "press" in figures:
        press = figures["press"]
        took = f"{press['seconds']:.1f} s, processor {press['processor_seconds']:.1f} s"
        lines.append(f"then pressed {press['pages']} pages: {took}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
