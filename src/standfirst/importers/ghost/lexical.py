"""Lexical, the form Ghost keeps texts in since 2023, as plain HTML."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.ghost.cards import Cards, listed, text

# The bits of a text node's format, and the tag of each that a story keeps.
_BOLD, _ITALIC, _STRUCK, _LOWERED, _RAISED = 1, 2, 4, 32, 64
_KEPT = ((_BOLD, "strong"), (_ITALIC, "em"), (_STRUCK, "s"), (_LOWERED, "sub"), (_RAISED, "sup"))
_PLAIN = 8 | 16 | 128  # underlined, code, highlighted
_TEXTS = frozenset({"text", "extended-text", "code-highlight", "hashtag", "mention", "emoji", "keyword", "tk"})
_LINKS = frozenset({"link", "autolink"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_DEPTH = 60


class LexicalReader:
    """Reads one text."""

    def __init__(self, cards: Cards, note: Callable[[str], None]) -> None:
        self._cards = cards
        self._note = note

    def read(self, document: Any) -> str:
        """The text as HTML. Raises ValueError for what is no Lexical document."""
        root = document.get("root") if isinstance(document, dict) else None
        if not isinstance(root, dict) or not isinstance(root.get("children"), list):
            raise ValueError("no Lexical document")
        return self._blocks(root, 0)

    def _blocks(self, node: dict[str, Any], depth: int) -> str:
        """The children of a box that holds blocks: a run of words between them becomes a paragraph."""
        out: list[str] = []
        run: list[str] = []
        for child in _children(node):
            if _is_inline(child):
                run.append(self._inline(child, depth + 1))
                continue
            if run:
                out.append(f"<p>{''.join(run)}</p>")
                run = []
            out.append(self._block(child, depth + 1))
        if run:
            out.append(f"<p>{''.join(run)}</p>")
        return "".join(out)

    def _block(self, node: dict[str, Any], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        kind = text(node, "type")
        if kind in ("heading", "extended-heading"):
            tag = text(node, "tag")
            return self._around(tag if tag in _HEADINGS else "h2", node, depth)
        if kind in ("quote", "extended-quote", "aside"):
            return self._around("blockquote", node, depth)
        if kind == "list":
            return self._list(node, depth)
        if kind == "code":
            return f"<pre>{self._inlines(node, depth)}</pre>"
        if kind == "paragraph":
            return self._around("p", node, depth)
        if "children" in node and kind not in ("link", "autolink"):
            # Boxes of editors' own making (layouts, columns): their words count.
            return self._blocks(node, depth)
        return self._cards.write(kind, node)

    def _around(self, tag: str, node: dict[str, Any], depth: int) -> str:
        """The words in a tag; blocks that somebody's paste put inside stand after them."""
        if all(_is_inline(child) for child in _children(node)):
            return f"<{tag}>{self._inlines(node, depth)}</{tag}>"
        return self._blocks(node, depth) if tag == "p" else f"<{tag}>{self._blocks(node, depth)}</{tag}>"

    def _inlines(self, node: dict[str, Any], depth: int) -> str:
        return "".join(self._inline(child, depth + 1) for child in _children(node))

    def _inline(self, node: dict[str, Any], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        kind = text(node, "type")
        if kind == "linebreak":
            return "<br>"
        if kind == "tab":
            return " "
        if kind in _LINKS:
            return f'<a href="{html.escape(text(node, "url"))}">{self._inlines(node, depth)}</a>'
        if kind in _TEXTS:
            return self._words(node)
        if "children" in node:
            return self._inlines(node, depth)
        return ""

    def _words(self, node: dict[str, Any]) -> str:
        words = node.get("text")
        if not isinstance(words, str) or not words:
            return ""
        marks = node.get("format")
        marks = marks if isinstance(marks, int) else 0
        if marks & _PLAIN and words.strip():
            self._note(_("Words that were underlined, highlighted or set as code stand plain."))
        out = html.escape(words, quote=False)
        for bit, tag in _KEPT:
            if marks & bit:
                out = f"<{tag}>{out}</{tag}>"
        return out

    def _list(self, node: dict[str, Any], depth: int) -> str:
        """A list; an item that holds nothing but a list belongs into the item before it."""
        tag = "ol" if text(node, "tag") == "ol" or text(node, "listType") == "number" else "ul"
        start = node.get("start")
        if tag == "ol" and isinstance(start, int) and start > 1:
            self._note(_("A numbered list that began at %(number)d begins at 1.") % {"number": start})
        items: list[str] = []
        for child in _children(node):
            inside = _children(child)
            if inside and all(text(one, "type") == "list" for one in inside):
                nested = "".join(self._nested(one, depth + 1) for one in inside)
                if items:
                    items[-1] += nested
                else:
                    items.append(nested)
            elif text(child, "type") == "list":
                items.append(self._nested(child, depth + 1))
            else:
                items.append(self._item(child, depth + 1))
        return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"

    def _nested(self, node: dict[str, Any], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        return self._list(node, depth)

    def _item(self, node: dict[str, Any], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        return "".join(
            self._inline(child, depth + 1) if _is_inline(child) else self._block(child, depth + 1)
            for child in _children(node)
        )


def read_lexical(document: Any, cards: Cards, note: Callable[[str], None]) -> str:
    """A Lexical document as HTML. Raises ValueError or UnknownCard where Ghost's own HTML must do instead."""
    return LexicalReader(cards, note).read(document)


def _children(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [child for child in listed(node.get("children")) if isinstance(child, dict)]


def _is_inline(node: dict[str, Any]) -> bool:
    kind = text(node, "type")
    return kind in _TEXTS or kind in _LINKS or kind in ("linebreak", "tab", "zwnj", "at-link", "at-link-search")
