"""At the desk, with a hand that is faster than the editor: no word is lost, and one form makes one story."""

import pytest

from tests.browser.desk import EDITOR, publish, running_text, sign_in, stories_called


@pytest.fixture
def desk(visit, paper):
    """An editor's browser at a new, empty story."""
    visitor = visit(width=1280)
    sign_in(visitor.page, paper)
    visitor.open("/desk/stories/new/en/")
    return visitor


def draft(page, headline: str) -> str:
    """Save a new story by hand; returns where it is edited."""
    page.fill("[name=title]", headline)
    page.select_option("[name=section]", index=1)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    return page.url


def press(page) -> None:
    """The menu is open and the hand on the button: press Publish, and wait for what comes back."""
    with page.expect_response(lambda came: came.request.is_navigation_request() and came.request.method == "POST"):
        page.evaluate("document.querySelector('[name=action-publish]').click()")
    page.wait_for_load_state("load")


def test_the_words_before_control_s_are_saved(desk):
    page = desk.page
    address = draft(page, "Words before control and s")
    running_text(page).press_sequentially("The last words of a sentence")

    with page.expect_navigation():
        page.keyboard.press("Control+s")

    page.goto(address)
    assert "The last words of a sentence" in page.locator(EDITOR).first.inner_text()


def test_the_words_before_publish_are_published(desk, paper):
    page = desk.page
    address = draft(page, "Words before publish")
    running_text(page).press_sequentially("The last words of a published sentence")

    press(page)

    page.goto(address)
    page.locator("a:has-text('View live'), a:has-text('Live')").first.wait_for()
    assert b"The last words of a published sentence" in paper.get(public_path(page)).body


def test_a_word_that_the_keyboard_has_just_ended_is_published(desk, paper):
    """A phone's keyboard composes every word; the editor takes it in a moment after its end."""
    page = desk.page
    address = draft(page, "A word that was underlined")
    running_text(page).press_sequentially("Begun, and ")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "finished", "selectionStart": 8, "selectionEnd": 8})
    keyboard.send("Input.insertText", {"text": "finished"})

    press(page)

    page.goto(address)
    assert b"Begun, and finished" in paper.get(public_path(page)).body


def test_bold_letters_and_links_before_control_s_are_saved_as_they_stand(desk):
    page = desk.page
    address = draft(page, "Bold letters")
    running_text(page).press_sequentially("plain ")
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")

    with page.expect_navigation():
        page.keyboard.press("Control+s")

    page.goto(address)
    editor = page.locator(EDITOR).first
    assert editor.inner_text().strip() == "plain bold"
    assert editor.locator("[style*=bold]").inner_text() == "bold"


def test_a_page_that_was_only_looked_at_has_nothing_to_save(desk):
    page = desk.page
    page.goto(draft(page, "Only looked at"))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)

    # Wagtail looks for changes every half a second from the second second on.
    page.wait_for_timeout(4_500)

    assert [url for url in asked if "/edit/" in url and "preview" not in url and "ping" not in url] == []


def test_publishing_while_the_first_words_are_being_kept_makes_one_story(desk):
    page = desk.page
    # Wagtail remembers the form as it came a moment after the page has loaded; it keeps what changes then.
    page.wait_for_timeout(2_500)
    page.select_option("[name=section]", index=1)
    with page.expect_request(lambda asked: asked.method == "POST" and "/pages/add/" in asked.url):
        page.fill("[name=title]", "Published while it was kept")

    press(page)

    page.wait_for_load_state("networkidle")
    assert stories_called(page, "Published while it was kept") == ["live"]


def test_coming_back_after_publishing_leads_to_the_story(desk):
    page = desk.page
    page.fill("[name=title]", "Come back to")
    page.select_option("[name=section]", index=1)
    publish(page)

    page.go_back(wait_until="load")
    page.wait_for_load_state("networkidle")
    if page.url.endswith("/edit/"):
        assert page.input_value("[name=title]") == "Come back to"
    page.fill("[name=standfirst]", "Written on the second visit.")
    publish(page)

    assert stories_called(page, "Come back to") == ["live"]


def public_path(page) -> str:
    """Where readers find the story that is open at the desk."""
    found = page.locator("a[href*='/20']").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    return next(path for path in found if path.startswith("/20"))
