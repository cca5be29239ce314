"""Any HTML, read as a flat flow of clean passages: paragraphs, subheads, lists and quotations.

Pasted and imported text is a tree of boxes and styles. What a story keeps of it is the order of its passages
and, inside each, runs of text with a few marks and links. So the tree is walked once, every box starts a
passage, every style becomes a mark or nothing, and the passages are written anew: nothing of the old markup
survives by accident.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from standfirst.kit.links import safe_href

MARKS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
    "s": "s",
    "del": "s",
    "strike": "s",
}
_MARK_ORDER = ("strong", "em", "sub", "sup", "s")
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_BLOCK_TAGS = """
address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form header
hgroup hr html legend li main nav p pre section summary table tbody td tfoot th thead tr caption
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SKIPPED_TAGS = """
applet area audio base button canvas datalist embed frame frameset head iframe img input link map math meta
noembed noframes noscript object option param picture script select source style svg template textarea title
track video xml
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_NO_BREAK_SPACE = re.compile("(?<![0-9№§])\u00a0|\u00a0(?=[\\s\u00a0]|$)")  # kept only after a figure: 12 000, 10 km
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF])
_WORD_LIST = re.compile(r"mso-list\s*:\s*\S+\s+level(\d+)", re.IGNORECASE)
_NUMBERED = re.compile(r"^\(?(\d+|[a-z]|[ivxlc]+)[.)]", re.IGNORECASE)


@dataclass(frozen=True)
class Passage:
    """One clean piece of text. tag: p, h2, h3, ul, ol or blockquote; html: with its tag, ready to join."""

    tag: str
    html: str


@dataclass(frozen=True)
class Thing:
    """What is not text (a picture, a table): the value a reader's hook made of an element."""

    value: Any


# A hook sees every element first: None lets the walk go on, a list (even empty) replaces the element.
Hook = Callable[[etree._Element], "list[Any] | None"]


