"""Ten imported stories of each kind at their old addresses: what a browser shows, beside an independent reading:
headline, words, and each picture with its description, caption and credit.

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
from PIL import Image

from tests.browser.paper import Paper, free_port
from tests.importers.ghostly import REAL as GHOST
from tests.importers.ghostly import plain, seen_in
from tests.importers.second_reader import read_again

DATA = Path(__file__).resolve().parents[1] / "importers" / "data"
COMMAND = Path(sys.executable).with_name("standfirst")
MANY = 10
# Each picture of the story in its order, shown and not only named: its shape and the words that stand with it.
PICTURES = """async () => {
  const shown = [...document.querySelectorAll(".sf-top__lead img, .sf-run figure img")];
  for (const one of shown) { one.loading = "eager"; await one.decode(); }
  return shown.map(one => ({
    shape: one.naturalWidth / one.naturalHeight,
    alt: one.alt,
    words: one.closest("figure").querySelector("figcaption")?.innerText ?? "",
  }));
}"""


@dataclass
class Seen:
    """A picture of the old text, in its order: its file, and the words that stood with it, as letters without space."""

    file: str
    alt: str = ""
    words: tuple[str, ...] = ()


@dataclass
class Original:
    """What the independent reader saw. parts: passages as letters without space; all must be there, in order."""

    address: str
    title: str
    parts: list[str]
    pictures: list[Seen]


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
        media = uploads(place / f"{kind}-media", originals[kind])
        command(folder, "import", kind, *files, "--media", media, "--json")
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


def uploads(folder, originals):
    """The old site's pictures, each of a shape of its own, by which it is known again wherever it is shown."""
    for file in named(originals):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (1200, height_of(file, originals)), "steelblue").save(folder / file)
    return folder


def named(originals):
    return list(dict.fromkeys(picture.file for original in originals for picture in original.pictures))


def height_of(file, originals):
    return 500 + 40 * named(originals).index(file)


def wordpress(place):
    """The two texts with pictures in them, a gallery among them, and others with one above them."""
    whole = lzma.decompress((DATA / "wordpress-export.xml.xz").read_bytes()).decode("utf-8")
    items = re.findall(r"[ \t]*<item>.*?</item>\s*", whole, re.DOTALL)
    public = [
        item
        for item in items
        if "<wp:post_type><![CDATA[post]]>" in item and "<wp:status><![CDATA[publish]]>" in item and "<p>" in item
    ]
    with_pictures = [item for item in items if "<img " in item and "<wp:post_type><![CDATA[post]]>" in item]
    chosen = list(dict.fromkeys([*with_pictures, *public]))[:MANY]
    attached = [item for item in items if "<wp:post_type><![CDATA[attachment]]>" in item]
    file = place / "wordpress.xml"
    file.write_text(whole[: whole.index(items[0])] + "".join(chosen + attached) + "</channel></rss>", encoding="utf-8")
    read = read_again(file)
    numbered = {one.number: one.meta["_wp_attached_file"] for one in read if one.kind == "attachment"}
    return [file], [
        Original(f"/?p={one.number}", one.title, passages(one.html), pictures_of_wordpress(one, numbered))
        for one in read
        if one.is_public and one.kind == "post"
    ]


def pictures_of_wordpress(read, numbered):
    above = numbered.get(int(read.meta.get("_thumbnail_id", 0)))
    found = [Seen(above)] if above else []
    pattern = (
        r'<img [^>]*src="[^"]*/uploads/([^"]+)" alt="([^"]*)"[^>]*>([^<\[]*)(?:<figcaption[^>]*>(.*?)</figcaption>)?'
    )
    for match in re.finditer(pattern + r'|\[gallery ids="([\d,]+)"\]', read.html):
        if match[5]:
            found += [Seen(numbered[int(n)]) for n in match[5].split(",") if int(n) in numbered]
        else:
            found.append(Seen(match[1], match[2], spoken(match[4] or match[3])))
    return found


def spoken(caption):
    """A caption's words and the name after “Photo:”, which readers get each in its own way."""
    words = re.sub(r"<[^>]*>", "", caption)
    return tuple(letters for part in re.split(r"(?:Photo|Фото):", words) if (letters := plain(part)))


def ghost(place):
    whole = json.loads(lzma.decompress(GHOST.read_bytes()))
    tables = whole["db"][0]["data"]
    public = [
        post
        for post in tables["posts"]
        if post["status"] == "published" and post["visibility"] == "public" and post["type"] == "post" and post["html"]
    ]
    public.sort(key=lambda post: "<figcaption" not in post["html"])
    tables["posts"] = public[:MANY]
    file = place / "ghost.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    posts = {post["id"]: post for post in tables["posts"]}
    about = {row["post_id"]: row for row in tables["posts_meta"]}
    return [file], [
        Original(
            f"/{read.slug}/",
            read.title,
            passages(posts[read.key]["html"]),
            pictures_of_ghost(posts[read.key], about.get(read.key, {})),
        )
        for read in seen_in(file)
    ]


def pictures_of_ghost(post, about):
    above = re.sub(r".*/content/images/", "", post["feature_image"] or "")
    caption = about.get("feature_image_caption") or ""
    found = [Seen(above, about.get("feature_image_alt") or "", spoken(caption))] if above else []
    pattern = r'<img src="[^"]*/content/images/([^"]+)"[^>]*alt="([^"]*)"[^>]*>(?:<figcaption>(.*?)</figcaption>)?'
    return found + [Seen(m[1], m[2], spoken(m[3] or "")) for m in re.finditer(pattern, post["html"])]


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
        originals.append(Original(address, told["title"], list(map(plain, lines)), pictures_of_page(told, saved.stem)))
    return files[:MANY], originals[:MANY]


def pictures_of_page(told, folder):
    """As the reviewed reading of the page has them."""
    above = [[told["lead"][0], *filter(None, told["lead"][1:])]] if told["lead"] else []
    within = [re.match(r"\[+([^\]]+)\] ?(.*)", line).groups() for line in told["body"] if line.startswith("[")]
    return [
        Seen(urlsplit(src).path.lstrip("/"), words=tuple(plain(word) for word in words if word))
        for src, *words in [*above, *within]
    ]


def passages(html):
    """The paragraphs and headings of the old text, each as letters alone."""
    found = re.findall(r"<(p|h[1-6]|li)\b[^>]*>(.*?)</\1>", html, re.DOTALL | re.IGNORECASE)
    return [words for _tag, inside in found if len(words := plain(inside)) > 20 and "http" not in words]


@pytest.mark.parametrize("kind", ["wordpress", "ghost", "pages"])
def test_stories_read_at_their_old_addresses_as_they_were(chromium, moved, kind):
    paper, originals = moved
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    counted = 0
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
        pictures = page.evaluate(PICTURES)
        assert [one["shape"] for one in pictures] == [
            pytest.approx(1200 / height_of(one.file, originals[kind]), rel=0.01) for one in original.pictures
        ], original.address
        for picture, seen in zip(pictures, original.pictures, strict=True):
            assert not seen.alt or picture["alt"] == seen.alt
            told = "".join(picture["words"].split())
            assert [words for words in seen.words if words not in told] == [], (original.address, told)
            counted += len(seen.words)
    context.close()
    # Each kind has more pictures than stories without, and words beside some.
    assert sum(len(original.pictures) for original in originals[kind]) >= (MANY if kind != "pages" else 8)
    assert counted >= 2
