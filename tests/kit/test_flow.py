"""Taking elements out of a tree of HTML."""

import pytest
from lxml import html

from standfirst.kit.flow import drop


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Ferry <b>X</b>late</p>", "<p>Ferry late</p>"),
        ("<p><b>X</b>late</p>", "<p>late</p>"),
        ("<p><i>So</i> <b>X</b>late</p>", "<p><i>So</i> late</p>"),
        ("<p>Ferry<b>X</b></p>", "<p>Ferry</p>"),
    ],
)
def test_an_element_goes_and_the_words_after_it_stay(before, after):
    tree = html.fragment_fromstring(before)
    element = tree.find("b")

    drop(element)

    assert html.tostring(tree, encoding="unicode") == after
    assert (element.text, element.tail) == ("X", None)


def test_a_tree_is_not_dropped_from_itself():
    tree = html.fragment_fromstring("<p>Ferry</p>")

    drop(tree)

    assert html.tostring(tree, encoding="unicode") == "<p>Ferry</p>"
