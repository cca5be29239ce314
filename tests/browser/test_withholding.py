"""Withholding by keyboard on a narrow screen: asked, shown what it reaches, done, and said to readers."""

import os

from tests.browser.desk import sign_in
from tests.browser.test_labels import write_story


def shoot(page, name, tmp_path):
    page.screenshot(path=f"{os.environ.get('SCREENSHOTS', tmp_path)}/{name}.png", full_page=True)


def is_narrow(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_words_are_withheld_by_keyboard_on_a_narrow_screen(visit, paper, tmp_path):
    visitor = visit(width=360)
    page = visitor.page
    sign_in(page, paper)
    write_story(page, visitor, "Bearings at the Poplar Bridge")
    number = page.url.rstrip("/").split("/")[-2]

    visitor.open(f"/desk/corrections/withhold/{number}/")
    assert is_narrow(page)
    assert visitor.axe() == []
    page.get_by_label("Some words", exact=True).first.focus()
    page.keyboard.press("Space")
    page.locator("#sf-words").focus()
    page.keyboard.type("nine bearings")
    page.get_by_label("danger to a person").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show what it reaches").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Public versions: 1.").wait_for()
    shoot(page, "withhold-reach", tmp_path)
    assert is_narrow(page)
    assert visitor.axe() == []
    page.get_by_role("button", name="Withhold now").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/withheld/")
    # The message comes in slowly; half of it is no contrast.
    page.wait_for_function("getComputedStyle(document.querySelector('.messages > ul')).opacity === '1'")
    shoot(page, "withheld", tmp_path)
    assert is_narrow(page)
    assert visitor.axe() == []

    address = page.get_by_role("link", name="Removal").first.get_attribute("href")
    page.goto(visitor.home + address)
    public = page.get_by_role("link", name="Bearings at the Poplar Bridge").first.get_attribute("href")
    for dark in (False, True):
        reader = visit(width=360, dark=dark)
        reader.open(public)
        assert "nine bearings" not in reader.page.content()
        reader.page.get_by_text("Withheld on").first.wait_for()
        shoot(reader.page, f"withheld-story-{dark}", tmp_path)
        assert reader.axe() == []
