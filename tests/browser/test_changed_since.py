"""Who comes back is told what changed since, and nobody else learns of it."""

import re

import pytest

READ = """(version) => {
  const line = document.querySelector("[data-since]");
  localStorage.setItem("sf-read", JSON.stringify({ [`s${line.dataset.story}`]: [version, 1790000000] }));
}"""


@pytest.fixture(scope="module")
def corrected(paper):
    """A story of the demo that was more than typed wrong, in English."""
    return next(path for path in paper.of_kind("story") if re.search(rb'data-changes="\d', paper.pages[path].body))


def since(page):
    line = page.locator("[data-since]")
    return (
        None if line.evaluate("line => line.hidden") else (line.inner_text(), line.locator("a").get_attribute("href"))
    )


def test_a_first_visit_says_nothing_and_asks_nobody(visit, corrected):
    visitor = visit()
    visitor.open(corrected)

    assert since(visitor.page) is None
    assert visitor.page.evaluate("Object.keys(JSON.parse(localStorage.getItem('sf-read'))).length") == 1


def test_who_read_an_earlier_version_is_led_to_what_changed(visit, corrected):
    visitor = visit()
    visitor.open(corrected)
    visitor.page.evaluate(READ, 1)
    visitor.open(corrected)

    words, link = since(visitor.page)

    assert words.endswith(" since you read this on 21 September 2026")
    assert link.startswith(f"{corrected}versions/#v")
    visitor.open(corrected)
    assert since(visitor.page) is None


@pytest.mark.parametrize("kept", ["not json", "[]", '{"s1": "x"}', "null"])
def test_whatever_lies_under_our_name_the_page_is_read(visit, corrected, kept):
    visitor = visit()
    visitor.open(corrected)
    visitor.page.evaluate("kept => localStorage.setItem('sf-read', kept)", kept)
    visitor.open(corrected)

    assert since(visitor.page) is None
