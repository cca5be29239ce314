"""Letters as people see them: where one ends and the next begins (UAX 29, extended grapheme clusters)."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_FLAGS = ("\U0001f1e6", "\U0001f1ff")


def is_border(text: str, at: int) -> bool:
    """Whether a letter ends at this place: between the code points at - 1 and at.

    Accents, emoji variants and skin colours belong to what is before them; joiners hold both sides together; flags
    are pairs; Korean syllables may be written in up to three parts.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after < "\u0300" and before != _JOINER:
        return True
    if _extends(after):
        # White space carries no accent: what stands after it stands alone.
        return before.isspace()
    if before == _JOINER:
        return after.isspace()
    if _FLAGS[0] <= after <= _FLAGS[1]:
        return _flags_before(text, at) % 2 == 0
    return not _is_one_syllable(before, after)


def cut(text: str, limit: int) -> str:
    """At most limit code points from the beginning, no letter split."""
    while not is_border(text, limit):
        limit -= 1
    return text[: max(limit, 0)]


def cut_from_end(text: str, limit: int) -> str:
    """At most limit code points before the end, no letter split."""
    at = max(len(text) - limit, 0)
    while not is_border(text, at):
        at += 1
    return text[at:]


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _FLAGS[0] <= text[at - 1 - count] <= _FLAGS[1]:
        count += 1
    return count


def _is_one_syllable(before: str, after: str) -> bool:
    """Korean: a leading consonant, a vowel, a trailing consonant, or a syllable that is written whole and goes on."""
    if "\u1100" <= before <= "\u115f":
        return "\u1100" <= after <= "\u11a7" or "\uac00" <= after <= "\ud7a3"
    if "\u1160" <= before <= "\u11a7" or ("\uac00" <= before <= "\ud7a3" and (ord(before) - 0xAC00) % 28 == 0):
        return "\u1160" <= after <= "\u11ff"
    if "\u11a8" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3":
        return "\u11a8" <= after <= "\u11ff"
    return False