class Flow:
    """Walks a tree and collects its passages, and the things a hook finds, in reading order."""

    def __init__(
        self,
        *,
        hook: Hook | None = None,
        link: Callable[[str], str | None] = safe_href,
        marks: frozenset[str] = frozenset(),
        href: str | None = None,
    ) -> None:
        self.pieces: list[Passage | Thing] = []
        self._hook = hook
        self._link = link
        self._base = (marks, href)
        self._runs: list[tuple[str | None, frozenset[str], str | None]] = []
        self._word_items: list[tuple[int, str, str]] = []

    def read(self, root: etree._Element) -> "list[Passage | Thing]":
        """Every passage and thing below root."""
        self._children(root, *self._base, tag="p")
        self._flush("p")
        self._flush_word_list()
        return self.pieces

    def _children(
        self, element: etree._Element, marks: frozenset[str], href: str | None, *, tag: str, pre: bool = False
    ) -> None:
        self._text(element.text, marks, href, pre=pre)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, marks, href, tag=tag, pre=pre)
            self._text(child.tail, marks, href, pre=pre)

    def _element(
        self, element: etree._Element, marks: frozenset[str], href: str | None, *, tag: str, pre: bool
    ) -> None:
        name = element.tag.rpartition(":")[2].lower()
        found = self._hook(element) if self._hook else None
        if found is not None:
            if found:
                self._flush(tag)
                self._flush_word_list()
                self.pieces.extend(Thing(value) for value in found)
            return
        style = _style(element.get("style"))
        if style.get("display") == "none" or style.get("mso-hide") == "all":
            return
        if name == "img":
            self._emoji(element, marks, href)
        elif name in _SKIPPED:
            return
        elif name == "br":
            self._runs.append((None, marks, href))
        elif name in ("ul", "ol"):
            self._flush(tag)
            self._list(element, name, marks, href)
        elif name == "blockquote":
            self._flush(tag)
            self._quote(element, marks, href)
        elif name in _HEADINGS:
            self._flush(tag)
            self._children(element, frozenset(), href, tag=_HEADINGS[name])
            self._flush(_HEADINGS[name])
        elif name == "tr":
            self._flush(tag)
            self._row(element, marks, href, tag=tag)
        elif name in _BLOCKS:
            self._flush(tag)
            pre = pre or name == "pre" or style.get("white-space", "").startswith("pre")
            if name == "p" and self._word_item(element, marks, href):
                return
            self._children(element, _marked(marks, style), href, tag=tag, pre=pre)
            self._flush(tag)
        elif name == "a":
            self._children(element, _marked(marks, style), self._target(element) or href, tag=tag, pre=pre)
        elif name == "cite" and tag == "cite-line":
            self._runs.append((None, marks, href))
            self._children(element, marks, href, tag=tag, pre=pre)
        else:
            if name in MARKS:
                marks = marks | {MARKS[name]}
            pre = pre or style.get("white-space") in ("pre", "pre-wrap", "pre-line")
            self._children(element, _marked(marks, style), href, tag=tag, pre=pre)

    def _text(self, text: str | None, marks: frozenset[str], href: str | None, *, pre: bool) -> None:
        if not text:
            return
        text = text.translate(_INVISIBLE)
        if pre and "\n" in text:
            for position, line in enumerate(text.split("\n")):
                if position:
                    self._runs.append((None, marks, href))
                self._runs.append((_SPACES.sub(" ", line), marks, href))
            return
        self._runs.append((_SPACES.sub(" ", text), marks, href))

    def _emoji(self, element: etree._Element, marks: frozenset[str], href: str | None) -> None:
        """Messengers draw emoji as pictures; the sign itself is the description."""
        sign = element.get("alt") or ""
        if 0 < len(sign) <= 8 and not any(char.isalnum() or char.isspace() for char in sign) and sign > "\u203b":
            self._runs.append((sign, marks, href))

    def _target(self, element: etree._Element) -> str | None:
        return self._link(element.get("href") or "")

    def _inside(self, element: etree._Element, marks: frozenset[str], href: str | None) -> "list[Passage | Thing]":
        inner = Flow(hook=self._hook, link=self._link, marks=marks, href=href)
        return inner.read(element)

    def _list(self, element: etree._Element, name: str, marks: frozenset[str], href: str | None) -> None:
        self._flush_word_list()
        items: list[str] = []
        things: list[Passage | Thing] = []
        for child in element:
            if not isinstance(child.tag, str):
                continue
            lines: list[str] = []
            nested = ""
            if child.tag in ("ul", "ol"):
                wrapper = etree.Element("div")
                wrapper.append(child)
                pieces = self._inside(wrapper, marks, href)
            else:
                pieces = self._inside(child, marks, href)
            for piece in pieces:
                if isinstance(piece, Thing):
                    things.append(piece)
                elif piece.tag in ("ul", "ol"):
                    nested += piece.html
                else:
                    lines.append(_bare(piece))
            content = "<br>".join(lines) + nested
            if child.tag in ("ul", "ol") and items:
                items[-1] += content
            elif content:
                items.append(content)
        if items:
            inner = "".join(f"<li>{item}</li>" for item in items)
            self.pieces.append(Passage(name, f"<{name}>{inner}</{name}>"))
        self.pieces.extend(things)

    def _quote(self, element: etree._Element, marks: frozenset[str], href: str | None) -> None:
        self._flush_word_list()
        inner = Flow(hook=self._hook, link=self._link, marks=marks, href=href)
        inner._children(element, marks, href, tag="cite-line")
        inner._flush("cite-line")
        lines: list[str] = []
        for piece in inner.pieces:
            if isinstance(piece, Passage) and piece.tag not in ("ul", "ol"):
                lines.append(_bare(piece))
                continue
            self._quote_lines(lines)
            lines = []
            self.pieces.append(piece)
        self._quote_lines(lines)

    def _quote_lines(self, lines: list[str]) -> None:
        if lines:
            self.pieces.append(Passage("blockquote", f"<blockquote>{'<br>'.join(lines)}</blockquote>"))

    def _row(self, element: etree._Element, marks: frozenset[str], href: str | None, *, tag: str) -> None:
        """A table's row where no table is wanted: its cells one after another on a line of their own."""
        cells: list[str] = []
        rest: list[Passage | Thing] = []
        for cell in element:
            if isinstance(cell.tag, str):
                pieces = self._inside(cell, marks, href)
                flat = [p for p in pieces if isinstance(p, Passage) and p.tag not in ("ul", "ol")]
                rest.extend(piece for piece in pieces if piece not in flat)
                cells.extend(_bare(piece) for piece in flat)
        if cells:
            self.pieces.append(Passage("p", f"<p>{' | '.join(cells)}</p>"))
        self.pieces.extend(rest)

    def _word_item(self, element: etree._Element, marks: frozenset[str], href: str | None) -> bool:
        """Word writes a list as paragraphs that only look like one: gather them."""
        level = _WORD_LIST.search(element.get("style") or "")
        if level is None:
            return False
        marker = ""
        for child in list(element.iter()):
            if isinstance(child.tag, str) and "mso-list:ignore" in (child.get("style") or "").lower().replace(" ", ""):
                marker = " ".join("".join(map(str, child.itertext())).split())
                drop(child)
                break
        pieces = self._inside(element, marks, href)
        content = "<br>".join(_bare(piece) for piece in pieces if isinstance(piece, Passage))
        if content:
            kind = "ol" if _NUMBERED.match(marker) and marker != "o" else "ul"
            self._word_items.append((int(level[1]), kind, content))
        self.pieces.extend(piece for piece in pieces if isinstance(piece, Thing))
        return True

    def _flush_word_list(self) -> None:
        items, self._word_items = self._word_items, []
        while items:
            written, items = _nested(items, items[0][0])
            self.pieces.append(Passage(items_tag(written), written))

    def _flush(self, tag: str) -> None:
        runs, self._runs = self._runs, []
        lines = _lines(runs)
        if not lines:
            return
        self._flush_word_list()
        if tag in ("p", "cite-line"):
            self.pieces.extend(Passage("p", f"<p>{line}</p>") for line in lines)
        else:
            joined = re.sub(r"</?strong>", "", " ".join(lines).replace("<br>", " "))
            self.pieces.append(Passage(tag, f"<{tag}>{joined}</{tag}>"))


