"""A post's text as plain HTML, from whichever form of it can be read: Lexical, Mobiledoc, Ghost's HTML, bare words."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.ghost.cards import Cards, UnknownCard, balanced, markdown
from standfirst.importers.ghost.column import markdown_parts, read_column
from standfirst.importers.ghost.lexical import read_lexical
from standfirst.importers.ghost.mobiledoc import read_mobiledoc

_READERS: dict[str, Callable[[Any, Cards, Callable[[str], None]], str]] = {
    "lexical": read_lexical,
    "mobiledoc": read_mobiledoc,
}
_NAMES = {"lexical": "Lexical", "mobiledoc": "Mobiledoc"}
_PORTAL = re.compile(
    r"""\shref\s*=\s*(["'])[^"'#]*#/(?:portal|share|search|support|account)\b[^"']*\1""", re.IGNORECASE
)
# A word outside a tag, or something to look at.
_SHOWN = re.compile(r"(?:^|>)[^<]*[^<\s]|<(?:img|iframe|video|audio|table)\b|\bsf-embed\b")


def html_of(post: dict[str, Any], *, is_email: bool = False) -> tuple[str, list[str]]:
    """(the text as HTML, what became different on the way). Never raises for a bad text."""
    column = post.get("html") if isinstance(post.get("html"), str) else ""
    changes: list[str] = []
    written, problem = "", ""
    for name in _READERS:
        if post.get(name):
            written, problem = _structured(name, post[name], column or "", changes, is_email, lenient=False)
            if _says(written):
                break
    if not _says(written) and column:
        if problem:
            changes.append(
                _("Its own form could not be read (%(why)s); the HTML Ghost had made of it was taken instead.")
                % {"why": problem}
            )
        written = read_column(column, Cards(_noting(changes), is_email=is_email, is_lenient=True))
    if not _says(written):
        for name in _READERS:
            if problem and post.get(name):
                written, problem = _structured(name, post[name], "", changes, is_email, lenient=True)
        plaintext, marked = post.get("plaintext"), post.get("markdown")
        if not _says(written) and isinstance(marked, str) and marked.strip():
            written = balanced(markdown(marked))  # Ghost before 1.0, or what other systems wrote for it
        if not _says(written) and isinstance(plaintext, str) and plaintext.strip():
            changes.append(_("Only its bare words were there; subheads, links and pictures are missing."))
            written = "".join(
                f"<p>{html.escape(part.strip(), quote=False)}</p>" for part in re.split(r"\n\s*\n", plaintext)
            )
        elif problem and not _says(written):
            changes.append(_("Its text could not be read (%(why)s).") % {"why": problem})
        elif not _says(written):
            changes.append(_("It came without any text."))
    without = _PORTAL.sub("", written)
    if without != written:
        changes.append(_("A link to Ghost's own windows (to sign up, to search) was taken out; its words stay."))
    return without, changes


def _structured(
    name: str, given: Any, column: str, changes: list[str], is_email: bool, *, lenient: bool
) -> tuple[str, str]:
    """(HTML, why it could not be read). What is noted counts only if the reading succeeds."""
    noted: list[str] = []
    note = _noting(noted)
    try:
        document = json.loads(given, strict=False) if isinstance(given, str) else given
        parts = markdown_parts(column)
        if parts and len(parts) != _markdown_cards(name, document):
            parts = []
        cards = Cards(note, rendered_markdown=parts, is_email=is_email, is_lenient=lenient)
        written = _READERS[name](document, cards, note)
    except UnknownCard as card:
        return "", _("it holds a card of the kind “%(kind)s”, which we do not know") % {"kind": str(card)[:60]}
    except (ValueError, TypeError, RecursionError):
        return "", _("its %(form)s is damaged") % {"form": _NAMES[name]}
    changes += [sentence for sentence in noted if sentence not in changes]
    return written, ""


def _markdown_cards(name: str, document: Any) -> int:
    """How many Markdown cards a document shows."""
    if not isinstance(document, dict):
        return 0
    if name == "lexical":
        root = document.get("root")
        children = root.get("children") if isinstance(root, dict) else None
        return sum(isinstance(c, dict) and c.get("type") == "markdown" for c in children or [])
    cards, sections = document.get("cards"), document.get("sections")
    if not isinstance(cards, list) or not isinstance(sections, list):
        return 0
    shown = [s[1] for s in sections if isinstance(s, list) and len(s) > 1 and s[0] == 10 and isinstance(s[1], int)]
    named = [cards[number] for number in shown if 0 <= number < len(cards)]
    return sum(isinstance(card, list) and bool(card) and card[0] in ("markdown", "card-markdown") for card in named)


def _says(written: str) -> bool:
    return bool(_SHOWN.search(written))


def _noting(changes: list[str]) -> Callable[[str], None]:
    def note(sentence: str) -> None:
        if sentence not in changes:
            changes.append(sentence)

    return note
