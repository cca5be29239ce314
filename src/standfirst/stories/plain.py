"""Typed text as story text: from a phone, or from a program that puts nothing but letters on the clipboard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

_BREAK = re.compile(r"\n[ \t]*\n+")
_BULLET = re.compile(r"(?:[•‣◦·*]|[-–—](?=\s))\s+")
# Without the bracket, comma or full stop that only follows an address.
_ADDRESS = re.compile(r"https?://[^\s<>()«»“”\"']+[^\s<>()«»“”\"'.,;:!?]")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_LINE_END = re.compile(r"<br\s*/?>")
_TAG = re.compile(r"<[^>]*>")


def story_html(text: str) -> str:
    """Paragraphs at empty lines, subheads at "## ", lists at typed bullets, addresses as links.

    Line ends within a paragraph are kept. Nothing in it is read as HTML.
    """
    out = []
    for block in _BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n").strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if lines and lines[0].startswith("## "):
            out.append(f"<h2>{escape(lines.pop(0)[3:].strip(), quote=False)}</h2>")
        out.append(_lines_html([_linked(line) for line in lines]))
    return "".join(out)


def typed_lists(html: str) -> str:
    """In cleaned story text: lines that begin with a typed bullet become a list, as they were meant."""

    def mend(paragraph: re.Match[str]) -> str:
        lines = _LINE_END.split(paragraph[1])
        if not any(_BULLET.match(_bare(line)) for line in lines):
            return paragraph[0]
        return _lines_html([line.strip() for line in lines])

    return _PARAGRAPH.sub(mend, html)


def _lines_html(lines: Iterable[str]) -> str:
    """Lines of HTML: runs of bulleted ones as lists, what is between as paragraphs."""
    out: list[str] = []
    plain: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        bullet = _BULLET.match(_bare(line))
        if plain and (bullet or not line):
            out.append("<p>" + "<br/>".join(plain) + "</p>")
            plain = []
        if items and not bullet:
            out.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
            items = []
        if bullet:
            items.append(_without_bullet(line))
        elif line:
            plain.append(line)
    return "".join(out)


def _bare(line: str) -> str:
    return unescape(_TAG.sub("", line)).strip()


def _without_bullet(line: str) -> str:
    """The line without its typed bullet, which may lie within a tag: <b>• Word</b>."""
    return re.sub(r"^((?:<[^>]*>|\s)*)(?:[•‣◦·*]|[-–—])(?:\s|&nbsp;)+", r"\1", line)


def _linked(line: str) -> str:
    parts, end = [], 0
    for address in _ADDRESS.finditer(line):
        parts.append(escape(line[end : address.start()], quote=False))
        parts.append(f'<a href="{escape(address[0])}">{escape(address[0], quote=False)}</a>')
        end = address.end()
    return "".join([*parts, escape(line[end:], quote=False)])
