"""Words found again: on saved pages, in other versions, under hostile quotes, and never on other words."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from standfirst.kit.anchoring import NotPlaced, Passage, Place, Quote, Text, carry, normal, place, stayed
from standfirst.kit.letters import is_border
from tests.kit.marked import PAGES, cases_of, html_of, text_on

CASES = [pytest.param(page, case, id=f"{page}: {case['name']}") for page in PAGES for case in cases_of(page)]


@pytest.mark.parametrize(("page", "case"), CASES)
def test_words_marked_on_a_saved_page_are_found_where_they_stand(page, case):
    found = place(Quote(**case["quote"]), text_on(html_of(page)))

    wanted = case.get("place")
    if wanted is None:
        assert found == NotPlaced(case["why"])
    else:
        assert isinstance(found, Place)
        assert {name: getattr(found, name) for name in wanted} == wanted
        assert found.how in ({"fuzzy"} if wanted.get("how") else {"there", "elsewhere"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  two\u00a0 words\n", "two words"),
        ("Від\u00adнов\u00adлю", "Віднов\u200bлю".replace("\u200b", "")),
        ("cafe\u0301", "café"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("\u200eשלום\u200f", "שלום"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_normal_text_has_one_spelling(text, wanted):
    assert normal(text) == wanted
    assert normal(normal(text)) == wanted


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("ae\u0308b", [2]),
        ("👋🏽!", [1]),
        ("🇺🇦🇵🇱", [1, 3]),
        ("👨\u200d👩", [1, 2]),
        ("м\u0306а", [1]),
        ("\u1112\u1161\u11ab국", [1, 2]),
        ("שָׁ", [1, 2]),
        ("\n\u0301", []),
        ("☀\ufe0fx", [1]),
    ],
)
def test_letters_are_not_split(text, inside):
    assert [at for at in range(len(text) + 1) if not is_border(text, at)] == inside


def paragraphs(*texts: str) -> Text:
    return Text(Passage(f"p-{number}", text) for number, text in enumerate(texts))


def test_offsets_lead_both_ways():
    text = Text(
        [Passage("headline", "One"), Passage("empty", " "), Passage("p-a", "Two three"), Passage("p-b", "Four")]
    )
    found = place(Quote("three\nFour"), text)

    assert text.whole == "One\nTwo three\nFour"
    assert isinstance(found, Place)
    assert (found.block, found.start, found.end) == ("p-a", 4, 14)
    assert text.span(found) == (8, 18)
    assert text.words(found) == found.exact == "three\nFour"
    assert [(part.passage.name, part.words) for part in text.parts(found)] == [("p-a", "three"), ("p-b", "Four")]
    assert (found.prefix, found.suffix) == ("One\nTwo ", "")


def test_a_position_counts_only_where_the_words_really_stand():
    text = paragraphs("The mayor left and the mayor returned.")

    assert place(Quote("mayor", block="p-0", start=23), text).start == 23
    assert place(Quote("mayor", block="p-0", start=22), text) == NotPlaced("ambiguous")
    assert place(Quote("council", block="p-0", start=4), text) == NotPlaced("absent")


def test_surroundings_outweigh_a_position():
    text = paragraphs("The mayor left early, and the mayor returned.")

    found = place(Quote("mayor", prefix="early, and the ", suffix=" returned.", block="p-0", start=4), text)

    assert found.start == 30


def test_a_whole_word_is_no_part_of_another():
    text = paragraphs("He was to report on the quay.")

    assert place(Quote("port", prefix="at the ", suffix=" today"), text) == NotPlaced("absent")
    assert place(Quote("port", prefix="to re", suffix=" on"), text).start == 12


def test_in_another_version_a_lonely_word_needs_its_surroundings():
    quote = Quote("bridge", prefix="The council closed the ", suffix=" at noon.")
    other = paragraphs("Nobody has ever seen the end of that bridge by night.")

    assert place(quote, other).how == "elsewhere"
    assert place(quote, other, strict=True) == NotPlaced("absent")


def test_nearly_the_same_words_are_found_but_not_when_two_are_as_near():
    once = paragraphs("The ferry sails at nine on weekdays.", "Nothing else was said.")
    twice = paragraphs("The ferry sails at nine on weekdays.", "The ferry sails at five on weekdays.")

    found = place(Quote("The ferry sails at nin on weekdays"), once)

    assert (found.exact, found.how) == ("The ferry sails at nine on weekdays", "fuzzy")
    assert place(Quote("The ferry sails at n1ne on weekdays"), twice) == NotPlaced("ambiguous")


def test_words_keep_their_place_when_everything_around_them_changes():
    old = Text([Passage("headline", "Old"), Passage("p-a", "One two. Four hundred passengers waited on the quay.")])
    new = Text(
        [
            Passage("headline", "A new one"),
            Passage("p-z", "Added."),
            Passage("p-a", "But four hundred; no, by noon Four hundred passengers waited on the quay, we hear."),
        ]
    )

    found = carry(place(Quote("Four hundred passengers waited on the quay"), old), old, new)

    assert (found.block, found.start, found.how) == ("p-a", 30, "elsewhere")


def test_a_word_alone_keeps_its_place_only_in_company():
    old = paragraphs("The captain waited for hours. Then the pilot came on board.")
    marked = place(Quote("pilot"), old)

    near = carry(marked, old, paragraphs("The captain waited for five hours. Then the pilot came."))
    far = carry(marked, old, paragraphs("Who was to blame? A pilot? Nobody says."))

    assert (near.block, near.start) == ("p-0", 44)
    assert isinstance(far, NotPlaced)


def test_an_untouched_paragraph_keeps_repeated_words_apart():
    old = paragraphs("Yes. Yes. Yes.", "No.")
    new = paragraphs("Yes. Yes. Yes.", "No, it said.")
    second = place(Quote("Yes", block="p-0", start=5), old)

    found = carry(second, old, new)

    assert (found.block, found.start, found.how) == ("p-0", 5, "there")


def test_a_paragraph_under_another_name_is_still_that_paragraph():
    old = Text([Passage("p-a", "One two."), Passage("p-b", "Three four.")])
    new = Text([Passage("p-new", "Three four."), Passage("p-a", "One two.")])

    found = carry(place(Quote("four"), old), old, new)

    assert (found.block, found.start) == ("p-new", 6)


def test_words_cut_out_and_put_in_elsewhere_are_found_there():
    old = Text(
        [Passage("p-a", "Early on. The harbour office lets no passengers on board. Later on."), Passage("p-b", "End.")]
    )
    new = Text(
        [Passage("p-a", "Early on. Later on."), Passage("p-b", "End. The harbour office lets no passengers on board.")]
    )

    found = carry(place(Quote("office lets no passengers"), old), old, new)

    assert (found.block, found.exact) == ("p-b", "office lets no passengers")


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("The office counted 8,000 crates in May.", "changed"),
        ("The office counted exactly 7,000 wet crates in May.", "changed"),
        ("The office counted in May.", "absent"),
        ("It counted.", "absent"),
    ],
)
def test_changed_words_carry_nothing(now, why):
    old = paragraphs("The office counted 7,000 crates in May.")
    marked = place(Quote("7,000 crates"), old)

    assert carry(marked, old, paragraphs(now)) == NotPlaced(why)


def test_words_are_not_put_on_others_that_stood_elsewhere_before():
    old = paragraphs("The mayor spoke of the bridge.", "Boats pass below the bridge.")
    new = paragraphs("The mayor spoke.", "Boats pass below the bridge.")

    assert carry(place(Quote("bridge", block="p-0", start=23), old), old, new) == NotPlaced("absent")
    assert isinstance(carry(place(Quote("bridge", block="p-1", start=21), old), old, new), Place)


def test_of_two_equal_sentences_one_goes_and_nobody_guesses_which_is_left():
    old = paragraphs("So it was said. So it was said.")
    new = paragraphs("So it was said.")

    for start in (0, 16):
        assert isinstance(carry(place(Quote("said", block="p-0", start=start + 10), old), old, new), NotPlaced)


def test_a_place_that_is_not_in_the_old_text_is_not_carried():
    text = paragraphs("One two.")

    assert carry(Place("p-0", 0, 3, "Uno", "", "", "there"), text, text) == NotPlaced("absent")
    assert carry(Place("p-9", 0, 3, "One", "", "", "there"), text, text) == NotPlaced("absent")


def test_what_stayed_is_told_in_whole_words():
    before, now = "The mayor left town in May.", "The mayors left the town in May."

    assert [before[start:end] for start, end, _at in stayed(before, now)] == ["The ", " left", " town in May."]
    assert stayed("same", "same") == [(0, 4, 0)]
    assert stayed("", "new") == []


# Nothing a stranger sends takes long: the work is bounded, whatever the words are.


LONG = Text(
    Passage(f"p-{number}", " ".join(random.Random(number).choices(["ab", "a", "harbour", "mist", "the", "of"], k=90)))
    for number in range(120)
)


@pytest.mark.parametrize(
    "exact", ["a", "the", "ab " * 166, "a" * 500, "aab" * 160, "harbour mist " * 38, "x" * 100_000, "é" * 500]
)
def test_hostile_quotes_get_an_answer(exact):
    found = place(Quote(exact, prefix="a b " * 50_000, suffix="the " * 50_000, block="p-3", start=10**9), LONG)

    assert isinstance(found, NotPlaced)


# Random edits between a report and its decision ---------------------------------------------------

PLAIN = [f"w{number}" for number in range(400)]
WORDS = [
    "the",
    "mayor",
    "said",
    "7,000",
    "міст",
    "об’їзд",
    "👨\u200d👩\u200d👧",
    "шлях",
    "שלום",
    "м\u0306ак",
    "🇺🇦",
    "no",
]


@st.composite
def histories(draw, words: str, *, longest: int = 9):
    """A story as paragraphs of words, each with a number of its own; what was marked; the story after some edits.

    words: "distinct"; "usual", repeated as words of a language are; "worst", repeated so that it is hardest.
    """
    count = iter(range(10_000))
    usual = random.Random(draw(st.integers(0, 10**6)))

    def word():
        number = next(count)
        if words == "distinct":
            return number, PLAIN[number]
        return number, usual.choice(WORDS) if words == "usual" else draw(st.sampled_from(WORDS))

    story = [
        (f"p-{number}", [word() for _ in range(draw(st.integers(1, longest)))])
        for number in range(draw(st.integers(1, 5)))
    ]
    flat = [number for _name, words in story for number, _word in words]
    first = draw(st.integers(0, len(flat) - 1))
    marked = flat[first : first + draw(st.integers(1, 6))]
    edited = [(name, list(words)) for name, words in story]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(edited) - 1)) if edited else 0
        act = draw(st.sampled_from(["add", "take", "change", "new", "drop", "move", "rename", "split"]))
        if act == "new" or not edited:
            edited.insert(at, (f"p-n{next(count)}", [word() for _ in range(draw(st.integers(1, 4)))]))
            continue
        name, words = edited[at]
        where = draw(st.integers(0, len(words)))
        if act == "add":
            words[where:where] = [word() for _ in range(draw(st.integers(1, 3)))]
        elif act == "take":
            del words[where : where + draw(st.integers(1, 3))]
        elif act == "change" and where < len(words):
            words[where] = word()
        elif act == "drop":
            del edited[at]
        elif act == "move":
            edited.append(edited.pop(at))
        elif act == "rename":
            edited[at] = (f"p-r{next(count)}", words)
        elif act == "split":
            edited[at : at + 1] = [(name, words[:where]), (f"p-s{next(count)}", words[where:])]
    return story, marked, edited


def as_text(story) -> Text:
    return Text(Passage(name, " ".join(word for _number, word in words)) for name, words in story)


def spans(story, marked) -> list[tuple[int, int]]:
    """Where in the whole text the marked words stand, one after another and untouched: once or not at all."""
    at, starts, order = 0, {}, []
    for _name, words in story:
        for number, word in words:
            starts[number] = (at, at + len(normal(word)))
            order.append(number)
            at += len(normal(word)) + 1
    if marked[0] not in starts:
        return []
    index = order.index(marked[0])
    if order[index : index + len(marked)] != marked:
        return []
    return [(starts[marked[0]][0], starts[marked[-1]][1])]


def lineless(text: str) -> str:
    return text.replace("\n", " ")


def report(story, marked):
    text = as_text(story)
    ((start, end),) = spans(story, marked)
    return text, text.place(start, end)


_KEPT = [(1, "👨‍👩‍👧"), (2, "שלום"), (3, "об’їзд"), (4, "the"), (5, "mayor")]
# A word was taken out before them, and their last one doubled.
DOUBLED = (
    [("p-0", [(0, "міст"), *_KEPT, (6, "said")])],
    [2, 3, 4, 5, 6],
    [("p-r8", [*_KEPT, (7, "said"), (6, "said")])],
)


@settings(max_examples=400, deadline=None)
@given(histories("distinct"))
def test_whatever_is_edited_words_are_found_exactly_when_they_are_untouched(history):
    story, marked, edited = history
    old, meant = report(story, marked)
    new = as_text(edited)

    found = carry(meant, old, new)

    where = spans(edited, marked)
    is_same = where and lineless(new.whole[where[0][0] : where[0][1]]) == lineless(meant.exact)
    if isinstance(found, Place):
        assert [new.span(found)] == where
        assert lineless(new.words(found)) == lineless(meant.exact)
    elif is_same:
        # Honest only where a paragraph of it was taken apart and put in elsewhere: then it may be told by nothing.
        now = dict(edited)
        assert not all(words == now.get(name) for name, words in story if set(marked) & {one for one, _word in words})


@settings(max_examples=400, deadline=None)
@given(histories("usual", longest=60))
@example(DOUBLED)
def test_whatever_is_edited_repeated_words_are_never_put_on_others(history):
    story, marked, edited = history
    old, meant = report(story, marked)
    new = as_text(edited)

    found = carry(meant, old, new)

    if isinstance(found, Place):
        is_same = [part.passage.text for part in new.parts(found)] == [part.passage.text for part in old.parts(meant)]
        # Or nobody could tell: a word was doubled beside them, and on the other side is what was there before,
        around = found.prefix[-16:] == meant.prefix[-16:] or found.suffix[:16] == meant.suffix[:16]
        # or they begin or end with the very word that was marked.
        start, end = new.span(found)
        first, last = spans(edited, marked[:1]), spans(edited, marked[-1:])
        is_begun, is_ended = start in [at for at, _end in first], end in [at for _start, at in last]
        assert [(start, end)] == spans(edited, marked) or is_same or around or is_begun or is_ended


@settings(max_examples=400, deadline=None)
@given(histories("worst"))
def test_what_is_carried_is_what_was_marked_and_never_in_pieces(history):
    story, marked, edited = history
    old, meant = report(story, marked)
    new = as_text(edited)

    found = carry(meant, old, new)

    if isinstance(found, NotPlaced):
        assert found.why in {"absent", "ambiguous", "changed"}
        return
    start, end = new.span(found)
    assert lineless(new.words(found)) == lineless(found.exact) == lineless(meant.exact)
    assert is_border(new.whole, start)
    assert is_border(new.whole, end)


@settings(max_examples=300, deadline=None)
@given(histories("worst"), st.booleans())
def test_in_its_own_version_a_quote_with_its_position_is_always_there(history, is_squeezed):
    story, marked, _edited = history
    text, meant = report(story, marked)
    exact = meant.exact.replace("\n", "") if is_squeezed else meant.exact.replace("\n", "\n\n")
    assume(not is_squeezed or "\n" in meant.exact)

    found = place(Quote(exact, meant.prefix, meant.suffix, meant.block, meant.start, meant.end), text)

    assert isinstance(found, Place)
    assert text.span(found) == text.span(meant)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=60), st.text(max_size=10), st.integers(-5, 200))
@example(["\u0301", "\u0301a"], "\u0301", "", 0)
def test_anything_at_all_gets_an_answer_that_is_true(texts, exact, around, start):
    text = paragraphs(*texts)

    found = place(Quote(exact, around, around, "p-0", start), text)

    if isinstance(found, Place):
        begin, end = text.span(found)
        assert found.exact == text.whole[begin:end] != ""
        assert is_border(text.whole, begin)
        assert is_border(text.whole, end)
    else:
        assert found.why in {"empty", "absent", "ambiguous"}
