"""Where a text says nearly the same as a quote: search with errors, in time that hostile words cannot stretch.

An error is a code point more, less or other (Levenshtein). Every code point of the text costs one step on whole
numbers as long as the quote, in bits: Myers, "A fast bit-vector algorithm for approximate string matching" (1999).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Near:
    """A stretch of the text that is near the quote."""

    start: int
    end: int
    errors: int


def near(quote: str, text: str, *, most_errors: int, most_found: int = 12) -> list[Near]:
    """The nearest stretches with at most so many errors, the nearest first; no two of them overlap."""
    if not quote:
        return []
    ends = [
        (errors, end) for end, errors in enumerate(_distances(quote, text, anywhere=True), 1) if errors <= most_errors
    ]
    ends.sort()
    found: list[Near] = []
    for errors, end in ends:
        if any(one.start < end <= one.end for one in found):
            continue
        start = end - _reach(quote[::-1], text[max(0, end - len(quote) - errors) : end][::-1])
        if start < end and not any(one.start < end and start < one.end for one in found):
            found.append(Near(start, end, errors))
            if len(found) == most_found:
                break
    return found


def errors_between(words: str, others: str) -> int:
    """How many errors make the one of the other (Levenshtein distance)."""
    count = len(words)
    for count in _distances(words, others, anywhere=False) if words else range(1, len(others) + 1):  # noqa: B007
        pass
    return count


def likeness(words: str, text: str) -> float:
    """How much of words the text begins with: 1.0 when it begins with all of them, 0.0 with nothing alike."""
    if not words:
        return 0.0
    if text.startswith(words):
        return 1.0
    fewest = min(_distances(words, text, anywhere=False), default=len(words))
    return max(0.0, 1 - fewest / len(words))


def _reach(words: str, text: str) -> int:
    """How far from its beginning the text is nearest to the words; of equals, the stretch that is as long as they."""
    found = enumerate(_distances(words, text, anywhere=False), 1)
    ranked = ((distance, abs(length - len(words)), length) for length, distance in found)
    return min(ranked, default=(0, 0, 0))[2]


def _distances(words: str, text: str, *, anywhere: bool) -> Iterator[int]:
    """For every end in the text: the errors of the nearest stretch that ends there.

    anywhere: that stretch may begin anywhere; else it begins where the text does.
    """
    length = len(words)
    full, high = (1 << length) - 1, 1 << (length - 1)
    where: dict[str, int] = {}
    for at, char in enumerate(words):
        where[char] = where.get(char, 0) | 1 << at
    plus, minus, errors, first = full, 0, length, 0 if anywhere else 1
    for char in text:
        same = where.get(char, 0)
        down = same | minus
        across = (((same & plus) + plus) ^ plus) | same
        more = minus | (full & ~(across | plus))
        less = plus & across
        if more & high:
            errors += 1
        elif less & high:
            errors -= 1
        more = (more << 1 | first) & full
        plus = (less << 1 & full) | (full & ~(down | more))
        minus = more & down
        yield errors
