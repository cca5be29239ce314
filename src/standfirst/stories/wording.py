"""The words of a story and the places they are written in: replaces some words and leaves all else as it is.

A passage (stories.passages) is text without markup. What is stored is HTML, or a plain field. Every letter of a
passage is traced back to the letters it was made of, so that bold, links, keys and whatever else stands around or
inside the words that stay is not so much as written anew.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from standfirst.kit.anchoring import Passage, Text, normal
from standfirst.stories.canonical import story_data
from standfirst.stories.passages import passages_of

if TYPE_CHECKING:
    from standfirst.stories.models import StoryPage

Path = tuple[str | int, ...]

_PIECE = re.compile(r"<[^>]*>|&#?\w+;|.", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]+)([^>]*?)(/?)>")
_KEY = re.compile(r'data-block-key="([^"]*)"')
_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})
_BETWEEN = frozenset({"ul", "ol", "hr", "br"})
_VOID = frozenset({"br", "hr", "img", "embed"})
_EMPTY_INLINE = re.compile(r"<(strong|b|em|i|s|sub|sup|a)\b[^>]*></\1>")
# Fields of blocks that hold rich text; all other text of blocks is plain.
_RICH = {("text", ()), ("fact_box", ("text",)), ("update_note", ("text",))}
# Lines beneath a story: where they stand, and which of their words may be replaced.
_LINES = {
    "bylines": ("story_bylines", ("note",)),
    "based_on": ("based_on", ("name",)),
    "sources": ("sources", ("title", "publisher", "note")),
}
_NO_WORDS = frozenset({"id", "type", "url", "at", "image", "document"})


class Unwritable(Exception):
    """These words cannot be replaced in place; str() is a whole sentence that says why."""


@dataclass
class _Strip:
    """One run of text, letter by letter, with the spans of the source that each letter was made of."""

    opens: int
    closes: int
    key: str = ""
    # The source of the whole element, where there is one.
    outer: tuple[int, int] | None = None
    raw: list[tuple[str, int, int]] = field(default_factory=list)
    text: str = ""
    spans: list[list[tuple[int, int]]] = field(default_factory=list)


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """The letter as it counts in a passage: itself, a space, or nothing."""
    seen = normal(f"x{char}x")
    return "" if seen == "xx" else " " if seen == "x x" else char


def _settle(strip: _Strip) -> _Strip:
    """Make the strip's text as kit.anchoring.normal does, and remember where each letter came from."""
    letters: list[tuple[str, list[tuple[int, int]]]] = []
    for raw, start, end in strip.raw:
        char = _kind(raw) if len(raw) == 1 else raw
        if not char or (char == " " and letters and letters[-1][0] == " "):
            # Belongs to the letter before it and goes where that goes.
            if letters:
                letters[-1][1].append((start, end))
        elif letters and char != " " and (unicodedata.combining(char) or "\u1160" <= char <= "\u11ff"):
            letters[-1] = (letters[-1][0] + char, [*letters[-1][1], (start, end)])
        else:
            letters.append((char, [(start, end)]))
    text: list[str] = []
    for group, spans in letters:
        for position, char in enumerate(unicodedata.normalize("NFC", group)):
            text.append(char)
            strip.spans.append(spans if position == 0 else [])
    while text and text[0] == " ":
        text.pop(0)
        strip.spans.pop(0)
    while text and text[-1] == " ":
        text.pop()
        strip.spans.pop()
    strip.text = "".join(text)
    return strip


def _plain_strip(source: str) -> _Strip:
    raw = [(char, at, at + 1) for at, char in enumerate(source)]
    return _settle(_Strip(0, len(source), raw=raw))


