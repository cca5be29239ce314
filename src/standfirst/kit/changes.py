"""What changed between two published texts, sentence by sentence, and what such a change is usually called.

Pure: passages in, a proposal out. It decides nothing; it spares an editor the obvious, and makes her choose where the
newsroom's word was wrong: a number, date, name, quotation or negation changed inside a sentence that was out already
(CO-03). Knows English and Ukrainian; in other languages numbers, names and quotations still count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from standfirst.kit.factwords import (
    ABBREVIATIONS,
    DATES,
    NEGATIONS,
    NOT_PREFIXES,
    NUMBER_STEMS,
    NUMBERS,
    SMALL,
    STARTERS,
)

# What happened to a sentence, or to what is no sentence.
SPELLING, FACT, ADDED, REMOVED, REWRITTEN, ORDER, OTHER = (
    "spelling", "fact", "added", "removed", "rewritten", "order", "other",
)  # fmt: skip
# Which fact.
NUMBER, DATE, NAME, QUOTATION, NEGATION = "number", "date", "name", "quotation", "negation"

TYPO, CORRECTION, CLARIFICATION, UPDATE = "typo", "correction", "clarification", "update"

_NOTES = {
    "en": ("An earlier version said “{old}”. It is “{new}”.", "An earlier version also said: “{old}”."),
    "uk": ("У попередній версії було: «{old}». Правильно: «{new}».", "У попередній версії було також: «{old}»."),
}
_FOLD = str.maketrans(
    dict.fromkeys("“”„«»‟″", '"')
    | dict.fromkeys("’‘ʼ‛′`", "'")
    | dict.fromkeys("–—‑−―", "-")
    | {"\u00a0": " ", "…": "..."}
)
_TOKEN = re.compile(
    r"\d{1,3}(?:[ \u202f]\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*|[^\w\s]|_"
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“«„(\[]*[\w—–-])")
_UNITS = frozenset("%‰€$£₴°")
# As alike as two spellings of one word.
_ALIKE = 0.7
_ALIKE_FORM = 0.5
_SAME_SENTENCE = 0.4
_MOST_CONTEXT_WORDS = 2
_MOST_NOTED = 3
_MOST_WORDS_NOTED = 30


class Passage(Protocol):
    """A run of words with its name, as kit.anchoring has it."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Change:
    """One thing that changed. what: of a fact, which sort. said, says: as little of it as tells the difference."""

    kind: str
    passage: str
    old: str = ""
    new: str = ""
    what: tuple[str, ...] = ()
    said: str = ""
    says: str = ""


@dataclass(frozen=True)
class Proposal:
    """What the change may be called. label "" with `must_choose`: only an editor can say; `facts` tells why."""

    label: str
    must_choose: bool
    facts: tuple[str, ...]
    note: str
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not self.changes


@dataclass(frozen=True)
class _Sentence:
    passage: str
    text: str
    folded: str
    # Whether it begins inside a quotation that an earlier sentence opened.
    quoted: bool = False


@dataclass(frozen=True)
class _Token:
    text: str
    quoted: bool
    start: int
    end: int
    is_first: bool


def proposal(
    old: Sequence[Passage], new: Sequence[Passage], *, language: str = "en", others: Iterable[Change] = ()
) -> Proposal:
    """Compare two texts and propose a label.

    others: changes of what is no running text (another picture, another byline), as the caller found them.
    """
    changes = (*_changes(old, new), *others)
    facts = tuple(dict.fromkeys(what for change in changes if change.kind == FACT for what in change.what))
    kinds = {change.kind for change in changes}
    if not kinds or facts:
        label = ""
    elif kinds <= {SPELLING, ORDER}:
        label = TYPO
    elif REMOVED in kinds and not kinds & {ADDED, OTHER}:
        label = CLARIFICATION
    else:
        label = UPDATE
    return Proposal(label, bool(facts), facts, _note(changes, language, label), changes)


