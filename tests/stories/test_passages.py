"""The words of a story as named passages: from any version, and under the same names on the page."""

from __future__ import annotations

import pytest

from standfirst.stories.passages import passages_of, text_of_version

pytestmark = pytest.mark.django_db


def named(data) -> dict[str, str]:
    return {passage.name: passage.text for passage in passages_of(data)}


def test_every_part_has_a_name_and_stands_in_reading_order():
    data = {
        "kicker": "Harbour",
        "headline": "Ferry stays",
        "standfirst": "Two of seven.",
        "dateline": "KYIV",
        "bylines": [{"name": "Vira", "note": ""}, {"name": "Petro", "note": "in Odesa"}],
        "based_on": [{"name": "Havas", "url": "https://x.example/"}],
        "lead": {"caption": "Seen from the mole.", "credit": "Olena"},
        "body": [
            {"type": "text", "id": "t", "value": '<p data-block-key="aaa">A&amp;B <b>c<i>d</i></b><br/>e</p><hr>'},
            {"type": "picture", "id": "p", "value": {"image": 3, "caption": "One"}},
            {"type": "picture", "id": "gone", "value": {"image": None, "caption": "Never shown"}},
            {
                "type": "gallery",
                "id": "g",
                "value": {
                    "heading": "",
                    "pictures": [
                        {"type": "item", "id": "x", "value": {"image": 4, "caption": ""}},
                        {"type": "item", "id": "y", "value": {"image": 5, "caption": "Two"}},
                    ],
                },
            },
            {
                "type": "table",
                "id": "tb",
                "value": {
                    "caption": "Tests",
                    "note": "Counted.",
                    "table": {
                        "columns": [{"type": "text", "heading": "What"}, {"type": "number", "heading": ""}],
                        "rows": [{"values": ["Pumps", "2"]}],
                    },
                },
            },
            {"type": "fact_box", "id": "f", "value": {"heading": "Facts", "text": "<p>No key</p>"}},
            {"type": "embed", "id": "e", "value": {"url": "https://x.com/1", "title": "A post", "caption": "Cap"}},
            {"type": "file", "id": "d", "value": {"document": 1, "label": "The report"}},
            {"type": "update_note", "id": "u", "value": {"at": "", "text": '<p data-block-key="uuu">New</p>'}},
            {"type": "unknowns", "id": "q", "value": {"heading": "", "items": ["Who?", "When?"]}},
        ],
        "sources": [{"title": "Report", "publisher": "City", "url": "", "published_on": "2026", "note": ""}],
        "methods": '<ul><li data-block-key="mmm">We <a href="/x/">asked</a></li></ul>',
    }

    assert named(data) == {
        "kicker": "Harbour",
        "headline": "Ferry stays",
        "standfirst": "Two of seven.",
        "byline-1": "Vira",
        "byline-2": "Petro",
        "byline-2-note": "in Odesa",
        "based-on-1": "Havas",
        "dateline": "KYIV",
        "lead-caption": "Seen from the mole.",
        "lead-credit": "Olena",
        "p-aaa": "A&B cd e",
        "b-p-caption": "One",
        "b-g-2-caption": "Two",
        "b-tb-caption": "Tests",
        "b-tb-0-1": "What",
        "b-tb-1-1": "Pumps",
        "b-tb-1-2": "2",
        "b-tb-note": "Counted.",
        "b-f-heading": "Facts",
        "b-f-p1": "No key",
        "b-e-title": "A post",
        "b-e-caption": "Cap",
        "b-d-label": "The report",
        "p-uuu": "New",
        "b-q-1": "Who?",
        "b-q-2": "When?",
        "source-1-publisher": "City",
        "source-1-title": "Report",
        "p-mmm": "We asked",
    }
    assert list(named(data))[:4] == ["kicker", "headline", "standfirst", "byline-1"]
    assert list(named(data))[7:10] == ["dateline", "lead-caption", "lead-credit"]


@pytest.mark.parametrize("data", [{}, {"body": None, "lead": None}, {"body": ["x", {"type": "table", "value": None}]}])
def test_a_story_with_nothing_in_it_has_no_passage(data):
    assert passages_of(data) == []


def test_words_within_a_list_within_a_list_are_counted_once():
    html = '<ul><li data-block-key="aa">One<ul><li data-block-key="bb">Two</li></ul> three</li></ul>'
    quote = '<blockquote data-block-key="cc"><p data-block-key="dd">Said.</p></blockquote>'

    found = named({"body": [{"type": "text", "id": "t", "value": html + quote}]})

    assert found == {"p-aa": "One three", "p-bb": "Two", "p-dd": "Said."}


def test_a_version_can_be_asked_long_after_and_a_withheld_one_says_nothing(newsroom):
    story = newsroom.publish("A bridge is closed", standfirst="Two bearings failed.")
    version = story.public_versions.get()

    assert text_of_version(version).whole.startswith("A bridge is closed\nTwo bearings failed.\n")

    version.text.delete()
    version.refresh_from_db()

    assert text_of_version(version) is None
