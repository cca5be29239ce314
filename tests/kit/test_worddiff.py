"""Differences that people can read, by passage first and then by word."""

import random

import pytest

from standfirst.kit.worddiff import Piece, passage_differences, shortened, sides, word_difference


def differing(old, new):
    return [(one.name, one.old, one.new) for one in passage_differences(old, new)]


OLD = [("headline", "A bridge is closed"), ("p-a", "Nine bearings failed."), ("p-b", "It opens in May.")]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, []),
        ([OLD[0], ("p-a", "Two bearings failed."), OLD[2]], [("p-a", "Nine bearings failed.", "Two bearings failed.")]),
        ([OLD[0], OLD[2]], [("p-a", "Nine bearings failed.", None)]),
        ([*OLD, ("p-c", "More.")], [("p-c", None, "More.")]),
        # Moved, or given another name: no word of it changed.
        ([OLD[0], OLD[2], OLD[1]], []),
        ([OLD[0], ("p-x", "Nine bearings failed."), OLD[2]], []),
        (
            [OLD[0], ("p-x", "Two bearings failed."), ("p-y", "It opens in May.")],
            [("p-x", "Nine bearings failed.", "Two bearings failed.")],
        ),
        ([], [(name, text, None) for name, text in OLD]),
    ],
)
def test_passages_are_compared_with_what_they_were(new, expected):
    assert differing(OLD, new) == expected


def test_what_was_taken_out_stands_where_it_stood():
    new = [OLD[0], ("p-a", "Two bearings failed.")]

    assert [one.name for one in passage_differences(OLD, new)] == ["p-a", "p-b"]


@pytest.mark.parametrize("seed", range(40))
def test_either_side_can_be_read_back_from_the_pieces(seed):
    chosen = random.Random(seed)
    words = ["the", "bridge", "міст", "is", "9", "closed,", "now", "𐍈", "e\u0301"]
    old, new = (" ".join(chosen.choice(words) for _ in range(chosen.randrange(0, 60))) for _side in range(2))

    assert sides(word_difference(old, new)) == (old, new)


def test_a_long_run_that_stayed_is_cut_and_a_change_never_is():
    long = " ".join(f"w{number}" for number in range(200))

    pieces = shortened(word_difference(f"{long} nine bearings {long}", f"{long} two bearings {long}"), 5)

    assert pieces == [
        Piece("same", "… w195 w196 w197 w198 w199"),
        Piece("old", "nine"),
        Piece("new", "two"),
        Piece("same", "bearings w0 w1 w2 w3 …"),
    ]


def test_a_long_story_is_compared_passage_by_passage_and_not_as_one_text():
    old = [(f"p-{number}", f"Paragraph {number} says {number * 7} words. " * 30) for number in range(800)]
    new = [(name, text.replace("Paragraph 400 says", "Paragraph 400 said")) for name, text in old]

    [one] = passage_differences(old, new)

    assert one.name == "p-400"
    assert {piece.words for piece in one.pieces if piece.kind != "same"} == {"says", "said"}