def _note(changes: Sequence[Change], language: str, label: str) -> str:
    said, also = _NOTES.get(language.split("-")[0], _NOTES["en"])
    lines = [said.format(old=one.said, new=one.says) for one in changes if one.kind == FACT and one.said and one.says]
    lines += [also.format(old=one.said) for one in changes if one.kind == FACT and one.said and not one.says]
    if not lines and label == CLARIFICATION:
        lines = [also.format(old=_short(one.old)) for one in changes if one.kind == REMOVED]
    return " ".join(dict.fromkeys(lines[:_MOST_NOTED]))


def fold(text: str) -> str:
    """A text without the differences of typography: quotation marks, dashes, apostrophes, spaces."""
    return " ".join(text.translate(_FOLD).split())


def sentences(text: str) -> list[str]:
    """Cut at the ends of sentences; not after initials and the usual abbreviations."""
    found, start = [], 0
    for match in _END.finditer(text):
        before = re.search(r"([^\W\d_]+)\.$", text[start : match.end()].rstrip().rstrip("\"'”’»)]"))
        word = before[1] if before else ""
        if match.group()[0] == "." and (len(word) == 1 or word.lower() in ABBREVIATIONS):
            continue
        if text[match.end() : match.end() + 1].islower():
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [one for one in found if one]


def _sentences(passages: Sequence[Passage]) -> list[_Sentence]:
    found = []
    for passage in passages:
        is_quoted = False
        for text in sentences(passage.text):
            folded = fold(text)
            found.append(_Sentence(passage.name, text, folded, is_quoted))
            if folded.count('"') % 2:
                is_quoted = not is_quoted
    return found


