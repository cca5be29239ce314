"""Ten imported stories of each kind at their old addresses: what a browser shows, beside an independent reading.

One newsroom of its own, because what moves in would stand on the fronts of the one that the other tests share.
"""

import contextlib
import json
import lzma
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.paper import Paper, free_port
from tests.importers.ghostly import REAL as GHOST
from tests.importers.ghostly import plain, seen_in
from tests.importers.second_reader import read_again

DATA = Path(__file__).resolve().parents[1] / "importers" / "data"
COMMAND = Path(sys.executable).with_name("standfirst")
MANY = 10


@dataclass
class Original:
    """What the independent reader saw. parts: passages as letters without space; all must be there, in order."""

    address: str
    title: str
    parts: list[str]


def command(folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("STANDFIRST_", "DJANGO_"))}
    done = subprocess.run(
        [COMMAND, "--newsroom", folder, *arguments],
        capture_output=True, text=True, timeout=300, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """The newsroom, run, and the originals by kind."""
    place = tmp_path_factory.mktemp("moved")
    folder = place / "paper"
    command(
        folder, "new", "--name", "The Lantern", "--base-url", "", "--language", "en,uk", "--editor-email", "e@l.example"
    )
    originals = {}
    for kind, selection in (("wordpress", wordpress), ("ghost", ghost), ("pages", pages)):
        files, originals[kind] = selection(place)
        command(folder, "import", kind, *files, "--json")
    port, log = free_port(), place / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [COMMAND, "--newsroom", folder, "run", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    paper = Paper(folder=folder, port=port, process=process, log=log)
    try:
        for _try in range(600):
            assert process.poll() is None, log.read_text()[-2000:]
            with contextlib.suppress(OSError):
                if paper.get("/readyz").status == 200:
                    break
            time.sleep(0.2)
        yield paper, originals
    finally:
        process.send_signal(signal.SIGTERM)
        paper.stop()


def wordpress(place):
    whole = lzma.decompress((DATA / "wordpress-export.xml.xz").read_bytes()).decode("utf-8")
    items = re.findall(r"[ \t]*<item>.*?</item>\s*", whole, re.DOTALL)
    chosen = [
        item
        for item in items
        if "<wp:post_type><![CDATA[post]]>" in item and "<wp:status><![CDATA[publish]]>" in item and "<p>" in item
    ][:MANY]
    file = place / "wordpress.xml"
    file.write_text(whole[: whole.index(items[0])] + "".join(chosen) + "</channel></rss>", encoding="utf-8")
    return [file], [
        Original(f"/?p={read.number}", read.title, passages(read.html)) for read in read_again(file) if read.is_public
    ]


def ghost(place):
    whole = json.loads(lzma.decompress(GHOST.read_bytes()))
    tables = whole["db"][0]["data"]
    public = [
        post
        for post in tables["posts"]
        if post["status"] == "published" and post["visibility"] == "public" and post["type"] == "post" and post["html"]
    ][:MANY]
    tables["posts"] = public
    file = place / "ghost.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    html = {post["id"]: post["html"] for post in public}
    return [file], [Original(f"/{read.slug}/", read.title, passages(html[read.key])) for read in seen_in(file)]


def pages(place):
    """Saved pages, as if one old site had held them all: an address of another host cannot lead here."""
    originals, files = [], []
    for saved in sorted((DATA / "pages").glob("*.json")):
        told = json.loads(saved.read_text(encoding="utf-8"))
        if told["kind"] != "post" or told["held"] or not told["published"] or not told["link"]:
            continue
        old = urlsplit(told["link"])
        html = saved.with_suffix(".html").read_bytes().replace(b"//" + old.netloc.encode(), b"//old.example")
        file = place / f"{saved.stem}.html"
        file.write_bytes(html)
        files.append(file)
        lines = [line for line in told["body"] if isinstance(line, str) and re.match(r"[^\W\d_]", line)]
        address = old.path + (f"?{old.query}" if old.query else "")
        originals.append(Original(address, told["title"], list(map(plain, lines))))
    return files[:MANY], originals[:MANY]


def passages(html):
    """The paragraphs and headings of the old text, each as letters alone."""
    found = re.findall(r"<(p|h[1-6]|li)\b[^>]*>(.*?)</\1>", html, re.DOTALL | re.IGNORECASE)
    return [words for _tag, inside in found if len(words := plain(inside)) > 20 and "http" not in words]


@pytest.mark.parametrize("kind", ["wordpress", "ghost", "pages"])
def test_stories_read_at_their_old_addresses_as_they_were(chromium, moved, kind):
    paper, originals = moved
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    assert len(originals[kind]) >= (MANY if kind != "pages" else 6)

    for original in originals[kind]:
        answer = page.goto(paper.url + original.address)
        assert answer.status == 200, original.address
        before = answer.request.redirected_from
        # The old address itself where a story's here is the same, else one hop.
        assert before is None or before.redirected_from is None, original.address
        shown = "".join(page.locator("main").inner_text().split())
        assert plain(original.title) in shown or "".join(original.title.split()) in shown
        at = 0
        for part in original.parts:
            found = shown.find(part, at)
            assert found >= 0, (original.address, part, shown[at : at + 300])
            at = found
    context.close()
