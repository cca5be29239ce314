"""Words that somebody meant, found again in a text: exactly there, exactly elsewhere, nearly, or not at all.

A text is a row of named passages. A quote is what was marked, with its surroundings (W3C Web Annotation Data Model,
TextQuoteSelector); where it stood is a hint and no more. Everything counts code points, in the order in which they are
read (standards AN-02, AN-03). What is not certain is not placed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate

from standfirst.kit.approximate import errors_between, likeness, near
from standfirst.kit.letters import is_border
from standfirst.kit.texts import AROUND, NotPlaced, Part, Passage, Place, Quote, Text, normal, unspaced

__all__ = [
    "NotPlaced",
    "Part",
    "Passage",
    "Place",
    "Quote",
    "Text",
    "carry",
    "normal",
    "place",
    "stayed",
]

# AN-06, after the method of the Hypothesis client; floor and margin are ours.
QUOTE, PREFIX, SUFFIX, POSITION = 50, 20, 20, 2
FLOOR = 0.75
MARGIN = 0.10
MOST_ERRORS = 256
# Words that stand in more places than this are told apart by equal surroundings only.
_MANY = 200
# Beyond these the search for what is nearly the same would take longer than anybody waits.
_LONGEST_NEAR = 1000
_NEAR_AMONG = 150_000

_PIECES = re.compile(r"\w+|\s|[^\w\s]")
# Longer passages are compared without their commonest words.
_MOST_PIECES = 4000


def place(quote: Quote, text: Text, *, strict: bool = False) -> Place | NotPlaced:
    """Find the words of a quote in a text. Its position and block are hints: they count where the words really stand.

    Exactly at the place given; exactly elsewhere, when they stand there once or surroundings and hints clearly tell
    one from the others; nearly the same words (how="fuzzy": show both, they may say something else); else NotPlaced.

    strict: the text may be another version than the quote was made on. Then even words that stand there only once must
    have surroundings like those of the quote: they may be others, left over where the meant ones have gone. Where both
    versions are at hand, place it in the first and `carry` it instead.
    """
    words = normal(quote.exact)
    if not words:
        return NotPlaced("empty")
    if len(words) > len(text.whole) + MOST_ERRORS:
        return NotPlaced("absent")
    look = _Look(quote, text)
    spans = [span for span in text.find(words) if look.fits(span)]
    if spans:
        return look.exact(spans, strict=strict)
    return look.nearly(words)


class _Look:
    """One search: what the quote says of its surroundings and its place, in the terms of the text."""

    def __init__(self, quote: Quote, text: Text) -> None:
        self.text = text
        # The nearest letters only, from a client that sends a whole page along.
        self.prefix = unspaced(normal(quote.prefix[-8 * AROUND :]))[-2 * AROUND :]
        self.suffix = unspaced(normal(quote.suffix[: 8 * AROUND]))[: 2 * AROUND]
        begin = text.begin(quote.block)
        self.block = None if begin is None else text.index_at(begin)
        self.start: int | None = None
        if begin is not None:
            self.start = begin + (quote.start or 0)
        elif quote.start is not None and not quote.block:
            self.start = quote.start
        self.is_exact = quote.start is not None
        # The quote says that it begins, or ends, with a whole word.
        self.begins_word = bool(quote.prefix) and not (quote.prefix[-1] + quote.exact[:1]).isalnum()
        self.ends_word = bool(quote.suffix) and not (quote.exact[-1:] + quote.suffix[0]).isalnum()

    def fits(self, span: tuple[int, int]) -> bool:
        """Whether these are whole words where those of the quote are: “port” is no part of “report”."""
        whole = self.text.whole
        return not (
            (self.begins_word and _is_inside_a_word(whole, span[0]))
            or (self.ends_word and _is_inside_a_word(whole, span[1]))
        )

    def exact(self, spans: list[tuple[int, int]], *, strict: bool) -> Place | NotPlaced:
        there = [span for span in spans if self.is_exact and span[0] == self.start]
        if len(spans) > _MANY:
            spans = [span for span in spans if self._is_surrounded(span)] or there
        if not spans:
            return NotPlaced("ambiguous")
        scored = sorted(((self.score(*span), span) for span in spans), reverse=True)
        if strict and (self.prefix or self.suffix):
            scored = [one for one in scored if one[0] >= FLOOR]
            if not scored:
                return NotPlaced("absent")
        span = self._clear(scored, there)
        if span is None:
            return NotPlaced("ambiguous")
        return self.text.place(*span, how="there" if span in there else "elsewhere")

    def _clear(
        self, scored: list[tuple[float, tuple[int, int]]], there: list[tuple[int, int]]
    ) -> tuple[int, int] | None:
        best = scored[0][0]
        alike = [span for score, span in scored if best - score < MARGIN]
        if len(alike) == 1:
            return alike[0]
        if there and there[0] in alike:
            return there[0]
        inside = [span for span in alike if self.text.index_at(span[0]) == self.block]
        return inside[0] if len(inside) == 1 else None

    def nearly(self, words: str) -> Place | NotPlaced:
        if len(words) > _LONGEST_NEAR:
            return NotPlaced("absent")
        whole, shift = self.text.flat, 0
        if len(whole) > _NEAR_AMONG:
            shift = min(max((self.start or 0) - _NEAR_AMONG // 2, 0), len(whole) - _NEAR_AMONG)
            whole = whole[shift : shift + _NEAR_AMONG]
        scored = []
        for one in near(words, whole, most_errors=min(MOST_ERRORS, len(words) // 2)):
            start, end = _in_whole_words(self.text.flat, one.start + shift, one.end + shift)
            if start < end:
                errors = errors_between(words, self.text.flat[start:end])
                scored.append((self.score(start, end, max(0.0, 1 - errors / len(words))), (start, end)))
        scored = sorted((one for one in scored if one[0] >= FLOOR), reverse=True)
        if not scored:
            return NotPlaced("absent")
        if len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN:
            return NotPlaced("ambiguous")
        return self.text.place(*scored[0][1], how="fuzzy")

    def score(self, start: int, end: int, quote: float = 1.0) -> float:
        """From 0 to 1: how well words, surroundings and position fit. What the quote does not say does not count."""
        got, of = QUOTE * quote, float(QUOTE)
        if self.prefix:
            tight = self.text.tightened(start)
            before = self.text.tight[max(0, tight - 2 * len(self.prefix)) : tight]
            got, of = got + PREFIX * likeness(self.prefix[::-1], before[::-1]), of + PREFIX
        if self.suffix:
            tight = self.text.tightened(end)
            after = self.text.tight[tight : tight + 2 * len(self.suffix)]
            got, of = got + SUFFIX * likeness(self.suffix, after), of + SUFFIX
        if self.start is not None:
            away = abs(start - self.start) / max(len(self.text.whole), 1)
            got, of = got + POSITION * max(0.0, 1 - away), of + POSITION
        return got / of

    def _is_surrounded(self, span: tuple[int, int]) -> bool:
        """Whether what stands around it is what the quote says, to the letter."""
        start, end = (self.text.tightened(offset) for offset in span)
        tight = self.text.tight
        return (
            bool(self.prefix or self.suffix)
            and tight.endswith(self.prefix, 0, start)
            and tight.startswith(self.suffix, end)
        )


def carry(place: Place, old: Text, new: Text) -> Place | NotPlaced:
    """Where words of one version of a text stand in another one, through the real difference of the two.

    They keep their place as long as nobody touched them, whatever was changed around them and wherever their paragraph
    went; but a word or two only where some of what surrounds them stayed as well. Words that were cut out and put in
    elsewhere are found there when their surroundings came along.

    A passage whose own words were changed carries nothing: NotPlaced("changed"), however small the change was, for what
    was said about the old words may not be true of the new ones; show both. "absent": nothing of it is left.
    "ambiguous": the same words stand around there more than once, and nothing tells which of them were meant.
    It never lands on words that stood elsewhere in the old version already.
    """
    span = old.span(place)
    if span is None or old.whole[span[0] : span[1]] != place.exact or not place.exact:
        return NotPlaced("absent")
    ways = _Ways(old, new)
    parts = old.spread(*span)
    found = ways.through(parts, place.exact)
    if found is not None and ways.are_untouched(parts):
        return ways.at(place, found)
    words = normal(place.exact)
    # Nothing before it: the beginning of the text, and so of a word.
    look = _Look(Quote(place.exact, place.prefix or "\n", place.suffix or "\n"), new)
    rivals = [one for one in new.find(words) if one != found and look.fits(one) and not ways.is_settled(one)]
    if found is None:
        rivals = [other for other in rivals if not ways.came_from_old(other)]
        if len(rivals) > _MANY:
            return NotPlaced("ambiguous")
        scored = sorted(((look.score(*other), other) for other in rivals), reverse=True)
        if not scored or scored[0][0] < FLOOR:
            is_there = ways.is_something_left(parts) or isinstance(look.nearly(words), Place)
            return NotPlaced("changed" if is_there else "absent")
        found, rivals = scored[0][1], [other for _score, other in scored[1:]]
    if len(words) < AROUND and look.score(*found) < FLOOR:
        # A word or two of a passage that was written anew.
        return NotPlaced("changed")
    if len(rivals) > _MANY or not ways.is_clear(place, span, found, rivals, look):
        return NotPlaced("ambiguous")
    return ways.at(place, found)


class _Ways:
    """From one version to another: which passage became which, and which runs of it stayed."""

    def __init__(self, old: Text, new: Text) -> None:
        self.old, self.new = old, new
        self.pairs = _pairs(old, new)
        self.back = {there: here for here, there in self.pairs.items()}
        self._runs: dict[int, list[tuple[int, int, int]]] = {}

    def runs(self, index: int) -> list[tuple[int, int, int]]:
        """Of a passage that has a pair: the runs that stayed, as start and end before and start now."""
        if index not in self._runs:
            before, now = self.old.passages[index].text, self.new.passages[self.pairs[index]].text
            self._runs[index] = stayed(before, now)
        return self._runs[index]

    def is_same(self, index: int) -> bool:
        return index in self.pairs and self.old.passages[index].text == self.new.passages[self.pairs[index]].text

    def are_untouched(self, parts: list[tuple[int, int, int]]) -> bool:
        return all(self.is_same(index) for index, _start, _end in parts)

    def through(self, parts: list[tuple[int, int, int]], exact: str) -> tuple[int, int] | None:
        """The span in the new whole when every part stayed and nothing came between them."""
        ends = []
        for index, start, end in parts:
            if index not in self.pairs:
                return None
            begin = self.new.begins[self.pairs[index]]
            run = next((run for run in self.runs(index) if run[0] <= start and end <= run[1]), None)
            if run is None:
                return None
            ends.append((begin + run[2] + start - run[0], begin + run[2] + end - run[0]))
        span = ends[0][0], ends[-1][1]
        whole = self.new.whole
        is_whole = is_border(whole, span[0]) and is_border(whole, span[1])
        return span if is_whole and whole[span[0] : span[1]] == exact else None

    def is_something_left(self, parts: list[tuple[int, int, int]]) -> bool:
        """Whether part of the words stayed, or others came in their stead."""
        for index, start, end in parts:
            if index not in self.pairs:
                continue
            runs = self.runs(index)
            if any(run[0] < end and start < run[1] for run in runs):
                return True
            # Taken out and nothing put in: the runs around it have closed up.
            before = max((run[2] + run[1] - run[0] for run in runs if run[1] <= start), default=0)
            length = len(self.new.passages[self.pairs[index]].text)
            after = min((run[2] for run in runs if run[0] >= end), default=length)
            if self.new.passages[self.pairs[index]].text[before:after].strip():
                return True
        return False

    def is_settled(self, span: tuple[int, int]) -> bool:
        """Whether these words of the new version lie in passages that are the same as before."""
        return all(
            index in self.back and self.is_same(self.back[index]) for index, _start, _end in self.new.spread(*span)
        )

    def came_from_old(self, span: tuple[int, int]) -> bool:
        """Whether any of these words of the new version stood somewhere in the old one already."""
        for index, start, end in self.new.spread(*span):
            if index not in self.back:
                continue
            for first, last, now in self.runs(self.back[index]):
                begin, stop = max(start, now), min(end, now + last - first)
                if begin < stop and self.new.passages[index].text[begin:stop].strip():
                    return True
        return False

    def is_clear(
        self,
        place: Place,
        span: tuple[int, int],
        found: tuple[int, int],
        rivals: list[tuple[int, int]],
        look: _Look,
    ) -> bool:
        """Whether the surroundings fit this pair of places clearly better than any other pair."""
        own = look.score(*found)
        if any(own - look.score(*rival) < MARGIN for rival in rivals):
            return False
        before = [
            other
            for other in self.old.find(normal(place.exact))
            if other != span and not all(self.is_same(index) for index, _start, _end in self.old.spread(*other))
        ]
        if len(before) > _MANY:
            return False
        for other in before:
            twin = self.old.place(*other)
            if own - _Look(Quote(twin.exact, twin.prefix, twin.suffix), self.new).score(*found) < MARGIN:
                return False
        return True

    def at(self, place: Place, span: tuple[int, int]) -> Place:
        found = self.new.place(*span)
        is_there = (found.block, found.start) == (place.block, place.start)
        return found if is_there else replace(found, how="elsewhere")


def _pairs(old: Text, new: Text) -> dict[int, int]:
    """Which passage of the old text is which of the new one, by index: by name, else by words that stand once."""
    pairs = {index: new.names[name] for name, index in old.names.items() if name in new.names}
    taken = set(pairs.values())
    left: dict[str, list[int]] = {}
    for index, passage in enumerate(old.passages):
        if index not in pairs:
            left.setdefault(passage.text, []).append(index)
    came: dict[str, list[int]] = {}
    for index, passage in enumerate(new.passages):
        if index not in taken:
            came.setdefault(passage.text, []).append(index)
    pairs |= {here[0]: came[text][0] for text, here in left.items() if len(here) == 1 == len(came.get(text, ()))}
    return pairs


def stayed(before: str, now: str) -> list[tuple[int, int, int]]:
    """The runs of whole words that both texts have in the same order: start and end before, start now."""
    if before == now:
        return [(0, len(before), 0)]
    head = _same(before, now)
    while head and _is_inside_a_word(before, head) | _is_inside_a_word(now, head):
        head -= 1
    most = min(len(before), len(now)) - head
    tail = min(_same(before[::-1], now[::-1]), most)
    while tail and _is_inside_a_word(before, len(before) - tail) | _is_inside_a_word(now, len(now) - tail):
        tail -= 1
    runs = [(0, head, 0)] if head else []
    old = _PIECES.findall(before[head : len(before) - tail])
    new = _PIECES.findall(now[head : len(now) - tail])
    here, there = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    matcher = SequenceMatcher(_is_space, old, new, autojunk=len(old) + len(new) > _MOST_PIECES)
    for first, second, size in matcher.get_matching_blocks():
        if size:
            runs.append((head + here[first], head + here[first + size], head + there[second]))
    if tail:
        runs.append((len(before) - tail, len(before), len(now) - tail))
    return _joined(runs)


def _same(one: str, other: str) -> int:
    """How many code points both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _joined(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    out: list[tuple[int, int, int]] = []
    for start, end, now in runs:
        if out and out[-1][1] == start and out[-1][2] + out[-1][1] - out[-1][0] == now:
            out[-1] = (out[-1][0], end, out[-1][2])
        else:
            out.append((start, end, now))
    return out


def _is_space(piece: str) -> bool:
    return piece == " "


def _is_inside_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and (not is_border(text, at) or (text[at - 1].isalnum() and text[at].isalnum()))


def _in_whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space at its ends, and with the words whole that it would have split."""
    while start < end and text[start] == " ":
        start += 1
    while start < end and text[end - 1] == " ":
        end -= 1
    while _is_inside_a_word(text, start):
        start -= 1
    while _is_inside_a_word(text, end):
        end += 1
    return start, end
