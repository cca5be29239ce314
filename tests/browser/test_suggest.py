"""A reader marks words and challenges them: by keys, by finger, without script; and what she typed is never lost."""

import re

import pytest
from playwright.sync_api import expect

from standfirst.kit.anchoring import normal
from tests.browser.marking import NUMBER, RECEIPT, RUN, dialog, first_words, reading, stories

__all__ = ["reading", "stories"]


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_keys_open_the_form_with_the_words_and_a_receipt_ends_it(reading, keys):
    visitor, page, desk = reading()
    words = first_words(page)

    page.keyboard.press(keys)
    expect(dialog(page)).to_be_visible()
    assert page.locator("dialog [data-words]").inner_text() == words
    page.get_by_label("What should it say?").fill("Other words")
    page.get_by_label("E-mail for an answer").fill("petro.hnatiuk@readers.example")
    page.get_by_role("button", name="Send").click()

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_focused()
    assert NUMBER in dialog(page).inner_text()
    assert page.get_by_role("link", name="See what becomes of it").get_attribute("href") == RECEIPT["status"]
    [sent] = desk.sent
    assert sent["exact"] == normal(words)
    assert (sent["wording"], sent["email"], sent["why"], sent["credit"]) == (
        "Other words", "petro.hnatiuk@readers.example", "", "",
    )  # fmt: skip
    assert (sent["block"], sent["start"], sent["kind"], sent["token"]) == ("headline", 0, "correction", "a.token")
    assert sent["version"] >= 1
    assert visitor.complaints == []


def test_a_suggestion_really_arrives_and_its_page_knows_the_words(visit, stories):
    visitor = visit()
    page = visitor.open(stories["en"])
    page.wait_for_timeout(300)
    words = first_words(page, f"{RUN} p", 5)
    page.keyboard.press("Control+Enter")
    page.get_by_label("Why? How do you know?").fill("Tried by a test.")

    page.get_by_role("button", name="Send").click()

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    number = page.locator("[data-number]").inner_text()
    page.get_by_role("link", name="See what becomes of it").click()
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text(normal(words))
    assert visitor.complaints == []


def test_the_form_opens_without_asking_anybody_and_at_once(reading):
    _visitor, page, desk = reading()
    desk.has_token = False
    first_words(page)
    page.context.set_offline(True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    # In the very turn of the key: nothing can have been waited for, neither the network nor a clock.
    is_open = page.evaluate(
        """() => {
            const init = {key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new KeyboardEvent('keydown', init));
            const dialog = document.querySelector('dialog[open]');
            return Boolean(dialog && dialog.getBoundingClientRect().height && dialog.contains(document.activeElement));
        }"""
    )

    assert is_open
    expect(dialog(page)).to_be_visible()
    # What it asks for once it stands there is the token, and nothing it is made of.
    page.wait_for_timeout(100)
    assert [url for url in asked if not url.endswith("/suggest/")] == []


def test_escape_closes_it_marks_the_words_again_and_keeps_what_was_typed(reading):
    _visitor, page, desk = reading()
    words = first_words(page)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Half a thought")

    page.keyboard.press("Escape")

    expect(dialog(page)).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == words
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("What should it say?")).to_have_value("Half a thought")
    expect(page.get_by_label("What should it say?")).to_be_focused()
    assert desk.sent == []


def close(page, words):
    """Close the form and wait until it has marked its words again: it does so a moment after it went."""
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    page.wait_for_function("words => getSelection().toString() === words", arg=words)


def test_what_was_typed_about_some_words_is_not_sent_about_others(reading):
    _visitor, page, _desk = reading()
    words = first_words(page)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Half a thought")
    close(page, words)

    others = first_words(page, f"{RUN} p")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_label("What should it say?")).to_have_value("")
    close(page, others)
    first_words(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("What should it say?")).to_have_value("Half a thought")


def test_who_reloads_in_the_middle_of_a_sentence_is_asked_first(reading):
    _visitor, page, _desk = reading()
    asked = []
    page.on("dialog", lambda question: (asked.append(question.type), question.dismiss()))
    first_words(page)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Half a thought")

    page.evaluate("setTimeout(() => location.reload())")

    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("What should it say?")).to_have_value("Half a thought")
    page.get_by_label("What should it say?").fill("")
    page.reload()
    assert asked == ["beforeunload"]


def test_focus_goes_back_to_where_it_was(reading):
    _visitor, page, _desk = reading()
    link = page.locator("[data-suggest] a")
    link.focus()
    first_words(page)
    page.evaluate("document.querySelector('[data-suggest] a').focus()")
    first_words(page)

    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_be_visible()
    page.get_by_role("button", name="Close").click()

    expect(link).to_be_focused()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((422, {"error": "Write an e-mail address as in name@example.org.", "field": "email"}), "Write an e-mail"),
        ((503, {"error": "The desk cannot be reached. Try again in an hour."}), "The desk cannot be reached"),
        ((502, None), "Nothing is lost"),
        ((201, {}), "Nothing is lost"),
        ((200, {"number": "1", "status": "/suggestions/x/"}), "Nothing is lost"),
        (None, "Nothing is lost"),
    ],
)
def test_what_was_not_taken_is_not_thanked_for_and_stays(reading, answer, said):
    _visitor, page, desk = reading()
    desk.answer = answer
    first_words(page)
    page.keyboard.press("Control+Enter")
    page.get_by_label("Why? How do you know?").fill("I was there.")

    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Why? How do you know?")).to_have_value("I was there.")
    assert not dialog(page).get_by_role("heading", name="Thank you").is_visible()
    if answer and (answer[1] or {}).get("field"):
        expect(page.get_by_label("E-mail for an answer")).to_be_focused()
        assert page.get_by_label("E-mail for an answer").get_attribute("aria-invalid") == "true"

    desk.answer = (201, RECEIPT | {"waiting": True})
    page.get_by_role("button", name="Send").click()

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    assert "Our database is away" in dialog(page).inner_text()


