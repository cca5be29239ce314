"""Words taken out of texts, markup and data, wherever and however they are written there.

Found are the words as they are read: in any case, with any white space between them, with tags, entities or letters
that nobody sees inside of them. Whole words only: “port” is not found in “report”. What is left of a quotation at
whose edge the words were cut is found too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from typing import Any

# The way to a text in data, the first of its letters and the one behind the last, as JSON keeps them.
Place = list[Any]
# Words, and the letters that stand before and behind them.
Piece = list[str]
AROUND = 40
# As kit.texts: soft hyphens, breaks without width, marks of direction.
_UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
# Markup within a paragraph; words are looked for in one paragraph at a time.
_INLINE = r"<(?!/?(?:p|h[1-6]|li|ul|ol|blockquote|hr|div|section|table|t[dhr])\b)[^>]*>"
_BETWEEN = rf"(?:[{_UNSEEN}]|&(?:shy|zwnj|lrm|rlm|#173|#8203);|{_INLINE})*"
_SPACE = rf"(?:[\s{_UNSEEN}]|&(?:nbsp|thinsp|#160|#xa0);|{_INLINE})+"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_SAYING = re.compile(r"""\b(?:alt|title|href)=(?:"[^"]*|'[^']*)$""")
# Fields of stories and their parts whose values are no words of the story.
STRUCTURE = frozenset(
    {
        *(
            "id",
            "pk",
            "type",
            "slug",
            "url_path",
            "path",
            "public_path",
            "translation_key",
            "language",
            "kind",
            "section",
        ),
        *("tags", "source_kind", "file", "image", "document", "linktype", "change_label", "label_shown"),
    }
)
# So few letters at the cut edge of a quotation say nothing.
LEAST_LETTERS = 3


def forms_of(text: str) -> list[str]:
    """The words of a form, one form a line, as they are looked for; the longest first. [] of nothing."""
    lines = {" ".join(unicodedata.normalize("NFC", unescape(line)).split()) for line in text.splitlines()}
    return sorted((line for line in lines if line), key=lambda line: (-len(line), line))


class Mask:
    """Puts a marker where words stood. forms: the words, in each form in which they may stand (`forms_of`)."""

    def __init__(self, forms: Iterable[str], marker: str) -> None:
        self.forms = sorted({form for form in forms if form.strip()}, key=lambda form: (-len(form), form))
        self.marker = marker
        # Another letter than the two could make it be found again.
        pattern = "|".join(_pattern(form) for form in self.forms) or r"(?!)"
        self._pattern = re.compile(pattern, re.IGNORECASE)

    def finds(self, value: Any) -> bool:
        """Whether the words stand anywhere in a text or in data."""
        if isinstance(value, dict):
            return any(name not in STRUCTURE and self.finds(one) for name, one in value.items())
        if isinstance(value, list | tuple):
            return any(self.finds(one) for one in value)
        if not isinstance(value, str):
            return False
        inner = _inner(value)
        return self.text(value) != value if inner is None else self.finds(inner)

    def text(self, text: str) -> str:
        """A text, plain or with markup, with the marker in place of the words; tags within them stay."""
        found = unicodedata.normalize("NFC", text)
        tags = [match.span() for match in _TAG.finditer(found)]
        masked, count, done = [], 0, 0
        for match in self._pattern.finditer(found):
            if match.start() < done or not _is_said(found, match.start(), tags):
                continue
            masked += [found[done : match.start()], self.marker, *_TAG.findall(match.group())]
            done, count = match.end(), count + 1
        return "".join([*masked, found[done:]]) if count else text

    def data(self, value: Any) -> Any:
        """The same for everything in lists and dicts, and in strings that hold such data as JSON. Names, numbers and
        what makes data hang together (STRUCTURE) stay."""
        if isinstance(value, dict):
            return {name: one if name in STRUCTURE else self.data(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(one) for one in value]
        if not isinstance(value, str):
            return value
        inner = _inner(value)
        if inner is None:
            return self.text(value)
        return json.dumps(self.data(inner)) if self.finds(inner) else value

    def places(self, value: Any) -> list[Place]:
        """Where the words stand in data: the way to each text, and from which letter to which. `words_at` finds them
        again without knowing them."""
        return list(self._places(value, ()))

    def _places(self, value: Any, way: tuple[str | int, ...]) -> Iterator[Place]:
        if isinstance(value, dict):
            for name, one in value.items():
                if name not in STRUCTURE:
                    yield from self._places(one, (*way, name))
        elif isinstance(value, list | tuple):
            for number, one in enumerate(value):
                yield from self._places(one, (*way, number))
        elif isinstance(value, str):
            text = unicodedata.normalize("NFC", value)
            tags = [match.span() for match in _TAG.finditer(text)]
            for match in self._pattern.finditer(text):
                if _is_said(text, match.start(), tags):
                    yield [list(way), match.start(), match.end()]

    def quote(self, text: str) -> str:
        """What was cut out of a text: also without what is left of the words at its edges."""
        text = self.text(text)
        folded = text.casefold()
        for form in self.forms:
            words = form.casefold()
            if len(folded) != len(text):
                break
            for length in range(min(len(words) - 1, len(text)), LEAST_LETTERS - 1, -1):
                if folded.startswith(words[-length:]) and not text.startswith(self.marker):
                    text = self.marker + text[length:]
                    folded = text.casefold()
                    break
            for length in range(min(len(words) - 1, len(text)), LEAST_LETTERS - 1, -1):
                if folded.endswith(words[:length]) and not text.endswith(self.marker):
                    text = text[:-length] + self.marker
                    folded = text.casefold()
                    break
        return text

    def pieces(self, value: Any) -> list[Piece]:
        """What the marker will stand for in data, and beside which letters: so that it can be given back."""
        if isinstance(value, dict):
            return [piece for name, one in value.items() if name not in STRUCTURE for piece in self.pieces(one)]
        if isinstance(value, list | tuple):
            return [piece for one in value for piece in self.pieces(one)]
        if not isinstance(value, str):
            return []
        inner = _inner(value)
        if inner is not None:
            return self.pieces(inner)
        text = unicodedata.normalize("NFC", value)
        tags = [match.span() for match in _TAG.finditer(text)]
        spans = [match.span() for match in self._pattern.finditer(text) if _is_said(text, match.start(), tags)]
        masked, shift, done, found = self.text(value), 0, 0, []
        for start, end in spans:
            if start < done:
                continue
            words, done = text[start:end], end
            at, behind = start + shift, start + shift + len(self.marker)
            found.append([_TAG.sub("", words), masked[max(0, at - AROUND) : at], masked[behind : behind + AROUND]])
            shift += len(self.marker) + sum(map(len, _TAG.findall(words))) - len(words)
        return found


def given_back(value: Any, marker: str, pieces: Sequence[Piece]) -> Any:
    """Data with the words (`Mask.pieces`) in the place of the marker again; where it is not clear which, it stays.

    What stands around may have been changed meanwhile: the piece with the likest surroundings counts, unless
    another is as like and says other words.
    """
    if isinstance(value, dict):
        return {name: one if name in STRUCTURE else given_back(one, marker, pieces) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [given_back(one, marker, pieces) for one in value]
    if not isinstance(value, str) or marker not in value:
        inner = _inner(value) if isinstance(value, str) else None
        if inner is None:
            return value
        back = given_back(inner, marker, pieces)
        return json.dumps(back) if back != inner else value
    inner = _inner(value)
    if inner is not None:
        return json.dumps(given_back(inner, marker, pieces))
    parts = value.split(marker)
    found = [parts[0]]
    for number, part in enumerate(parts[1:]):
        before, after = marker.join(parts[: number + 1]), marker.join(parts[number + 1 :])
        found += [_piece_at(before, after, pieces) or marker, part]
    return "".join(found)


def _piece_at(before: str, after: str, pieces: Sequence[Piece]) -> str:
    best: dict[str, int] = {}
    for words, was_before, was_after in pieces:
        alike = _shared(before[::-1], was_before[::-1]) + _shared(after, was_after)
        best[words] = max(best.get(words, 0), alike)
    if not best:
        return ""
    likest = [words for words, alike in best.items() if alike == max(best.values())]
    return likest[0] if len(likest) == 1 else ""


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def words_at(data: Any, places: Iterable[Place]) -> list[str]:
    """The words that stand at places of data (`Mask.places`), each form once; without places that are not there."""
    found = set()
    for way, start, end in places:
        value = data
        try:
            for step in way:
                value = value[step]
        except (LookupError, TypeError):
            continue
        if isinstance(value, str):
            words = _TAG.sub("", unicodedata.normalize("NFC", value)[start:end])
            found.update(forms_of(re.sub(f"[{_UNSEEN}]", "", unescape(words))))
    return sorted(found, key=lambda form: (-len(form), form))


def _inner(value: str) -> Any:
    """The data that a string holds as JSON; None of a text."""
    if value[:1] not in ("[", "{"):
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, list | dict) else None


def _is_said(text: str, at: int, tags: list[tuple[int, int]]) -> bool:
    """Whether a place is in what is read, or in an attribute that holds words; the rest of a tag is no words."""
    for begin, end in tags:
        if begin < at < end:
            return _SAYING.search(text[begin:at]) is not None
    return True


def _pattern(form: str) -> str:
    pieces = []
    for number, word in enumerate(form.split()):
        if number:
            pieces.append(_SPACE)
        pieces.append(_BETWEEN.join(_letter(char) for char in word))
    begins = r"(?<!\w)" if form[0].isalnum() else ""
    # Within an entity's name there is no end of a word: “&amp” of “&amp;” is not one.
    ends = r"(?!\w)" if form[-1].isalnum() else ""
    return f"{begins}{''.join(pieces)}{ends}"


def _letter(char: str) -> str:
    ways = {re.escape(char)}
    if char in _ENTITIES:
        ways |= {re.escape(_ENTITIES[char]), re.escape(escape(char)), f"&#{ord(char)};"}
    if char in "'’ʼ":
        ways |= {"'", "’", "ʼ", "&#x27;", "&#39;", "&rsquo;"}
    return f"(?:{'|'.join(sorted(ways, key=lambda way: (-len(way), way)))})"
