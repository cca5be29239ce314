"""Rich text that is the desk's own passes letter for letter; everything else is cleaned."""

import pytest

from standfirst.kit.passage import as_passage, is_passage

OURS = [
    "",
    "<p>Words &amp; more, 2 > 1</p>",
    '<p data-block-key="ab1-x">One<br/>two<br></p><hr/>',
    '<h2 data-block-key="k">Head</h2><ul><li data-block-key="l"><b>x</b></li></ul>',
    '<p><a linktype="page" id="12">here</a> <a href="https://example.org/?a=1&amp;b=2">there</a></p>',
    '<p><a href="/about/">about</a> <a href="mailto:desk@example.org">write</a></p>',
]
THEIRS = [
    "<script>alert(1)</script>",
    "<p onclick=\"x()\">a</p>",
    "<p onclick='x()'>a</p>",
    "<p/onclick=x()>a</p>",
    '<a href="javascript:x()">a</a>',
    '<a href="java&#115;cript:x()">a</a>',
    '<a href=" &#9;javascript:x()">a</a>',
    "<a href=javascript:x()>a</a>",
    '<p id="1">a</p>',
    "<img src=x onerror=x()>",
    "<svg><p>a</svg>",
    "<!-- --><p>a</p>",
    "<p>a<",
    "<P>a</P>",
    '<p style="x">a</p>',
    "<p>a\0</p>",
    "<p a=\"<script>\">",
    "<noscript><p title=\"</noscript><script>x()</script>\">",
]  # fmt: skip


@pytest.mark.parametrize("html", OURS)
def test_what_the_desk_writes_stays_letter_for_letter(html):
    assert is_passage(html)
    assert as_passage(html) == (html, False)


@pytest.mark.parametrize("html", THEIRS)
def test_everything_else_is_cleaned(html):
    assert not is_passage(html)
    made, was_cleaned = as_passage(html)
    assert was_cleaned
    for sign in ("script", "onclick", "onerror", "<svg", "<img", "style"):
        assert sign not in made