def test_a_reader_who_is_offline_is_told_so_and_sends_later(reading):
    visitor, page, desk = reading()
    first_words(page)
    desk.has_token = False
    page.keyboard.press("Control+Enter")
    page.get_by_label("What should it say?").fill("Other words")
    visitor.context.set_offline(True)

    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("alert")).to_contain_text("You are offline.")
    visitor.context.set_offline(False)
    desk.has_token = True
    page.get_by_role("button", name="Send").click()
    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    assert desk.sent[-1]["wording"] == "Other words"


def test_form_fields_keep_their_keys_and_nothing_opens_without_words(reading):
    _visitor, page, _desk = reading()

    page.keyboard.press("Control+Enter")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('footer'))")
    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_have_count(0)

    page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    page.locator("main > textarea").focus()
    first_words(page)
    page.locator("main > textarea").press("Control+Enter")

    expect(dialog(page)).to_have_count(0)


def test_no_tab_stop_is_added_to_the_story(reading, visit, stories):
    def stops(page):
        return page.locator("article").first.evaluate(
            "a => a.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex]').length"
        )

    _visitor, page, _desk = reading()

    assert stops(page) == stops(visit(script=False).open(stories["en"]))


# On a phone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "uk"])
def test_on_a_phone_a_line_comes_up_and_touching_it_keeps_the_words(reading, language):
    visitor, page, desk = reading(language, width=360, touch=True)
    words = first_words(page, f"{RUN} p", 4)

    button = page.locator(".sf-marked button")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box["height"] >= 24
    assert box["width"] >= 200
    assert box["y"] + box["height"] > 740 - 40
    button.tap()

    expect(dialog(page)).to_be_visible()
    assert page.locator("dialog [data-words]").inner_text() == words
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # The way out is in sight, however long the form is.
    assert 0 <= page.get_by_role("button", name={"en": "Close", "uk": "Закрити"}[language]).bounding_box()["y"] < 700
    page.locator("dialog [type=submit]").tap()
    expect(page.locator("[data-done]")).to_be_visible()
    assert desk.sent[0]["exact"] == normal(words)
    assert visitor.complaints == []


def test_the_line_goes_when_the_words_are_no_longer_marked(reading):
    _visitor, page, _desk = reading(width=360, touch=True)
    first_words(page)
    expect(page.locator(".sf-marked")).to_be_visible()

    page.evaluate("getSelection().removeAllRanges()")

    expect(page.locator(".sf-marked")).to_be_hidden()


def test_with_a_mouse_no_line_comes_up(reading):
    _visitor, page, _desk = reading()
    first_words(page)

    page.wait_for_timeout(400)

    expect(page.locator(".sf-marked")).to_have_count(0)


def test_the_line_at_the_end_speaks_of_keys_or_of_fingers(reading, visit, stories):
    on_desk = reading()[1].locator("[data-suggest] p").inner_text()
    on_phone = reading(width=360, touch=True)[1].locator("[data-suggest] p").inner_text()
    without = visit(script=False).open(stories["en"]).locator("[data-suggest] p").inner_text()

    assert "Ctrl + Enter" in on_desk
    assert "touch the line" not in on_desk
    assert "touch the line" in on_phone
    assert "Ctrl" not in on_phone
    assert without.lower() == "write to us. every correction is public."


# Everybody can use it -----------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_open_form_and_after_it(reading, width, dark):
    visitor, page, desk = reading(width=width, touch=width == 360, dark=dark)
    desk.answer = (422, {"error": "Write an e-mail address as in name@example.org.", "field": "email"})
    first_words(page)
    if width == 360:
        page.locator(".sf-marked button").tap()
    else:
        page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_be_visible()
    assert visitor.axe() == []

    page.locator("dialog [type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("Write an e-mail")
    assert visitor.axe() == []

    desk.answer = (201, RECEIPT)
    page.locator("dialog [type=submit]").click()
    expect(page.locator("[data-done]")).to_be_visible()
    assert visitor.axe() == []


def test_the_whole_form_is_used_with_keys_alone(reading):
    _visitor, page, desk = reading()
    first_words(page)

    page.keyboard.press("Control+Enter")
    page.keyboard.type("Other words")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("I know")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Vira")
    page.keyboard.press("Enter")

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_focused()
    sent = desk.sent[0]
    assert (sent["wording"], sent["why"], sent["email"], sent["credit"]) == ("Other words", "I know", "", "Vira")


def test_the_dialog_is_labelled_and_holds_the_focus(reading):
    _visitor, page, _desk = reading()
    first_words(page)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("dialog", name="Suggest a correction")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        assert inside


def test_where_there_is_no_dialog_the_keys_lead_to_the_form(visit, stories):
    visitor = visit()
    visitor.page.add_init_script("delete HTMLDialogElement.prototype.showModal")
    page = visitor.open(stories["en"])
    page.wait_for_timeout(200)
    first_words(page, f"{RUN} p")

    with page.expect_navigation(url=re.compile(r"/suggest/\?p=p-")):
        page.keyboard.press("Control+Enter")
