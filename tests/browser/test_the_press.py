"""The press at the desk, looked at in a browser: on the first page, and on the form of a story."""

import time

import pytest

from tests.browser.desk import sign_in


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
def test_an_editor_sees_how_the_press_is_doing_and_where_a_story_stands(visit, paper, width, dark):
    visitor = visit(width=width, dark=dark)
    page = visitor.page
    sign_in(page, paper)
    panel = page.locator("[data-press]")
    assert "pressed" in panel.inner_text()
    assert "Next: " in panel.inner_text()
    assert visitor.axe() == []

    visitor.open("/desk/stories/?state=live")
    page.locator("table.listing td.title a").first.click()
    page.wait_for_url("**/edit/")
    pressed = page.locator(".sf-pressed")
    deadline = time.monotonic() + 60
    # A demo that was only just started is still being pressed.
    while " ms." not in pressed.text_content() and time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        page.reload()
    page.get_by_role("tab", name="In the paper").click()
    pressed.get_by_role("heading", name="Shown on").wait_for()
    assert "ms." in pressed.inner_text()
    assert pressed.get_by_role("link").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.axe() == []
    address = pressed.get_by_role("link").first.get_attribute("href")
    assert paper.get(address).status == 200
    assert visitor.complaints == []
