"""What the desk should look at first: proposed from where the words stand and what the suggestion would change.

A proposal only: an editor changes it with one key. Knows English and Ukrainian words for "not" and for dates; figures
and names it tells by their form, in any language that has capital letters.
"""

from __future__ import annotations

import re

from standfirst.corrections.models import Case
from standfirst.stories.passages import is_credit

GRAVE_PLACES = frozenset({"headline", "standfirst"})

_WORD = re.compile(r"\d[\d.,:%\u00a0\u202f]*|[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*|[%$€£₴]")
_QUANTITY = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+|\d+[.,]\d+|\d+%|\d+")
_YEAR_OR_CLOCK = re.compile(r"(?:1[5-9]|20)\d\d|\d{1,2}:\d\d")
_SENTENCE_ENDS = re.compile(r"[.!?…:«“„\"(]\s*$")

_NEGATIONS = frozenset(
    re.findall(
        r"\S+",
        """not no never none nobody nothing nowhere neither nor without cannot
        не ні ніколи ніхто нічого ніде жоден жодна жодне жодного жодної без нема немає""",
    )
)
_DATES = frozenset(
    re.findall(
        r"\S+",
        """january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow
        січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
        січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
        понеділок вівторок середа середу четвер п’ятниця п’ятницю субота суботу неділя неділю
        вчора сьогодні завтра""",
    )
)


def gravity_of(*, block: str, exact: str, wording: str, prefix: str = "") -> Case.Gravity:
    """The gravity of one suggestion.

    wording: the better words, or "" when none were given. prefix: what stands before the words, which tells whether a
    sentence begins with them; "" at the beginning of a passage.
    """
    if block in GRAVE_PLACES:
        return Case.Gravity.GRAVE
    if is_credit(block):
        return Case.Gravity.FACT
    old, new = _words(exact, prefix), _words(wording, prefix)
    if wording.strip():
        was, now = {word.casefold() for word, _capital in old}, {word.casefold() for word, _capital in new}
        old = [(word, capital) for word, capital in old if word.casefold() not in now]
        new = [(word, capital) for word, capital in new if word.casefold() not in was]
        if any(_is_quantity(word) for word, _capital in (*old, *new)):
            return Case.Gravity.GRAVE
    return Case.Gravity.FACT if any(_is_fact(word, capital) for word, capital in (*old, *new)) else Case.Gravity.SMALL


def _words(text: str, prefix: str) -> list[tuple[str, bool]]:
    """Words in their order, and whether each is written large though no sentence begins with it."""
    found = []
    for match in _WORD.finditer(text):
        before = prefix.rpartition("\n")[2] + text[: match.start()]
        begins = not before.strip() or bool(_SENTENCE_ENDS.search(before))
        word = match[0].rstrip(".,:")
        found.append((word, word[:1].isupper() and not begins))
    return found


def _is_quantity(word: str) -> bool:
    return word in {"%", "$", "€", "£", "₴"} or bool(_QUANTITY.fullmatch(word) and not _YEAR_OR_CLOCK.fullmatch(word))


def _is_fact(word: str, is_name: bool) -> bool:
    small = word.casefold().replace("'", "’").replace("ʼ", "’")
    is_negation = small in _NEGATIONS or small.endswith("n’t")
    return is_name or word[:1].isdigit() or is_negation or small in _DATES or (word.isupper() and len(word) > 1)
