"""The page carries the names of the passages, so that words marked there can be placed in a version."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from standfirst.kit.anchoring import Passage, Text
from standfirst.stories.canonical import story_data
from standfirst.stories.passages import passages_of
from standfirst.stories.services import story_publish
from tests.kit.marked import name_of, own_text, text_on
from tests.theme.test_story_page import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(newsroom):
    picture = newsroom.picture()
    body = everything(newsroom, picture)
    nested = (
        "<blockquote><p>Said.</p><p>Twice&nbsp;&amp; more.</p></blockquote><ul><li>One<ul><li>Two</li></ul></li></ul>"
    )
    body[0]["value"] += f"{nested}<hr><p>Line<br/>break, <b>b<i>i</i></b>, cafe\u0301 i\u0308.</p>"
    body[-1]["value"]["heading"] = "Open"
    next(block for block in body if block["type"] == "picture")["value"]["credit"] = "City of Altenried"
    body[6]["value"]["caption"] = "Filmed on Monday."
    return newsroom.publish(
        "Перехожання довгих заголовків",
        kicker="Transport",
        standfirst="Two of nine bearings failed & “held”.",
        dateline="Altenried",
        lead_image=picture,
        lead_alt="A bridge at noon",
        lead_caption="The bridge at noon.",
        based_on=[("Havas", "https://havas.example/1"), ("Post", "")],
        body=body,
        methods="<p>We counted.</p><p>Twice.</p>",
        sources=[
            {"title": "Report 12", "publisher": "City", "url": "https://city.example/12", "published_on": "2026-11-03"},
            {"title": "Talk", "publisher": "", "url": "", "published_on": "", "note": "By telephone."},
        ],
    )


def test_every_passage_stands_on_the_page_under_its_name_in_the_same_order(client, story):
    wanted = passages_of(story_data(story))

    shown = text_on(client.get(story.public_path).content.decode())

    assert len(wanted) > 30
    names = {one.name for one in wanted}
    assert {"byline-1", "based-on-1", "based-on-2", "dateline", "lead-credit"} <= names
    assert any(name.startswith("b-") and name.endswith("-credit") for name in names), "a credit written for one use"
    assert list(shown.passages) == wanted


def test_elements_read_without_drawing_them_say_what_the_text_says(client, story):
    soup = BeautifulSoup(client.get(story.public_path).content, "html.parser")
    text = Text(passages_of(story_data(story)))

    running = soup.select_one(".sf-run .sf-text")
    names = {name_of(element) for element in running.select("[id]")}
    own = Text(Passage(one.name, one.text) for one in text.passages if one.name in names)

    assert running.get_text().replace("\xa0", " ") == own.whole


def test_the_page_says_which_version_it_shows(client, newsroom, story):
    def shown():
        return BeautifulSoup(client.get(story.public_path).content, "html.parser").article["data-version"]

    assert shown() == "1"

    story.refresh_from_db()
    story.title, story.change_label, story.change_from = "Another headline", "update", 1
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)

    assert shown() == "2"


def test_the_line_at_the_end_says_how_and_has_one_link(client, newsroom):
    story = newsroom.publish()

    part = BeautifulSoup(client.get(story.public_path).content, "html.parser").select_one("[data-suggest]")
    for template in part.select("template"):
        template.decompose()

    assert part["data-suggest"] == story.suggest_path
    assert [link["href"] for link in part.select("a")] == [story.suggest_path]
    assert "Ctrl + Enter" in part.get_text()
    assert "Every correction is public." in part.get_text()
    assert part.select("[tabindex], button, input") == []


def test_own_text_leaves_out_what_another_passage_owns():
    soup = BeautifulSoup('<li id="p-a">One<ul><li id="p-b">Two</li></ul></li>', "html.parser")

    assert [own_text(element) for element in soup.select("li")] == ["One", "Two"]
