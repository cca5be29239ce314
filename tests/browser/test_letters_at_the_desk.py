"""Letters at the desk in a real browser: made from stories, looked at, asked about twice, and taken back in time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk import sign_in

DESK = "/desk/newsletters/"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_an_editor_makes_a_letter_sends_it_and_takes_it_back(visit, paper, width, dark):
    visitor = visit(width=width, dark=dark)
    page = visitor.page
    sign_in(page, paper)
    wrong = []

    def looked_at(where: str) -> None:
        # What the desk has just said fades in: its colours are its own only then.
        page.wait_for_function(
            "[...document.querySelectorAll('.messages > ul')].every(e => getComputedStyle(e).opacity === '1')"
        )
        wrong.extend(f"{where}: {one}" for one in visitor.axe())
        # What leads on must be seen, in the colours of the day as well.
        for link in page.locator("main a.button-secondary").all():
            ink, paper_colour = link.evaluate(
                "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
            )
            if ink == paper_colour:
                wrong.append(f"{where}: {link.inner_text()} is {ink} on {paper_colour}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{where}: wider than the screen")

    for name in ("", "mailings/", "suppressed/"):
        visitor.open(DESK + name)
        looked_at(name or "list")

    visitor.open(DESK + "new/")
    page.click("text=Keep and look at it")
    expect(page.locator("text=There is nothing in this letter yet")).to_be_visible()
    looked_at("new")
    stories = page.locator(".sf-letters-stories li")
    first, second = (stories.nth(place).locator("[lang]").inner_text() for place in (0, 1))
    stories.nth(1).locator("input").fill("1")
    stories.nth(0).locator("input").fill("2")
    page.fill("[name=intro]", "Good morning.")
    page.click("text=Keep and look at it")
    expect(page.locator("h1")).to_have_text(second)
    look = page.frame_locator("iframe >> nth=0")
    expect(look.locator("h2")).to_have_text([second, first])
    looked_at("draft")

    page.check("[name=sure]")
    page.click("text=Send …")
    page.wait_for_url("**/really/")
    looked_at("really")
    page.click("button:has-text('Yes, send it')")
    page.wait_for_url(f"**{DESK}*/")
    page.click("button:has-text('Take it back')")
    page.click("button:has-text('Throw away')")
    page.wait_for_url(f"**{DESK}")

    assert second not in page.locator("main").inner_text()
    assert wrong == []
    assert visitor.foreign_requests == []
