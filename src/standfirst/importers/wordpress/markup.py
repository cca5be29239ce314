"""A post's content, block markup or classic, as plain HTML: blocks resolved, shortcodes and paragraphs written out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.wordpress import block_kinds as kinds
from standfirst.importers.wordpress.autop import autop
from standfirst.importers.wordpress.builders import FIELDS as BUILDERS
from standfirst.importers.wordpress.records import Item
from standfirst.importers.wordpress.shortcode_kinds import MEMBERS
from standfirst.importers.wordpress.shortcodes import Found, shortcodes_to_html

_BLOCK = re.compile(r"\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(\{.*\}\s+)?(/)?", re.DOTALL)
_EMPTY_GALLERY = '<div class="sf-gallery" data-ids=""></div>'
_TABLE = re.compile(r'<div class="sf-tablepress" data-id="([^"<>]*)"></div>')
_NOTE_LINK = re.compile(r"(<sup\b[^<>]*\bdata-fn=[^<>]*>)<a\b[^<>]*>([^<>]*)</a>")
_MAY_HIDE = re.compile(rf"\[(?:{'|'.join(map(re.escape, sorted(MEMBERS)))})[\s\]=/]", re.IGNORECASE)
_NEXT_PAGE = re.compile(r"(?:<p>\s{0,9})?<!--nextpage-->(?:\s{0,9}</p>)?")
_MAX_DEPTH = 60
_MAX_REUSED = 3
_AMP = re.compile(r"<(/?)amp-(img|video|audio|iframe)\b", re.IGNORECASE)
_AMP_PLAYER = re.compile(
    r"<amp-(youtube|vimeo|twitter|instagram|facebook|dailymotion)\b([^<>]*)>(?:\s{0,9}</amp-\1>)?", re.IGNORECASE
)


@dataclass
class Block:
    """One block: its name without "core/", what its comment says, and its parts in their order."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    parts: list[str | Block] = field(default_factory=list)


@dataclass
class Written:
    """html: plain HTML; changes: what was changed or left out, one sentence each; members: what hid parts of it."""

    html: str
    changes: list[str]
    members: list[str]


@dataclass
class _Text:
    """What is met while one text is written out."""

    changes: list[str] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    footnotes: str = ""

    def note(self, sentence: str) -> None:
        if sentence not in self.changes:
            self.changes.append(sentence)


