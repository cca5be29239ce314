"""What holds for every public page: it stands, its markup is right, it sets nothing and asks nobody else."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.paper import KINDS, kind_of

VNU = Path(__file__).resolve().parents[2] / "tools" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: A number of the log is one, whatever the language.
ONCE = {"correction", "text of correction"}
#: Kinds that both languages of the demo must have, so that no test passes for want of a page.
WANTED = [kind for kind in KINDS if kind not in {"search", "suggest", "contact", *ONCE}]
#: Outside the crawl, because nothing leads there or a query belongs to it.
BESIDE = ["/no-such-page/", "/uk/no-such-page/", "/search/?q=bridge", "/uk/search/?q=міст", "/search/"]


@pytest.fixture(scope="module")
def one_of_each(paper):
    """A page of every kind in both languages, the story with the most on it among them."""
    chosen = []
    for language in ("en", "uk"):
        for kind in KINDS:
            pages = paper.of_kind(kind, language)
            # The largest has the most on it.
            chosen += sorted(pages, key=lambda path: -len(paper.pages[path].body))[:1]
    return [*chosen, "/no-such-page/", "/search/?q=a", "/uk/search/?q=а"]


def test_every_kind_of_page_is_there_in_both_languages(paper):
    missing = [
        (kind, language)
        for kind in [*WANTED, "suggest", "contact", "search"]
        for language in ("en", "uk")
        if not paper.of_kind(kind, language)
    ]

    assert missing == []


def test_every_link_of_the_paper_leads_to_a_page(paper):
    dead = {path: answer.status for path, answer in paper.pages.items() if answer.status != 200}

    assert len(paper.pages) > 100
    assert dead == {}


def test_no_public_page_sets_a_cookie_or_varies_by_one(paper):
    answers = [*paper.pages.values(), *(paper.get(quoted(path)) for path in BESIDE)]

    assert [answer.path for answer in answers if "set-cookie" in answer.headers] == []
    # The account's pages are one reader's: never stored, and shown by a cookie that she asked for herself.
    varying = {answer.path for answer in answers if "cookie" in answer.headers.get("vary", "").lower()}
    assert {path for path in varying if "no-store" not in paper.pages[path].headers["cache-control"]} == set()
    assert {kind_of(path)[0] for path in varying} <= {"account", "sign-in"}


def test_every_page_has_the_same_bytes_for_every_reader(paper):
    stories = [paper.of_kind("story", language)[0] for language in ("en", "uk")]

    for path in ["/", "/uk/", *stories]:
        plain = paper.get(path)
        dressed = paper.get(path, Cookie="sessionid=abc; theme=dark", **{"Accept-Language": "uk,de"})
        assert dressed.body == plain.body, path


def test_every_page_carries_a_strict_policy_and_no_inline_script_or_style(paper):
    for path, answer in paper.pages.items():
        if not answer.is_page:
            continue
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src" in policy, path
        assert "unsafe" not in policy, path
        text = answer.body.decode()
        scripts = re.findall(r"<script\b([^>]*)>", text)
        assert [tag for tag in scripts if "src=" not in tag and "application/ld+json" not in tag] == [], path
        assert not re.search(r"<style\b|<[^>]+\sstyle=|<[^>]+\son[a-z]+=", text), path


def test_the_nu_html_checker_finds_nothing(paper, tmp_path):
    bodies = {answer.path: answer.body for answer in paper.pages.values() if answer.is_page}
    bodies |= {path: paper.get(quoted(path)).body for path in BESIDE}

    assert nu_complaints(bodies, tmp_path)[:20] == []


def nu_complaints(bodies, folder):
    """What the Nu HTML checker says of pages: name → body."""
    names = {}
    for number, (name, body) in enumerate(bodies.items()):
        file = folder / f"{number}.html"
        file.write_bytes(body)
        names[file.as_uri()] = name

    checker = [
        shutil.which("java"),
        "-Xss4m",
        "-jar",
        VNU,
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    said = subprocess.run([*checker, folder], capture_output=True, text=True, check=True).stdout

    messages = json.loads(said)["messages"]
    found = {
        f"{names.get(message.get('url', '').replace('file:/', 'file:///', 1), message.get('url'))}: "
        f"{message['message']} … {message.get('extract', '')[:120]}"
        for message in messages
        if message["type"] != "info" or message.get("subType") == "warning"
    }
    return sorted(found)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(visit, one_of_each, dark):
    visitor = visit(dark=dark, width=1280)
    found = {}

    for path in one_of_each:
        visitor.open(path)
        found[path] = visitor.axe()

    assert {path: violations for path, violations in found.items() if violations} == {}


def test_axe_finds_nothing_on_a_phone(visit, one_of_each):
    visitor = visit(width=360, touch=True)
    found = {}

    for path in one_of_each:
        visitor.open(path)
        found[path] = visitor.axe()

    assert {path: violations for path, violations in found.items() if violations} == {}


def test_no_page_is_wider_than_the_window(visit, one_of_each):
    wide = []
    for width in (360, 768, 1280):
        visitor = visit(width=width, touch=width == 360)
        for path in one_of_each:
            page = visitor.open(path)
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide.append((path, width, needed))

    assert wide == []


def test_nothing_moves_while_a_page_loads(visit, one_of_each):
    moved = {}
    for width in (360, 1280):
        visitor = visit(width=width, touch=width == 360)
        visitor.page.add_init_script(
            "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach("
            "entry => { if (!entry.hadRecentInput) window.moved += entry.value; })"
            ").observe({type: 'layout-shift', buffered: true});"
        )
        for path in one_of_each:
            page = visitor.open(path)
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(150)
            shift = page.evaluate("window.moved")
            if shift > 0:
                moved[path, width] = shift

    assert moved == {}


def test_no_page_asks_anyone_else_or_complains(visit, one_of_each):
    visitor = visit()

    for path in one_of_each:
        if "no-such-page" not in path:
            visitor.open(path)
            visitor.page.mouse.wheel(0, 4000)
            visitor.page.wait_for_timeout(50)

    assert visitor.foreign_requests == []
    assert visitor.complaints == []
    assert visitor.context.cookies() == []
    # Which stories were read in which version, for this browser alone (corrections/since.js); nothing else.
    assert set(visitor.page.evaluate("Object.keys(localStorage)")) <= {"sf-read"}
    assert visitor.page.evaluate("sessionStorage.length") == 0


def test_a_page_that_is_not_there_says_so_in_its_language(paper):
    english, ukrainian = paper.get("/no-such-page/"), paper.get("/uk/no-such-page/")

    assert (english.status, ukrainian.status) == (404, 404)
    assert b'lang="en"' in english.body
    assert b'lang="uk"' in ukrainian.body


def test_kinds_of_pages_are_told_apart_by_address():
    assert kind_of("/uk/2026/11/23/a-story/text/") == ("text of story", "uk")
    assert kind_of("/world/page/2/") == ("archive page", "en")
    assert kind_of("/uk/") == ("home", "uk")


def quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/?=&%")