def _rich_strips(source: str) -> list[_Strip]:
    """The text of each paragraph, subhead, item or quotation."""
    strips: list[_Strip] = []
    loose = _Strip(0, len(source))
    open_ones: list[tuple[str, _Strip]] = []
    for match in _PIECE.finditer(source):
        piece, start, end = match.group(), match.start(), match.end()
        current = open_ones[-1][1] if open_ones else loose
        tag = _TAG.fullmatch(piece) if piece.startswith("<") else None
        if tag is None:
            char = unescape(piece) if piece.startswith("&") else piece
            current.raw.append((char, start, end))
            continue
        name = tag.group(2).lower()
        if name in _BETWEEN:
            current.raw.append((" ", start, end) if name == "br" else (" ", start, start))
        elif name in _BLOCKS and not tag.group(1):
            key = _KEY.search(tag.group(3))
            current.raw.append((" ", start, start))
            strip = _Strip(end, end, key.group(1) if key else "", (start, end))
            strips.append(strip)
            open_ones.append((name, strip))
        elif name in _BLOCKS and open_ones and open_ones[-1][0] == name:
            strip = open_ones.pop()[1]
            strip.closes = start
            if strip.outer:
                strip.outer = (strip.outer[0], end)
    return [_settle(strip) for strip in [loose, *strips] if strip.raw]


