"""How a demo story is written down."""

import datetime as dt

import pytest

from standfirst.ops.demo.markup import WrongText, blocks, front_matter, html, with_dates

WEDNESDAY = dt.date(2026, 3, 4)


def test_text_becomes_rich_text():
    text = "A **bold** and an *italic* word, [a link](https://example.org/?a=1&b=2).\n\n## Why & how\n\n- one\n- two"

    assert html(text) == (
        "<p>A <b>bold</b> and an <i>italic</i> word, "
        '<a href="https://example.org/?a=1&amp;b=2">a link</a>.</p>'
        "<h2>Why &amp; how</h2><ul><li>one</li><li>two</li></ul>"
    )


def test_quotes_and_numbered_lists():
    assert html("> Said so.\n>\n> A person") == "<blockquote>Said so. – A person</blockquote>"
    assert html("1. first\n2. second") == "<ol><li>first</li><li>second</li></ol>"


def test_a_link_to_a_story_needs_the_story():
    assert html("[there](story:one)", {"one": 7}) == '<p><a linktype="page" id="7">there</a></p>'
    assert html("[there](story:two)", {"one": 7}) == "<p>there</p>"


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("en", "{d-4}, {on+2}, {From+5}, {w+0}", "28 February, on Friday, From Monday, Wednesday"),
        ("uk", "{d-4}, {on+2}, {From+5}, {w+0}", "28 лютого, у п’ятницю, З понеділка, середа"),
    ],
)
def test_dates_count_from_the_day_of_publication(language, written, read):
    assert with_dates({"a": [written]}, WEDNESDAY, language) == {"a": [read]}


def test_blocks_stand_between_texts():
    text = 'One.\n\n::: fact_box\nheading = "H"\ntext = "T"\n:::\n\nTwo.'

    assert blocks(text) == [("text", "One."), ("fact_box", {"heading": "H", "text": "T"}), ("text", "Two.")]


def test_a_wrong_file_is_named_by_what_is_wrong():
    with pytest.raises(WrongText, match="front matter"):
        front_matter("No front matter.")
    with pytest.raises(WrongText, match="ends with a line"):
        blocks('::: fact_box\nheading = "H"\n')
