"""Soft hyphens for long Cyrillic words, for browsers that bring no dictionary of the language.

A break without a hyphen reads as two words. Ukrainian lets a word be parted between its syllables, and a cluster of
consonants anywhere (Ukrainian orthography of 2019, § 49): we part before the last consonant that a vowel follows.
"""

import re

SOFT_HYPHEN = "\u00ad"
LONG_WORD_LETTERS = 12
# Fewer letters on either side look like a slip.
FEWEST_BEFORE, FEWEST_AFTER = 5, 4
_VOWELS = "аеєиіїоуюяыэё"
_CONSONANTS = "бвгґджзйклмнпрстфхцчшщ"
_WORD = re.compile(rf"[а-яєіїґё][а-яєіїґё’ʼ']{{{LONG_WORD_LETTERS - 1},}}", re.IGNORECASE)
# Not between the two letters of one sound (дж, дз), and not before them: they may be two after all (під-земний).
_BREAK = re.compile(rf"(?<=[{_VOWELS}{_CONSONANTS}ьъ])(?<!д(?=[жз]))(?=[{_CONSONANTS}][{_VOWELS}])", re.IGNORECASE)


def part_long_words(text: str) -> str:
    """The text with soft hyphens in its long Cyrillic words; everything else as it is."""
    return _WORD.sub(_parted, text)


def _parted(found: re.Match[str]) -> str:
    word = found[0]
    if word.isupper() or SOFT_HYPHEN in word:
        return word
    last = len(word) - FEWEST_AFTER
    breaks = [at for match in _BREAK.finditer(word) if FEWEST_BEFORE <= (at := match.start()) <= last]
    ends = [*breaks, len(word)]
    return SOFT_HYPHEN.join(word[begin:end] for begin, end in zip([0, *breaks], ends, strict=True))
