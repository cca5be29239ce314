"""The difference between two texts, word by word, for people who compare them."""

from __future__ import annotations

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
