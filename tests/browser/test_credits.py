"""Saved pages moved into a running newsroom, and their pictures given credits at the desk: by keyboard and by thumb."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.desk import sign_in
from tests.browser.paper import ROOT

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="https://old.example/{year}/05/06/kiosk-{year}/">
<meta property="article:published_time" content="{year}-05-06T09:00:00Z"></head><body><article><h1>{title}</h1>
<div class="entry-content"><figure><img src="{year}_files/kiosk-{year}.jpg" alt="The kiosk"></figure>
<p>The kiosk at the station sold its last paper on Saturday, to a man who wanted a lighter, in {year}.</p>
<p>It had stood there since 1961, through two fires and one flood, and was never once closed for a holiday.</p>
</div></article></body></html>"""


@pytest.fixture(scope="module")
def moved_in(paper, tmp_path_factory) -> Path:
    """Six saved pages, each with its picture, brought in by the operator's own command while the paper is served."""
    folder = tmp_path_factory.mktemp("saved")
    for year in range(2010, 2016):
        (folder / f"{year}_files").mkdir()
        picture = Image.effect_noise((900, 600), 40 + year % 10 * 10).convert("RGB")
        picture.save(folder / f"{year}_files" / f"kiosk-{year}.jpg")
        text = PAGE.format(title=f"The kiosk closes for the {year - 2000}th time", year=year)
        (folder / f"{year}.html").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "standfirst.cli", "import", "pages", str(folder), "--newsroom", str(paper.folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "6 stories published." in done.stdout
    return folder


def left(page) -> int:
    return int(page.locator("h1 .sf-count").inner_text())


def test_credits_are_typed_one_after_another_without_leaving_the_keyboard(visit, paper, moved_in):
    visitor = visit()
    sign_in(visitor.page, paper)
    page = visitor.open("/desk/stories/credits/")
    before = left(page)

    first = page.evaluate("document.activeElement.name")
    assert first.startswith("credit-")
    assert "The kiosk closes for the 15th time" in page.locator(".sf-credits-list li").first.inner_text()
    for name in ("Ira Noon", "Taras Lys"):
        page.keyboard.type(name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name").startswith("credit-")
    page.screenshot(path=os.environ.get("SCREENSHOTS", str(moved_in)) + "/credits-wide.png")

    assert left(page) == before - 2
    assert page.evaluate("document.activeElement.name") != first
    assert visitor.complaints == []


def test_one_credit_is_given_to_several_on_a_phone(visit, paper, moved_in):
    visitor = visit(width=360, touch=True)
    sign_in(visitor.page, paper)
    page = visitor.open("/desk/stories/credits/")
    before = left(page)

    page.locator("[name=ticked]").nth(0).tap()
    page.locator("[name=ticked]").nth(1).tap()
    assert page.locator("[data-count]").inner_text() == "2"
    page.fill("[name=same]", "Old Lantern archive")
    page.screenshot(path=os.environ.get("SCREENSHOTS", str(moved_in)) + "/credits-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_navigation():
        page.locator(".sf-credits-bar button").tap()

    assert left(page) == before - 2
    assert "2 credits saved." in page.locator("body").inner_text()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_list(visit, paper, moved_in, dark):
    visitor = visit(dark=dark)
    sign_in(visitor.page, paper)
    visitor.open("/desk/stories/credits/")

    assert visitor.axe() == []


def test_the_list_works_without_script(visit, paper, moved_in):
    visitor = visit()
    sign_in(visitor.page, paper)
    state = visitor.context.storage_state()
    plain = visit(script=False)
    plain.context.add_cookies(state["cookies"])
    page = plain.open("/desk/stories/credits/")
    before = left(page)

    page.locator("[name=ticked]").first.check()
    page.fill("[name=same]", "Hanna Lys")
    with page.expect_navigation():
        page.locator(".sf-credits-bar button").click()

    assert left(page) == before - 1