def items_tag(written: str) -> str:
    """The tag a written list begins with."""
    return written[1:3]


def drop(element: etree._Element) -> None:
    """Take an element out and keep the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    element.tail = None
    parent.remove(element)


def _nested(items: list[tuple[int, str, str]], level: int) -> tuple[str, list[tuple[int, str, str]]]:
    kind = items[0][1]
    out: list[str] = []
    while items and items[0][0] >= level:
        if items[0][0] > level and out:
            inner, items = _nested(items, items[0][0])
            out[-1] += inner
        elif items[0][1] != kind:
            break
        else:
            out.append(items[0][2])
            items = items[1:]
    return f"<{kind}>{''.join(f'<li>{item}</li>' for item in out)}</{kind}>", items


def _bare(piece: Passage) -> str:
    """A passage's inside, without its own tag."""
    return piece.html[piece.html.index(">") + 1 : piece.html.rindex("<")]


def _style(style: str | None) -> dict[str, str]:
    if not style:
        return {}
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _marked(marks: frozenset[str], style: dict[str, str]) -> frozenset[str]:
    """The marks after a style has had its say."""
    if not style:
        return marks
    weight = style.get("font-weight", "")
    if weight in ("bold", "bolder", "600", "700", "800", "900"):
        marks = marks | {"strong"}
    # 500 says nothing: it is how Telegram prints what is bold, and others what is not.
    elif weight in ("normal", "lighter", "100", "200", "300", "400"):
        marks = marks - {"strong"}
    slant = style.get("font-style", "")
    if slant in ("italic", "oblique"):
        marks = marks | {"em"}
    elif slant == "normal":
        marks = marks - {"em"}
    if style.get("vertical-align") in ("super", "sub"):
        marks = marks | {"sup" if style["vertical-align"] == "super" else "sub"}
    if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
        marks = marks | {"s"}
    return marks


def _lines(runs: list[tuple[str | None, frozenset[str], str | None]]) -> list[str]:
    """The runs as HTML, one string per paragraph: two breaks in a row begin a new one, single breaks stay."""
    paragraphs: list[str] = []
    current: list[str] = []
    segment: list[tuple[str, frozenset[str], str | None]] = []
    gap = 0

    def close_segment() -> None:
        nonlocal gap, segment
        written = _segment(segment)
        segment = []
        if not written:
            return
        if gap >= 2 and current:
            paragraphs.append("<br>".join(current))
            current.clear()
        current.append(written)
        gap = 0

    for text, marks, href in runs:
        if text is None:
            close_segment()
            gap += 1
        else:
            segment.append((text, marks, href))
    close_segment()
    if current:
        paragraphs.append("<br>".join(current))
    return paragraphs


def _segment(runs: list[tuple[str, frozenset[str], str | None]]) -> str:
    tidy: list[tuple[str, tuple[str, ...]]] = []
    after_space = True
    for text, marks, href in runs:
        text = _SPACES.sub(" ", _NO_BREAK_SPACE.sub(" ", text))
        if after_space:
            text = text.lstrip(" ")
        if not text:
            continue
        after_space = text.endswith(" ")
        wanted = tuple(mark for mark in _MARK_ORDER if mark in marks) if marks else ()
        if href:
            wanted = (f'a href="{html.escape(href)}"', *wanted)
        tidy.append((text, wanted))
    while tidy:
        text, wanted = tidy[-1]
        stripped = text.rstrip(" \u00a0")
        if stripped:
            tidy[-1] = (stripped, wanted)
            break
        tidy.pop()
    out: list[str] = []
    opened: tuple[str, ...] = ()
    for text, wanted in tidy:
        if text == " " and wanted != opened:
            wanted = opened[: _common(opened, wanted)]
        keep = _common(opened, wanted)
        out.extend(f"</{tag.partition(' ')[0]}>" for tag in reversed(opened[keep:]))
        out.extend(f"<{tag}>" for tag in wanted[keep:])
        out.append(html.escape(text, quote=False))
        opened = wanted
    out.extend(f"</{tag.partition(' ')[0]}>" for tag in reversed(opened))
    return "".join(out)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
