"""Shortcodes: what plugins and page builders wrote in square brackets, as HTML we can read.

A shortcode we know becomes what it showed: a picture, a gallery, an embed, a heading. One we do not know goes, and the
words inside it and in its attributes stay. Words in brackets that are no shortcodes, such as [sic] or […], stay too.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from dataclasses import dataclass, field

from standfirst.importers.wordpress import shortcode_kinds as kinds

_NAME = re.compile(r"(/?)([A-Za-z][A-Za-z0-9_-]{0,60})(?=[\s=:/\]]|$)")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|(\S+)""")
_CLOSING = re.compile(r"\[/([A-Za-z][\w-]*)\]")
_MAX_TAG = 100_000
_MAX_DEPTH = 4


@dataclass
class Found:
    """What a text held besides its words. unknown: names; members: names that hide their inside from strangers."""

    unknown: list[str] = field(default_factory=list)
    builders: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, kind: list[str], name: str) -> None:
        if name not in kind:
            kind.append(name)


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a shortcode; those without a name are numbered from 0."""
    found: dict[str, str] = {}
    number = 0
    if '"' not in text:
        # Visual editors wrote the quotation marks as entities or made them typographic.
        text = re.sub("&quot;|&#8220;|&#8221;|&#8243;|&#8217;&#8217;|[“”″„]", '"', text)
    for match in _ATTRIBUTE.finditer(text):
        if match[1]:
            value = next((part for part in match.groups()[1:4] if part is not None), "")
            found[match[1].lower()] = html.unescape(value)
        elif match[5] is not None or match[6]:
            found[str(number)] = (match[5] if match[5] is not None else match[6]).strip("/")
            number += 1
    return found


def shortcodes_to_html(text: str, found: Found, *, depth: int = 0) -> str:
    """The text with its shortcodes taken out or made into HTML; what was met is added to `found`."""
    if "[" not in text:
        return text
    return _Reading(text, found, depth).read()


@dataclass
class _Tag:
    name: str
    is_closing: bool
    is_alone: bool
    attributes: str
    end: int


class _Reading:
    def __init__(self, text: str, found: Found, depth: int) -> None:
        self.text = text
        self.found = found
        self.depth = depth
        self.closings: dict[str, list[int]] = {}
        for match in _CLOSING.finditer(text):
            self.closings.setdefault(match[1].lower(), []).append(match.start())
        self.next_end = -1
        # What is to be written when a shortcode is closed, by its name.
        self.after: dict[str, list[str]] = {}

    def read(self) -> str:
        text, out, position = self.text, [], 0
        while (start := text.find("[", position)) >= 0:
            out.append(text[position:start])
            tag = self._tag(start)
            if tag is None:
                out.append("[")
                position = start + 1
            elif (end := self._quoted_to(start, tag)) > 0:
                out[-2] = ""  # [[like this]] means the words themselves
                out.append(text[start:end])
                position = end + 1
            else:
                written, position = self._write(tag)
                out.append(written)
        out.append(text[position:])
        return "".join(out)

    def _tag(self, start: int) -> _Tag | None:
        """The shortcode that begins at a bracket; None for a bracket that is only a bracket."""
        text = self.text
        if self.next_end <= start:
            self.next_end = text.find("]", start)
            if self.next_end < 0:
                self.next_end = len(text)
        end = self.next_end
        if end >= len(text) or end - start > _MAX_TAG:
            return None
        name = _NAME.match(text, start + 1, end + 1)
        if name is None:
            return None
        again = text.find("[", start + 1, end)
        if again >= 0 and text.count('"', start, again) % 2 == 0:
            return None  # another bracket, not inside a quotation
        attributes = text[name.end() : end]
        tag = _Tag(name[2].lower(), bool(name[1]), attributes.rstrip().endswith("/"), attributes, end + 1)
        return tag if self._is_shortcode(tag) else None

    def _is_shortcode(self, tag: _Tag) -> bool:
        if tag.is_closing:
            return not tag.attributes.strip()
        return (
            tag.name in self.closings
            or tag.name in kinds.BARE
            or "_" in tag.name
            or tag.is_alone
            or (tag.attributes.startswith(":") and tag.name == "audio")
            or re.search(r"""\w\s*=\s*(?:["'\w“”″/]|&quot;|&#82)""", tag.attributes) is not None
            or (tag.name in kinds.EMBEDS and re.search(r"^\s+(?:http|\w*\d\w*\s*$)", tag.attributes) is not None)
        )

    def _quoted_to(self, start: int, tag: _Tag) -> int:
        """Where a shortcode in double brackets ends, that is to be shown and not done; 0 for a usual one."""
        if start == 0 or self.text[start - 1] != "[":
            return 0
        for end in (tag.end, self._inside(tag)[1]):
            if self.text[end : end + 1] == "]":
                return end
        return 0

    def _write(self, tag: _Tag) -> tuple[str, int]:
        if tag.is_closing:
            waiting = self.after.get(tag.name)
            if waiting:
                return waiting.pop(), tag.end
            return ("\n\n" if tag.name in kinds.LAYOUT else ""), tag.end
        if tag.name in kinds.MEMBERS:
            self.found.add(self.found.members, tag.name)
            return "", tag.end
        values = kinds.unpacked(tag.name, attributes_of(tag.attributes))
        if tag.name in kinds.WHOLE:
            inside, end = self._inside(tag)
            if self.depth < _MAX_DEPTH and tag.name not in kinds.RAW:
                inside = shortcodes_to_html(inside, self.found, depth=self.depth + 1)
            written = kinds.WHOLE[tag.name](tag.name, values, inside)
            if not written.strip() and tag.name not in kinds.UNSEEN:
                self.found.add(self.found.lost, tag.name)
            return written, end
        around = kinds.around(tag.name, values)
        if around is not None:
            self._name_builder(tag.name)
            before, after = around
            if after and tag.name in self.closings:
                self.after.setdefault(tag.name, []).append(after)
                return before, tag.end
            return before + after, tag.end
        if tag.name in kinds.ELSEWHERE or kinds.is_listing(tag.name):
            self.found.add(self.found.lost, tag.name)
            return "", tag.end
        words = kinds.words_in(values)
        if self._name_builder(tag.name):
            if not words and kinds.is_drawn(tag.name) and tag.name not in self.closings:
                self.found.add(self.found.lost, tag.name)
            return words if kinds.is_in_line(tag.name) else f"\n\n{words}", tag.end
        if tag.name not in kinds.SILENT:
            self.found.add(self.found.unknown, tag.name)
            address = "" if words or tag.name in self.closings else kinds.address_in(values)
            if address:
                words = f'\n\n<div class="sf-embed" data-url="{html.escape(address)}"></div>\n\n'
            return words, tag.end
        return ("\n\n" if tag.name in kinds.LAYOUT else ""), tag.end

    def _name_builder(self, name: str) -> bool:
        builder = next((known for start, known in kinds.BUILDERS.items() if name.startswith(start)), None)
        if builder:
            self.found.add(self.found.builders, builder)
        return builder is not None

    def _inside(self, tag: _Tag) -> tuple[str, int]:
        """(what stands between opening and closing, where the whole ends)."""
        if tag.is_alone:
            return "", tag.end
        places = self.closings.get(tag.name, [])
        at = bisect_left(places, tag.end)
        if at == len(places):
            return "", tag.end
        return self.text[tag.end : places[at]], places[at] + len(tag.name) + 3
