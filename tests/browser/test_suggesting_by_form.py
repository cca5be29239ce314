"""The form for a correction and the private page behind it, without script, on a phone and at a desk."""

import re

import pytest

STORY = re.compile(r"/\d{4}/\d\d/\d\d/[a-z0-9-]+/")


def story_of(paper, language=""):
    return next(
        path
        for path in sorted(paper.pages)
        if STORY.fullmatch(path.removeprefix(language)) and path.startswith(language)
    )


@pytest.mark.parametrize(("width", "touch", "dark"), [(360, True, False), (1280, False, True)])
def test_a_reader_without_script_picks_a_passage_and_follows_her_suggestion(visit, paper, width, touch, dark):
    visitor = visit(width=width, touch=touch, dark=dark, script=False)
    page = visitor.open(f"{story_of(paper)}suggest/")
    passages = page.locator("select[name=block] option")
    assert passages.count() > 5

    page.get_by_label("Which passage?").select_option(index=3)
    page.get_by_label("What is wrong or unclear, and how you know").fill("I was there, and it was not so.")
    page.get_by_label("E-mail for an answer").fill("reader@readers.example")
    page.wait_for_timeout(2100)  # as the guards want a person to
    page.get_by_role("button", name="Send").click()

    assert re.search(r"/suggestions/[\w-]{43}/$", page.url)
    assert "We have it. No editor has decided" in page.get_by_role("heading", level=1).inner_text()
    assert page.locator("blockquote").inner_text()
    looker = visit(width=width, touch=touch, dark=dark)
    for address in (f"{story_of(paper)}suggest/", page.url.removeprefix(paper.url)):
        seen = looker.open(address)
        assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert looker.axe() == []

    page.get_by_text("Take back all that I wrote").click()
    page.get_by_role("button", name="Delete what I wrote").click()

    assert "I was there" not in page.locator("main").inner_text()
    assert "No e-mail address." in page.locator("main").inner_text()
    assert visitor.complaints == []
    assert visitor.foreign_requests == []


def test_a_mistake_is_said_where_it_is_and_nothing_is_lost(visit, paper):
    visitor = visit(width=360, touch=True, script=False)
    page = visitor.open(f"{story_of(paper)}suggest/")
    page.get_by_label("The words in question").fill("a zebra walked across the runway")
    page.get_by_label("How it should read").fill("two zebras")
    page.wait_for_timeout(2100)

    page.get_by_role("button", name="Send").click()

    assert "These words are not in the story." in page.get_by_role("alert").inner_text()
    assert page.get_by_label("How it should read").input_value() == "two zebras"
