"""Two windows: what an editor publishes in one is read everywhere in the other; what she withdraws, nowhere."""

import time
from urllib.parse import urlsplit

from tests.browser.desk import publish, running_text, sign_in

HEADLINE = "Zephyrine sails past the lighthouse"
SLUG = "zephyrine-sails-past-the-lighthouse"


def until(what):
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.1)


def test_a_story_is_seen_wherever_it_belongs_and_after_its_withdrawal_nowhere(visit, paper):
    editor, reader = visit(), visit()
    desk, window = editor.page, reader.page
    sign_in(desk, paper)
    editor.open("/desk/stories/new/en/")
    desk.fill("[name=title]", HEADLINE)
    desk.select_option("[name=section]", label="Culture")
    desk.get_by_role("textbox", name="Tags").press_sequentially("Tram,")
    desk.wait_for_function("document.querySelector('[name=tags]').value")
    running_text(desk).press_sequentially("She came in.")

    publish(desk)
    # The editor's window is back: the story is there, whatever else is still being pressed.
    address = desk.locator(f"a[href$='/{SLUG}/']").first.get_attribute("href")
    story = desk.get_by_role("link", name=HEADLINE, exact=True).first.get_attribute("href")
    address = urlsplit(address).path
    assert window.goto(paper.url + address).status == 200
    window.get_by_role("heading", name=HEADLINE).wait_for()
    places = [
        "/", "/text/", "/culture/", "/tags/tram/", "/authors/olena-marchuk/", "/archive/", "/feed/atom", "/feed/rss",
        "/feed/json", "/culture/feed/atom", "/tags/tram/feed/atom", "/search/?q=lighthouse",
    ]  # fmt: skip

    def shows(path: str) -> bool:
        """Whether the reader sees the headline there now; the page itself is there, with it or without."""
        assert window.goto(paper.url + path, wait_until="domcontentloaded").status == 200, path
        return HEADLINE in window.locator("body").inner_text()

    for path in places:
        until(lambda path=path: shows(path))

    desk.goto(paper.url + story.replace("/edit/", "/unpublish/"))
    with desk.expect_navigation():
        desk.get_by_role("button", name="Yes, unpublish it").click()
    # Her window is back: the story is gone, and nobody who comes now is shown a page that names it.
    for form in ("", "text/"):
        assert window.goto(paper.url + address + form).status == 410
        assert HEADLINE not in window.content()
    assert [path for path in places if shows(path)] == []
    assert [line for line in reader.complaints if "410" not in line] == []