def _changes(old: Sequence[Passage], new: Sequence[Passage]) -> list[Change]:
    # Passages that are the same, letter for letter, need no second look.
    same = {(one.name, one.text) for one in old} & {(one.name, one.text) for one in new}
    order = [one.name for one in old if (one.name, one.text) in same]
    is_moved = order != [one.name for one in new if (one.name, one.text) in same]
    before = _sentences([one for one in old if (one.name, one.text) not in same])
    after = _sentences([one for one in new if (one.name, one.text) not in same])
    changes: list[Change] = []
    removed: list[_Sentence] = []
    added: list[_Sentence] = []
    matcher = SequenceMatcher(None, [one.folded for one in before], [one.folded for one in after], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for was, now in zip(before[a:b], after[c:d], strict=True):
                if was.text != now.text:
                    changes.append(Change(SPELLING, now.passage, was.text, now.text))
                if was.quoted != now.quoted:
                    changes.append(Change(FACT, now.passage, was.text, now.text, (QUOTATION,), _short(was.text)))
            continue
        pairs = _pairs(before[a:b], after[c:d])
        olds, news = {one for one, _ in pairs}, {two for _, two in pairs}
        changes += [_compared(before[a + one], after[c + two]) for one, two in pairs]
        removed += [sentence for at, sentence in enumerate(before[a:b]) if at not in olds]
        added += [sentence for at, sentence in enumerate(after[c:d]) if at not in news]
    moved = Counter(one.folded for one in removed) & Counter(one.folded for one in added)
    if is_moved or moved:
        changes.append(Change(ORDER, ""))
    gone, come = Counter(moved), Counter(moved)
    for sentence in removed:
        if gone[sentence.folded] > 0:
            gone[sentence.folded] -= 1
        else:
            changes.append(Change(REMOVED, sentence.passage, sentence.text, said=_short(sentence.text)))
    for sentence in added:
        if come[sentence.folded] > 0:
            come[sentence.folded] -= 1
        else:
            changes.append(Change(ADDED, sentence.passage, new=sentence.text, says=_short(sentence.text)))
    return changes


def _pairs(before: Sequence[_Sentence], after: Sequence[_Sentence]) -> list[tuple[int, int]]:
    """Which new sentence is which old one, in order."""
    bags = [Counter(_words(one.folded)) for one in before]
    others = [Counter(_words(one.folded)) for one in after]
    pairs: list[tuple[int, int]] = []
    first = 0
    for at, bag in enumerate(bags):
        best, where = _SAME_SENTENCE, -1
        # A rewritten long text is compared near by only.
        near = at * len(others) // max(len(bags), 1)
        for other in range(max(first, near - 25), min(len(others), near + 25)):
            shared = sum((bag & others[other]).values())
            alike = 2 * shared / max(sum(bag.values()) + sum(others[other].values()), 1)
            if before[at].passage == after[other].passage and len(bags) == len(others) == 1:
                # The only sentence of a headline or a cell, however short.
                alike = max(alike, _SAME_SENTENCE + 0.01)
            if alike > best:
                best, where = alike, other
        if where >= 0:
            pairs.append((at, where))
            first = where + 1
    return pairs


def _words(folded: str) -> list[str]:
    return [word.lower() for word in _TOKEN.findall(folded) if word[0].isalnum()]


def _tokens(sentence: _Sentence) -> list[_Token]:
    found, is_quoted, is_first = [], sentence.quoted, True
    for match in _TOKEN.finditer(sentence.folded):
        word = match.group()
        if word == '"':
            is_quoted = not is_quoted
        found.append(_Token(word, is_quoted or word == '"', match.start(), match.end(), is_first))
        if word[0].isalnum():
            is_first = False
    return found


def _compared(was: _Sentence, now: _Sentence) -> Change:
    old, new = _tokens(was), _tokens(now)
    matcher = SequenceMatcher(None, [_key(one) for one in old], [_key(one) for one in new], autojunk=False)
    what: list[str] = []
    is_spelling, is_longer = True, True
    runs = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    for kind, a, b, c, d in runs:
        lost, found = old[a:b], new[c:d]
        if kind == "insert":
            what += _of_insertion(found)
            is_spelling = is_spelling and _is_respelled([], found)
        else:
            what += _of_replacement(lost, found)
            is_longer = is_longer and all(_is_mark(one) for one in lost)
            is_spelling = is_spelling and _is_respelled(lost, found)
    facts = tuple(dict.fromkeys(what))
    said, says = _told(was, now, old, new, runs)
    if facts:
        return Change(FACT, now.passage, was.text, now.text, facts, said, says)
    sort = SPELLING if is_spelling else ADDED if is_longer else REWRITTEN
    return Change(sort, now.passage, was.text, now.text, (), said, says)


def _key(token: _Token) -> str:
    return number(token.text) if token.text[0].isdigit() else token.text.lower()


def number(text: str) -> str:
    """One spelling for a number, however its thousands are set apart: 1 200, 1,200 and 1200; 1,5 and 1.5."""
    bare = text.replace(" ", "").replace("\u202f", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare):
        return bare.replace(",", "")
    return bare.replace(",", ".")


def _is_mark(token: _Token) -> bool:
    return not token.text[0].isalnum() and token.text not in _UNITS and token.text != '"'


def _sort(token: _Token) -> str:
    """Which fact a word is, or ""."""
    word = token.text.lower()
    if word[0].isdigit() or word in _UNITS or _is_number_word(word) or word.startswith(NUMBER_STEMS):
        return NUMBER
    if word in DATES:
        return DATE
    if word in NEGATIONS or word.endswith("n't"):
        return NEGATION
    if token.text[0].isupper() and not (token.is_first and word in STARTERS):
        return NAME
    return ""


def _is_number_word(word: str) -> bool:
    """Also with a hyphen: sixty-one."""
    return any(part in NUMBERS for part in word.split("-"))


def _is_vocabulary(token: _Token) -> bool:
    word = token.text.lower()
    return _is_number_word(word) or word in DATES or word in NEGATIONS


def _of_insertion(found: Sequence[_Token]) -> list[str]:
    """Words put into a sentence only add to it, unless they turn it round or stand in somebody's mouth."""
    what = [NEGATION for one in found if _sort(one) == NEGATION]
    return what + [QUOTATION for one in found if one.quoted and not _is_mark(one)]


def _of_replacement(lost: Sequence[_Token], found: Sequence[_Token]) -> list[str]:
    what = []
    if any(one.quoted and not _is_mark(one) for one in (*lost, *found)):
        what.append(QUOTATION)
    if _letters(lost) == _letters(found):
        # The same words, joined or parted.
        return what
    if len(lost) == len(found) == 1:
        one, two = lost[0], found[0]
        if _turned(one.text.lower(), two.text.lower()):
            return [*what, NEGATION]
        # “Monady” was never a day: a slip of the pen, though Monday is one.
        known = [_is_vocabulary(token) for token in (one, two)]
        if known.count(True) == 1 and _alike(one.text, two.text):
            return what
        if one.is_first and not _is_name_at_start(one, two):
            return what + [kind for kind in (_sort(one), _sort(two)) if kind not in ("", NAME)]
    for kind in (NUMBER, DATE, NAME, NEGATION):
        olds = Counter(_key(one) for one in lost if _sort(one) == kind)
        news = Counter(_key(one) for one in found if _sort(one) == kind)
        if olds != news:
            what.append(kind)
    return what


def _is_name_at_start(one: _Token, two: _Token) -> bool:
    """Whether the first words of two sentences, capital anyway, may be names: all but the usual first words."""
    words = {one.text.lower(), two.text.lower()}
    return one.text[0].isupper() and two.text[0].isupper() and not words & STARTERS


def _turned(one: str, two: str) -> bool:
    """Whether a word became its own opposite: known, unknown; відомо, невідомо; did, didn't."""
    short, long = sorted((one, two), key=len)
    return len(short) > 2 and (any(long == prefix + short for prefix in NOT_PREFIXES) or long == f"{short}n't")


def _is_respelled(lost: Sequence[_Token], found: Sequence[_Token]) -> bool:
    """Whether the words are the same ones, written otherwise."""
    olds = [one.text.lower() for one in lost if not _is_mark(one)]
    news = [one.text.lower() for one in found if not _is_mark(one)]
    if _letters(lost) == _letters(found):
        return True
    if len(olds) + len(news) == 1:
        return (olds + news)[0] in SMALL
    return len(olds) == len(news) and all(_alike(one, two) for one, two in zip(olds, news, strict=True))


def _letters(tokens: Sequence[_Token]) -> str:
    return "".join(one.text.lower().replace("-", "") for one in tokens if not _is_mark(one))


def _alike(one: str, two: str) -> bool:
    one, two = one.lower(), two.lower()
    if max(len(one), len(two)) <= 3:
        return sorted(one) == sorted(two) or (
            len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 1
        )
    ratio = SequenceMatcher(None, one, two, autojunk=False).ratio()
    # “Shaked” for “shook”: a form the language does not have.
    is_form = one[:2] == two[:2] and one.endswith("ed") != two.endswith("ed")
    return ratio >= (_ALIKE_FORM if is_form else _ALIKE)


def _told(
    was: _Sentence, now: _Sentence, old: list[_Token], new: list[_Token], runs: Sequence[tuple[str, int, int, int, int]]
) -> tuple[str, str]:
    """As little of both sentences as tells the difference: the changed words and a word or two around them."""
    if not runs:
        return "", ""
    first_old, last_old, first_new, last_new = runs[0][1], runs[-1][2], runs[0][3], runs[-1][4]
    for _ in range(_MOST_CONTEXT_WORDS):
        if first_old > 0 and first_new > 0 and not _is_mark(old[first_old - 1]):
            first_old, first_new = first_old - 1, first_new - 1
        if last_old < len(old) and last_new < len(new) and not _is_mark(old[last_old]):
            last_old, last_new = last_old + 1, last_new + 1
    return _cut(was, old, first_old, last_old), _cut(now, new, first_new, last_new)


def _cut(sentence: _Sentence, tokens: Sequence[_Token], first: int, last: int) -> str:
    if first >= last:
        return ""
    # In the typography it was printed in, where folding kept every letter in its place.
    source = sentence.text if len(sentence.text) == len(sentence.folded) else sentence.folded
    return _short(source[tokens[first].start : tokens[last - 1].end].strip(' ,;:"“”«»„'))


def _short(text: str) -> str:
    words, text = text.split(), text.rstrip(".")
    return text if len(words) <= _MOST_WORDS_NOTED else " ".join(words[:_MOST_WORDS_NOTED]) + " …"
