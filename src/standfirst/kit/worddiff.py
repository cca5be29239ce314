"""The difference between two texts, word by word, for people who compare them.

Long texts are compared passage by passage first: what kept its name or its words is found at once, and only what is
left is compared by word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond this many words the comparison takes longer than anybody waits; the rest is shown as it is.
MOST_WORDS = 6000


@dataclass(frozen=True)
class Piece:
    """A run of words. kind: same, old (only in the first text) or new (only in the second)."""

    kind: str
    words: str


def word_difference(old: str, new: str, *, most: int = MOST_WORDS) -> list[Piece]:
    """What is in both, what only in the first and what only in the second, in reading order."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, before[:most], after[:most], autojunk=len(before) + len(after) > 2000)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(before[a:b])))
            continue
        if b > a:
            pieces.append(Piece("old", " ".join(before[a:b])))
        if d > c:
            pieces.append(Piece("new", " ".join(after[c:d])))
    if before[most:] == after[most:]:
        return [*pieces, Piece("same", " ".join(before[most:]))] if before[most:] else pieces
    rest = [("old", before[most:]), ("new", after[most:])]
    return [*pieces, *(Piece(kind, " ".join(words)) for kind, words in rest if words)]


@dataclass(frozen=True)
class Difference:
    """A passage that is not what it was. old or new is None where it was not there."""

    name: str
    old: str | None
    new: str | None

    @property
    def pieces(self) -> list[Piece]:
        return word_difference(self.old or "", self.new or "")

    def shortened(self, around: int = 25) -> list[Piece]:
        """Its pieces, with no more than so many unchanged words on either side of a change."""
        return shortened(self.pieces, around)


def passage_differences(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], *, alike: float = 0.4
) -> list[Difference]:
    """What differs between two texts of named passages, in the order of the new one.

    A passage is the same if it kept its name; else if it kept its words under another name (it was only moved, or its
    names were made anew); else if it shares enough words with one that went. What is left was added or taken out.
    """
    before, after = dict(old), dict(new)
    came_from: dict[str, str] = {name: name for name in after if name in before}
    gone = [name for name, _text in old if name not in after]
    come = [name for name, _text in new if name not in before]
    by_text: defaultdict[str, list[str]] = defaultdict(list)
    for name in gone:
        by_text[before[name]].append(name)
    for name in come:
        if by_text[after[name]]:
            came_from[name] = by_text[after[name]].pop(0)
    taken = set(came_from.values())
    left = [name for name in gone if name not in taken]
    words = {name: set(before[name].split()) for name in left}
    for name in [name for name in come if name not in came_from]:
        mine = set(after[name].split())
        best = max(left, key=lambda one: _share(words[one], mine), default=None)
        if best is not None and _share(words[best], mine) >= alike:
            came_from[name] = best
            left.remove(best)
    return list(_in_order(old, new, came_from, set(left)))


def _in_order(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], came_from: dict[str, str], left: set[str]
) -> Iterable[Difference]:
    """Changed and added passages where they stand; what was taken out after what it followed."""
    before = dict(old)
    following: defaultdict[str, list[str]] = defaultdict(list)
    kept = ""
    for name, _text in old:
        if name in left:
            following[kept].append(name)
        else:
            kept = name
    for name in following[""]:
        yield Difference(name, before[name], None)
    for name, text in new:
        source = came_from.get(name)
        was = before[source] if source is not None else None
        if was != text:
            yield Difference(name, was, text)
        for one in following[source] if source else []:
            yield Difference(one, before[one], None)


def _share(one: set[str], other: set[str]) -> float:
    """How much two sets of words have in common: 0 nothing, 1 everything."""
    return len(one & other) / len(one | other) if one or other else 0.0


def shortened(pieces: Sequence[Piece], around: int = 25) -> list[Piece]:
    """Without the middle of long runs that did not change; an ellipsis stands for what is left out."""
    found = []
    for number, piece in enumerate(pieces):
        words = piece.words.split(" ")
        first, last = number == 0, number == len(pieces) - 1
        if piece.kind != "same" or len(words) <= around * (1 if first or last else 2) + 5:
            found.append(piece)
        elif first and last:
            found.append(Piece("same", " ".join(words[:around]) + " …"))
        elif first:
            found.append(Piece("same", "… " + " ".join(words[-around:])))
        elif last:
            found.append(Piece("same", " ".join(words[:around]) + " …"))
        else:
            found.append(Piece("same", " ".join(words[:around]) + " … " + " ".join(words[-around:])))
    return found


def sides(pieces: Iterable[Piece]) -> tuple[str, str]:
    """What it said and what it says now, each as one text."""
    shown = list(pieces)
    old = " ".join(piece.words for piece in shown if piece.kind != "new")
    new = " ".join(piece.words for piece in shown if piece.kind != "old")
    return old, new