class Markup:
    """Writes out the contents of one site's posts.

    reusable: the contents of reusable blocks by id. gallery_of: the attachments uploaded to a post, for [gallery].
    tables: the rows of TablePress's tables by their number.
    """

    def __init__(
        self,
        *,
        reusable: dict[int, str] | None = None,
        gallery_of: Callable[[int], list[int]] | None = None,
        tables: dict[str, list[list[str]]] | None = None,
    ) -> None:
        self.reusable = reusable or {}
        self.tables = tables or {}
        self.gallery_of = gallery_of or (lambda post: [])

    def write(self, content: str, *, post: int = 0, footnotes: str = "") -> Written:
        """The content as plain HTML. Never raises for bad markup.

        footnotes: what the post's custom field of that name says, for the block that shows them.
        """
        text = _Text(footnotes=footnotes)
        written = self._written(content, text)
        if _EMPTY_GALLERY in written:
            ids = ",".join(map(str, self.gallery_of(post)))
            written = written.replace(_EMPTY_GALLERY, f'<div class="sf-gallery" data-ids="{ids}"></div>')
        if "data-fn=" in written:
            written = _NOTE_LINK.sub(r"\1\2", written)  # the note stands below, without a place of its own
        if "sf-tablepress" in written:
            written = _TABLE.sub(lambda match: self._table(html.unescape(match[1]), text), written)
        self._say(text)
        return Written(written, text.changes, text.found.members)

    def may_hide(self, item: Item) -> bool:
        """Whether an item should be looked through for what hid a part of it: a quick look, that says yes too often."""
        texts = [item.content, *(item.meta[key] for key in BUILDERS if key in item.meta)]
        return any(
            _MAY_HIDE.search(text) or ("<!-- wp:" in text and any(part in text for part in kinds.MEMBERS_MARKS))
            for text in texts
        )

    def _written(self, content: str, text: _Text) -> str:
        # A page of the text ended there, and with it the paragraph.
        content = _NEXT_PAGE.sub("\n\n", _without_amp(content.replace("\r\n", "\n")))
        if "<!-- wp:" not in content:
            return autop(shortcodes_to_html(content, text.found))
        return shortcodes_to_html(self._blocks(content, text, 0), text.found)

    def _blocks(self, content: str, text: _Text, reused: int, instead: dict[str, Any] | None = None) -> str:
        out = []
        for part in parsed(content):
            # Between blocks stands classic text.
            out.append(autop(part) if isinstance(part, str) else self._block(part, text, reused, instead or {}))
        return "".join(out)

    def _block(self, block: Block, text: _Text, reused: int, instead: dict[str, Any]) -> str:
        inside = "".join(
            part if isinstance(part, str) else self._block(part, text, reused, instead) for part in block.parts
        )
        name, values = block.name, block.values
        if kinds.MEMBERS.search(name):
            text.found.add(text.found.members, name)
        if name == "block":
            number = values.get("ref")
            if isinstance(number, int) and number in self.reusable and reused < _MAX_REUSED:
                own = values.get("content")
                return self._blocks(self.reusable[number], text, reused + 1, own if isinstance(own, dict) else {})
            text.note(_("A reusable block that the export does not hold was left out."))
            return ""
        if name == "footnotes":
            return kinds.footnotes(text.footnotes)
        if name in ("freeform", "shortcode"):
            return autop(inside)
        if instead and (own_words := kinds.named_words(values, instead)):
            inside = kinds.with_words(inside, own_words)
        known = kinds.KNOWN.get("embed" if name.startswith("core-embed/") else name)
        if known is not None:
            return known(values, inside)
        if name in kinds.SILENT and "/" not in name and not kinds.shows_something(inside):
            return inside
        if name in kinds.SILENT:
            return ""
        if "/" in name and kinds.FORMS.search(name):
            text.note(_("The form “%(name)s” was left out.") % {"name": name})
            return ""
        if kinds.shows_something(inside):
            return kinds.heading_in(values, inside) + inside if "/" in name else inside
        if name in text.found.members:
            return ""
        return self._kept(name, values, text)

    def _kept(self, name: str, values: dict[str, Any], text: _Text) -> str:
        """What there is to keep of a block that WordPress or a plugin filled in when it was asked for."""
        shown = kinds.pictures_in(values, name) if "/" in name else ""
        kept = shown + kinds.words_in(values, but_not=shown) if "/" in name else ""
        address = kinds.address_in(values) if "/" in name and not kept else ""
        if address:
            kept = f'<div class="sf-embed" data-url="{html.escape(address)}"></div>'
        if kept:
            text.note(_("Of the block “%(name)s” the words were kept, not the form.") % {"name": name})
        elif name not in (
            "column",
            "columns",
            "group",
            "paragraph",
            "list",
            "list-item",
            "heading",
            "buttons",
            "button",
        ):
            text.note(_("The block “%(name)s”, which WordPress filled in itself, was left out.") % {"name": name})
        return kept

    def _table(self, number: str, text: _Text) -> str:
        rows = self.tables.get(number)
        if rows is None:
            text.found.add(text.found.lost, "table")
            return ""
        head, *rest = ["".join(f"<{tag}>{cell}</{tag}>" for cell in row) for tag, row in _tagged(rows)] or [""]
        body = "".join(f"<tr>{row}</tr>" for row in rest)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _say(self, text: _Text) -> None:
        for name in text.found.unknown:
            text.note(_("The shortcode [%(name)s] was taken out; the words inside it were kept.") % {"name": name})
        for name in text.found.lost:
            text.note(_("What [%(name)s] showed is not in the export; it was left out.") % {"name": name})
        for name in text.found.builders:
            text.note(
                _("It was laid out with %(name)s; its words and pictures were kept, one after another.")
                % {"name": name}
            )


def parsed(content: str) -> list[str | Block]:
    """The content as a tree of blocks and the text between them. Blocks never closed end with the text."""
    top: list[str | Block] = []
    open_blocks: list[Block] = []
    position = 0

    def here() -> list[str | Block]:
        return open_blocks[-1].parts if open_blocks else top

    for start, end, match in block_marks(content):
        if content[position:start]:
            here().append(content[position:start])
        position = end
        closing, name, single = match[1], match[2].removeprefix("core/"), match[4]
        if closing:
            if any(block.name == name for block in open_blocks[-_MAX_DEPTH:]):
                while open_blocks.pop().name != name:
                    pass
            continue
        block = Block(name, _json(match[3]))
        if single:
            here().append(block)
        elif len(open_blocks) < _MAX_DEPTH:
            here().append(block)
            open_blocks.append(block)
    if content[position:]:
        here().append(content[position:])
    return top


def block_marks(content: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """WordPress's block comments: where each begins and ends, and what it says. Never reads a text twice."""
    start = content.find("<!--")
    while start >= 0 and (end := content.find("-->", start)) >= 0:
        match = _BLOCK.fullmatch(content, start + 4, end)
        if match:
            yield start, end + 3, match
        start = content.find("<!--", end)


def _tagged(rows: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
    for number, row in enumerate(rows):
        yield ("td" if number else "th"), row


def _without_amp(content: str) -> str:
    """The tags of Google's AMP as the tags they stand for."""
    if "<amp-" not in content:
        return content
    return _AMP_PLAYER.sub(_amp_player, _AMP.sub(r"<\1\2", content))


def _amp_player(match: re.Match[str]) -> str:
    number = re.search(r'data-(?:videoid|tweetid|shortcode|href)="([^"]*)"', match[2])
    return kinds.player(match[1].lower(), number[1] if number else "")


def _json(data: str | None) -> dict[str, Any]:
    try:
        values = json.loads(data or "{}")
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