def _depths(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each place between two letters at which text may be put, with how deep in markup it lies."""
    depth = 0
    yield start, depth
    for tag in _TAG.finditer(source, start, end):
        if tag.group(2).lower() not in _VOID and not tag.group(4):
            depth += -1 if tag.group(1) else 1
        yield tag.end(), depth


def _place_between(source: str, strip: _Strip, at: int) -> int:
    """Where words are put that stand between two letters: outside of the markup that belongs to one of them."""
    spans = strip.spans
    before = next((s[-1][1] for s in reversed(spans[:at]) if s), strip.opens)
    after = next((s[0][0] for s in spans[at:] if s), strip.closes)
    if before >= after:
        return before
    return min(_depths(source, before, after), key=lambda place: place[1])[0]


def _rewrite(source: str, strip: _Strip, start: int, end: int, new: str, *, rich: bool) -> str:
    """The source with the words [start, end) of a strip replaced by `new`, word by word, so that the rest stays."""
    old_words, new_words = _TOKEN.findall(strip.text[start:end]), _TOKEN.findall(new)
    at = [start]
    for word in old_words:
        at.append(at[-1] + len(word))
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    cuts: list[tuple[int, int, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        words = "".join(new_words[c:d])
        words = escape(words, quote=False) if rich else words
        spans = [span for letter in strip.spans[at[a] : at[b]] for span in letter if span[1] > span[0]]
        place = spans[0][0] if spans else _place_between(source, strip, at[a])
        cuts += [(first, last, "") for first, last in spans]
        cuts.append((place, place, words))
    pieces, done = [], 0
    # What is put at a place stands before what is taken away there.
    for first, last, words in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        pieces += [source[done:first], words]
        done = max(done, last)
    return "".join([*pieces, source[done:]])


def _tidy(before: str, after: str, strip: _Strip) -> str:
    """Without the markup and the paragraph that a replacement left empty."""
    grown = len(after) - len(before)
    head, inner, tail = after[: strip.opens], after[strip.opens : strip.closes + grown], after[strip.closes + grown :]
    if len(_EMPTY_INLINE.findall(inner)) > len(_EMPTY_INLINE.findall(before[strip.opens : strip.closes])):
        while _EMPTY_INLINE.search(inner):
            inner = _EMPTY_INLINE.sub("", inner)
    if strip.outer and not inner.strip():
        return after[: strip.outer[0]] + after[strip.outer[1] + grown :]
    return head + inner + tail


class Wording:
    """A story's data (stories.canonical.story_data), whose words can be replaced passage by passage."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.touched: set[str] = set()
        self._text: Text | None = None

    @classmethod
    def of(cls, story: StoryPage) -> Wording:
        return cls(story_data(story))

    @property
    def text(self) -> Text:
        if self._text is None:
            self._text = Text(passages_of(self.data))
        return self._text

    def passage(self, name: str) -> str | None:
        return next((passage.text for passage in self.text.passages if passage.name == name), None)

    def words(self, block: str, start: int, end: int) -> str | None:
        """What stands there now, counted from the beginning of the passage `block`; None: no such passage."""
        begin = beginnings(self.text.passages).get(block)
        return None if begin is None else self.text.whole[begin + start : begin + end]

    def replace(self, block: str, start: int, end: int, new: str) -> None:
        """Replace the words [start, end) of the one passage `block`. All or nothing.

        Raises Unwritable when they cannot be told apart from what is around them.
        """
        passage = self.passage(block)
        if passage is None:
            raise Unwritable(_("The passage these words stood in is gone."))
        if block.startswith("byline-") and not block.endswith("-note"):
            raise Unwritable(
                _("A byline is its author's name wherever it stands. Open the story and choose the right one there.")
            )
        wanted = [
            (one.name, normal(one.text[:start] + new + one.text[end:]) if one.name == block else one.text)
            for one in self.text.passages
        ]
        wanted = [one for one in wanted if one[1]]
        for path, source, strip, rich in self._candidates(block, passage):
            after = _tidy(source, _rewrite(source, strip, start, end, new, rich=rich), strip) if rich else None
            if after is None:
                after = _rewrite(source, strip, start, end, new, rich=False)
            changed = _with(self.data, path, after)
            found = passages_of(changed)
            # Proof that these words changed and no others.
            if [(one.name, one.text) for one in found] == wanted:
                self.data, self._text = changed, Text(found)
                self.touched.add(str(path[0]))
                return
        raise Unwritable(
            _(
                "“%(words)s” cannot be replaced without touching what stands around it. "
                "Open the story and change it there."
            )
            % {"words": passage[start:end]}
        )

    def _candidates(self, block: str, passage: str) -> Iterator[tuple[Path, str, _Strip, bool]]:
        """The strips that may be the passage, the likeliest first."""
        found: list[tuple[int, Path, str, _Strip, bool]] = []
        for path, source, rich in _leaves(self.data):
            for strip in _rich_strips(source) if rich else [_plain_strip(source)]:
                if strip.text != passage:
                    continue
                is_it = bool(strip.key and block == f"p-{strip.key}") or path[0] == block
                if path[0] == "body":
                    is_it = is_it or str(self.data["body"][path[1]].get("id", "-")) in block
                found.append((0 if is_it else 1, path, source, strip, rich))
        for _rank, path, source, strip, rich in sorted(found, key=lambda one: one[0]):
            yield path, source, strip, rich

    def write_to(self, story: StoryPage) -> set[str]:
        """Give the replaced words to a story in memory. Returns the names of the fields that changed."""
        fields = set()
        for name in self.touched:
            if name == "body":
                story.body = json.dumps(self.data["body"])
                fields.add("body")
            elif name == "lead":
                said = self.data["lead"]
                if story.lead_caption != said["caption"]:
                    story.lead_caption = said["caption"]
                    fields.add("lead_caption")
                own = story.lead_image.credit if story.lead_image else ""
                if (story.lead_credit or own) != said["credit"]:
                    story.lead_credit = said["credit"]
                    fields.add("lead_credit")
            elif name in _LINES:
                relation, attributes = _LINES[name]
                lines = list(getattr(story, relation).all())
                for line, said in zip(lines, self.data[name], strict=True):
                    for attribute in attributes:
                        setattr(line, attribute, said[attribute])
                setattr(story, relation, lines)
                fields.add(relation)
            else:
                attribute = "title" if name == "headline" else name
                setattr(story, attribute, self.data[name])
                fields.add(attribute)
        return fields


def beginnings(passages: Sequence[Passage]) -> dict[str, int]:
    """Where each passage begins in the whole text."""
    found, at = {}, 0
    for passage in passages:
        found[passage.name] = at
        at += len(passage.text) + 1
    return found


def _leaves(data: dict[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """Every text of a story that can be written, with its path in the data, and whether it is rich text."""
    for name in ("headline", "kicker", "standfirst", "dateline"):
        yield (name,), data[name], False
    if data["lead"]:
        yield ("lead", "caption"), data["lead"]["caption"], False
        yield ("lead", "credit"), data["lead"]["credit"], False
    for number, line in enumerate(data["bylines"]):
        yield ("bylines", number, "note"), line["note"], False
    for number, line in enumerate(data["based_on"]):
        yield ("based_on", number, "name"), line["name"], False
    for number, block in enumerate(data["body"]):
        for path, text in _texts(block["value"], ()):
            bare = tuple(part for part in path if isinstance(part, str))
            yield ("body", number, "value", *path), text, (block["type"], bare) in _RICH
    yield ("methods",), data["methods"], True
    for number, line in enumerate(data["sources"]):
        for name in ("title", "publisher", "note"):
            yield ("sources", number, name), line[name], False


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in _NO_WORDS:
                yield from _texts(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, (*path, number))


def _with(data: Any, path: Path, value: Any) -> Any:
    """A copy of the data in which one text is another; all the rest is shared with the first."""
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = _with(data[path[0]], path[1:], value)
    return copy


@dataclass(frozen=True)
class OnePassage:
    """An edit within one passage."""

    block: str
    start: int
    end: int
    old: str
    new: str


def in_passages(text: Text, block: str, start: int, end: int, new: str) -> list[OnePassage]:
    """An edit cut at the paragraphs it runs across.

    Raises Unwritable when the new words do not say which of them belong to which paragraph.
    """
    begin = beginnings(text.passages)
    first, last = begin[block] + start, begin[block] + end
    parts: list[tuple[Passage, int, int]] = []
    for passage in text.passages:
        a, b = max(first - begin[passage.name], 0), min(last - begin[passage.name], len(passage.text))
        if begin[passage.name] + len(passage.text) >= first and begin[passage.name] <= last and a <= b:
            parts.append((passage, a, b))
    if len(parts) > 1:
        # An end that only touches a neighbour is none of its words.
        parts = [part for part in parts if part[2] > part[1]] or parts[:1]
    olds = [passage.text[a:b] for passage, a, b in parts]
    news = [_kept_edges(was, now) for was, now in zip(olds, _shared_out(olds, new), strict=True)]
    edits = []
    for (passage, a, b), old, now in zip(parts, olds, news, strict=True):
        if old == now:
            continue
        text_now = passage.text
        if not now and a and text_now[a - 1] == " " and (b == len(text_now) or not text_now[b].isalnum()):
            # The space goes with the word.
            a -= 1
        edits.append(OnePassage(passage.name, a, b, text_now[a:b], now))
    return edits


def _kept_edges(old: str, new: str) -> str:
    """New words with the space that was marked along with the old ones."""
    if not new:
        return new
    return f"{' ' if old[:1] == ' ' else ''}{new}{' ' if old[-1:] == ' ' else ''}"


def _shared_out(olds: list[str], new: str) -> list[str]:
    lines = [normal(line) for line in re.split(r"\s*\n\s*", new.strip())]
    if len(lines) == len(olds):
        return lines
    if len(olds) == 1:
        return [normal(new)]
    if not normal(new):
        return [""] * len(olds)
    # No line breaks in the new words: they fall where the words around them are the old ones.
    before, after = _TOKEN.findall("\n".join(olds)), _TOKEN.findall(normal(new))
    shared, line = [], ""
    for kind, a, b, c, d in SequenceMatcher(
        None, [" " if word == "\n" else word for word in before], after, autojunk=False
    ).get_opcodes():
        breaks = [position for position in range(a, b) if before[position] == "\n"]
        # A break next to a word of both, not to a space that happens to be in both.
        is_sure = kind == "equal" and b - a > 1
        if breaks and not is_sure:
            raise Unwritable(
                _("These words run across paragraphs. Write the new ones with a line break where a paragraph ends.")
            )
        for position in breaks:
            line += "".join(after[c : c + position - a])
            shared.append(line)
            line, c, a = "", c + position - a + 1, position + 1
        line += "".join(after[c:d])
    return [normal(one) for one in [*shared, line]]
