"""Right to left: the same page turned round is its own mirror image, box by box, and never wider than the window."""

import pytest

from tests.browser.paper import KINDS

#: Where a box begins and what it is lined with, seen from the side on which its lines begin.
BOXES = """direction => {
    document.documentElement.dir = direction;
    const width = document.documentElement.clientWidth, begin = direction === 'rtl' ? 'Right' : 'Left',
        end = direction === 'rtl' ? 'Left' : 'Right';
    return [...document.querySelectorAll('body *')].flatMap(element => {
        const style = getComputedStyle(element), box = element.getBoundingClientRect();
        // A logo, a picture and an address are what they are; what stands inside a line goes with its words, also what
        // is only read aloud.
        if (/^(inline|none|contents)/.test(style.display) || !box.width) return [];
        if (element.closest('.sf-address, .sf-aloud')) return [];
        const lined = edge => parseFloat(style['padding' + edge]) + parseFloat(style['border' + edge + 'Width']);
        const name = element.tagName.toLowerCase() + [...element.classList].map(c => '.' + c).join('');
        return [[name, Math.round(direction === 'rtl' ? width - box.right : box.left), Math.round(box.width),
            Math.round(box.top), lined(begin), lined(end), style.textAlign.replace('-webkit-', ''), style.float]];
    });
}"""


@pytest.fixture(scope="module")
def pages(paper):
    """The largest page of every kind in English, whose words are as long in both directions."""
    found = [sorted(paper.of_kind(kind), key=lambda path: -len(paper.pages[path].body))[:1] for kind in KINDS]
    return [path for paths in found for path in paths]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_turned_round_is_its_own_mirror_image(visit, pages, width):
    visitor = visit(width=width)
    assert len(pages) == len(KINDS)
    for path in pages:
        page = visitor.open(path)
        page.evaluate("document.fonts.ready")

        there, back = page.evaluate(BOXES, "ltr"), page.evaluate(BOXES, "rtl")

        assert len(there) > 20, path
        off = [
            (one, other)
            for one, other in zip(there, back, strict=True)
            if one[:1] + one[4:] != other[:1] + other[4:]
            or any(abs(a - b) > 1 for a, b in zip(one[1:4], other[1:4], strict=True))
        ]
        assert off == [], path
        assert [box for box in back if box[6] in {"left", "right"} or box[7] != "none"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_margin_stands_on_the_side_where_lines_begin(visit, paper):
    page = visit(width=1280).open(paper.of_kind("story")[0])
    edges = """direction => {
        document.documentElement.dir = direction;
        const box = name => document.querySelector(name).getBoundingClientRect();
        return [box('.sf-facts').left, box('.sf-facts').right, box('.sf-headline').left, box('.sf-headline').right];
    }"""

    margin_left, margin_right, left, right = page.evaluate(edges, "ltr")
    assert margin_left < margin_right < left < right
    margin_left, margin_right, left, right = page.evaluate(edges, "rtl")
    assert left < right < margin_left < margin_right
