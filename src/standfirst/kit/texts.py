"""Texts made of named passages, and words in them: the terms in which `anchoring` speaks.

Everything counts code points, in the order in which they are read (standards AN-02, AN-03).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from standfirst.kit.letters import cut, cut_from_end, is_border

# As much as is kept of what stands around a quote (AN-02).
AROUND = 32

_WHITE = re.compile(r"\s+")
_WORDS = re.compile(r"\S+")
# Nobody sees them: soft hyphens, breaks without width, marks of direction. Joiners stay: they make other letters.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Passage:
    """One piece of a text with a name of its own: a paragraph, a caption, a cell."""

    name: str
    text: str


@dataclass(frozen=True)
class Quote:
    """What somebody marked. block, start and end say where she saw it: start counts from the beginning of the passage
    `block`, or, without one, of the whole text."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    block: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Place:
    """Where the words stand. start and end count from the beginning of the passage `block` in the whole text: words
    that run on into following passages end beyond it. how: "there", "elsewhere" or "fuzzy"."""

    block: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    how: str


@dataclass(frozen=True)
class NotPlaced:
    """why: "empty" (no words), "absent", "ambiguous" (in several places alike), "changed" (other words now)."""

    why: str


@dataclass(frozen=True)
class Part:
    """What of a place lies in one passage; start and end count in that passage."""

    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]


def normal(text: str) -> str:
    """NFC, every run of white space one space and none at the ends, nothing that cannot be seen."""
    return _WHITE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


class Text:
    """Passages in reading order. `whole` is their texts, one line each; empty passages are left out.

    Of two passages with one name, the name means the first.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        read = (replace(passage, text=normal(passage.text)) for passage in passages)
        self.passages: tuple[Passage, ...] = tuple(passage for passage in read if passage.text)
        self.whole = "\n".join(passage.text for passage in self.passages)
        # Where every passage begins in the whole.
        self.begins = [0, *accumulate(len(passage.text) + 1 for passage in self.passages)][: len(self.passages)]
        self.names: dict[str, int] = {}
        for index, passage in enumerate(self.passages):
            self.names.setdefault(passage.name, index)

    def passage(self, name: str) -> Passage | None:
        index = self.names.get(name)
        return None if index is None else self.passages[index]

    def begin(self, name: str) -> int | None:
        """Where the passage of this name begins in the whole."""
        index = self.names.get(name)
        return None if index is None else self.begins[index]

    def index_at(self, offset: int) -> int:
        """Which passage this place of the whole lies in; the line end after a passage counts to it."""
        return max(bisect_right(self.begins, offset) - 1, 0)

    def span(self, place: Place) -> tuple[int, int] | None:
        """Start and end in the whole; None where the text has no such passage or ends before."""
        begin = self.begin(place.block)
        if begin is None or begin + place.end > len(self.whole):
            return None
        return begin + place.start, begin + place.end

    def words(self, place: Place) -> str:
        """What stands at that place in this text, whatever the place says; '' where there is none."""
        span = self.span(place)
        return "" if span is None else self.whole[span[0] : span[1]]

    def place(self, start: int, end: int, how: str = "there") -> Place:
        """The place from start to end of the whole, with what surrounds it."""
        index = self.index_at(start)
        begin = self.begins[index] if self.begins else 0
        return Place(
            block=self.passages[index].name if self.passages else "",
            start=start - begin,
            end=end - begin,
            exact=self.whole[start:end],
            prefix=cut_from_end(self.whole[max(0, start - 2 * AROUND) : start], AROUND),
            suffix=cut(self.whole[end : end + 2 * AROUND], AROUND),
            how=how,
        )

    def parts(self, place: Place) -> list[Part]:
        """The place passage by passage, such as an editor changes them; empty when it is not in this text."""
        span = self.span(place)
        spread = [] if span is None else self.spread(*span)
        return [Part(self.passages[index], start, end) for index, start, end in spread]

    def spread(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """A stretch of the whole, passage by passage: index, start and end in that passage."""
        out = []
        for index in range(self.index_at(start), len(self.passages)):
            begin = self.begins[index]
            if begin >= end:
                break
            first, last = max(start - begin, 0), min(end - begin, len(self.passages[index].text))
            if first < last:
                out.append((index, first, last))
        return out

    # For looking things up: the same length as the whole, and the whole without white space.

    @cached_property
    def flat(self) -> str:
        return self.whole.replace("\n", " ")

    @cached_property
    def _words(self) -> tuple[list[int], list[int]]:
        """Where every word begins in the whole, and in the whole without white space."""
        spans = [match.span() for match in _WORDS.finditer(self.whole)]
        return [start for start, _end in spans], [0, *accumulate(end - start for start, end in spans)]

    @cached_property
    def tight(self) -> str:
        return unspaced(self.whole)

    def tightened(self, offset: int) -> int:
        """A place of the whole, counted without white space."""
        wide, narrow = self._words
        index = bisect_right(wide, offset) - 1
        return 0 if index < 0 else min(narrow[index] + offset - wide[index], narrow[index + 1])

    def _loosened(self, tight: int) -> int:
        wide, narrow = self._words
        index = bisect_right(narrow, tight) - 1
        return wide[index] + tight - narrow[index]

    def find(self, words: str) -> list[tuple[int, int]]:
        """Every place of the whole where exactly these normal words stand, no letter split.

        Between two passages a client may have put any white space or none: there, and only there, it does not count.
        """
        found = [(at, at + len(words)) for at in _all(words, self.flat)]
        if not found:
            found = list(self._across(words))
        return [span for span in found if is_border(self.whole, span[0]) and is_border(self.whole, span[1])]

    def _across(self, words: str) -> Iterator[tuple[int, int]]:
        letters = unspaced(words)
        for at in _all(letters, self.tight) if letters else ():
            start, end = self._loosened(at), self._loosened(at + len(letters) - 1) + 1
            if _is_same_but_for_borders(words, self.whole[start:end]):
                yield start, end


def _all(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def unspaced(text: str) -> str:
    return _WHITE.sub("", text)


def _is_same_but_for_borders(words: str, lines: str) -> bool:
    at = 0
    for char in lines:
        if char == "\n":
            at += words[at : at + 1] == " "
        elif words[at : at + 1] == char:
            at += 1
        else:
            return False
    return at == len(words)
