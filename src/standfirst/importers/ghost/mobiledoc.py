"""Mobiledoc, the form Ghost kept texts in from 2017 to 2023, as plain HTML (versions 0.2 to 0.3.2)."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.ghost.cards import Cards, listed

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = {
    "p": "p",
    "blockquote": "blockquote",
    "aside": "blockquote",
    "pull-quote": "blockquote",
    **{f"h{rank}": f"h{rank}" for rank in range(1, 7)},
}
_MARKS = frozenset({"strong", "b", "em", "i", "s", "sub", "sup"})
_PLAIN = frozenset({"u", "code", "mark"})


class _Document:
    """The four lists of a document, whatever its version."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, dict) or not isinstance(given.get("sections"), list):
            raise ValueError("no Mobiledoc document")
        self.is_old = str(given.get("version", "")).startswith("0.2")
        sections = given["sections"]
        if self.is_old:
            self.markups = listed(sections[0]) if sections else []
            self.sections = listed(sections[1]) if len(sections) > 1 else []
            self.atoms: list[Any] = []
            self.cards: list[Any] = []
        else:
            self.markups = listed(given.get("markups"))
            self.sections = sections
            self.atoms = listed(given.get("atoms"))
            self.cards = listed(given.get("cards"))


def read_mobiledoc(document: Any, cards: Cards, note: Callable[[str], None]) -> str:
    """A Mobiledoc document as HTML. Raises ValueError or UnknownCard where Ghost's own HTML must do instead."""
    found = _Document(document)
    return "".join(_section(found, section, cards, note) for section in found.sections if isinstance(section, list))


def _section(document: _Document, section: list[Any], cards: Cards, note: Callable[[str], None]) -> str:
    kind = section[0] if section else None
    if kind == _MARKUP and len(section) > 2:
        tag = _TAGS.get(str(section[1]).lower(), "p")
        return f"<{tag}>{_markers(document, section[2], note)}</{tag}>"
    if kind == _LIST and len(section) > 2:
        tag = "ol" if section[1] == "ol" else "ul"
        items = "".join(f"<li>{_markers(document, item, note)}</li>" for item in listed(section[2]))
        return f"<{tag}>{items}</{tag}>"
    if kind == _IMAGE and len(section) > 1 and isinstance(section[1], str):
        return cards.write("image", {"src": section[1]})
    if kind == _CARD and len(section) > 1:
        card = section[1:] if document.is_old else _at(document.cards, section[1])
        if isinstance(card, list) and card and isinstance(card[0], str):
            payload = card[1] if len(card) > 1 and isinstance(card[1], dict) else {}
            return cards.write(card[0], payload)
    raise ValueError("a section of an unknown kind")


def _markers(document: _Document, markers: Any, note: Callable[[str], None]) -> str:
    """Runs of words; each opens marks, and closes as many of the open ones as it says."""
    out: list[str] = []
    opened: list[str] = []
    for marker in listed(markers):
        if not isinstance(marker, list) or len(marker) < 3:
            continue
        kind, openings, closings, value = (0, *marker[:3]) if document.is_old else (*marker, "")[:4]
        for number in listed(openings):
            tag, attributes = _opening(_at(document.markups, number), note)
            opened.append(tag)
            out.append(f"<{tag}{attributes}>" if tag else "")
        out.append(_atom(_at(document.atoms, value)) if kind == 1 else html.escape(str(value or ""), quote=False))
        for _number in range(min(closings, len(opened)) if isinstance(closings, int) else 0):
            tag = opened.pop()
            out.append(f"</{tag}>" if tag else "")
    out.extend(f"</{tag}>" for tag in reversed(opened) if tag)
    return "".join(out)


def _opening(markup: Any, note: Callable[[str], None]) -> tuple[str, str]:
    """(tag, attributes) of a mark; ("", "") for one that a story does not keep."""
    if not isinstance(markup, list) or not markup:
        return "", ""
    tag = str(markup[0]).lower()
    if tag == "a":
        values = listed(markup[1]) if len(markup) > 1 else []
        pairs = dict(zip(map(str, values[::2]), values[1::2], strict=False))
        return "a", f' href="{html.escape(str(pairs.get("href") or ""))}"'
    if tag in _PLAIN:
        note(_("Words that were underlined, highlighted or set as code stand plain."))
    return (tag, "") if tag in _MARKS else ("", "")


def _atom(atom: Any) -> str:
    if not isinstance(atom, list) or not atom:
        return ""
    if atom[0] == "soft-return":
        return "<br>"
    return html.escape(atom[1], quote=False) if len(atom) > 1 and isinstance(atom[1], str) else ""


def _at(things: list[Any], number: Any) -> Any:
    return things[number] if isinstance(number, int) and 0 <= number < len(things) else None
