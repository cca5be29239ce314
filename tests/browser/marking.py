"""A reader who marks words in the lead story, and a stand-in for the server behind it."""

import json
import re

import pytest

NUMBER = "K7-42"
RECEIPT = {"number": NUMBER, "status": "/suggestions/a-token-of-her-own/", "waiting": False}
RUN = ".sf-run .sf-text"


@pytest.fixture(scope="module")
def stories(paper):
    """The lead story of each language."""
    return {language: paper.of_kind("story", language)[0] for language in ("en", "uk")}


class Desk:
    """Stands where the server is: says what it is told to say, and keeps what it was sent."""

    def __init__(self, page):
        self.sent: list[dict] = []
        self.answer: tuple[int, dict] | None = (201, RECEIPT)
        self.has_token = True
        page.route(re.compile(r"/suggest/$"), self.handle)

    def handle(self, route):
        request = route.request
        if request.method == "POST":
            self.sent.append(json.loads(request.post_data))
            if self.answer is None:
                return route.abort("internetdisconnected")
            status, body = self.answer
            return route.fulfill(status=status, content_type="application/json", body=json.dumps(body))
        if "application/json" not in request.headers.get("accept", ""):
            return route.continue_()
        if not self.has_token:
            return route.abort("internetdisconnected")
        return route.fulfill(status=200, content_type="application/json", body='{"token": "a.token"}')


@pytest.fixture
def reading(visit, stories):
    """A reader before the lead story, and the desk behind it."""

    def open_story(language="en", **kind):
        visitor = visit(**kind)
        desk = Desk(visitor.page)
        page = visitor.open(stories[language])
        # The hand on the text.
        page.wait_for_timeout(200)
        page.locator("article").first.dispatch_event("pointerdown")
        page.wait_for_function(
            "() => performance.getEntriesByType('resource').filter(e => /words|dialog/.test(e.name)).length > 1"
        )
        page.wait_for_timeout(50)
        return visitor, page, desk

    return open_story


def first_words(page, selector="h1", count=3):
    """Mark the first words of an element; returns them."""
    return page.evaluate(
        """([selector, count]) => {
            const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
            const node = walker.nextNode();
            const words = node.data.split(" ").slice(0, count).join(" ");
            getSelection().setBaseAndExtent(node, 0, node, words.length);
            return words;
        }""",
        [selector, count],
    )


def dialog(page):
    return page.get_by_role("dialog")
