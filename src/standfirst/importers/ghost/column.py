"""The HTML Ghost itself made of a text: read where the text's own form cannot be, with its cards made plain."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from standfirst.importers.ghost.cards import Cards, balanced
from standfirst.kit.html import parse_fragment

_MARKDOWN = re.compile(r"<!--\s*kg-card-begin: markdown\s*-->(.*?)<!--\s*kg-card-end: markdown\s*-->", re.DOTALL)
# Ghost 1.x: the whole text is one card.
_WHOLE_MARKDOWN = re.compile(r'<div class="kg-card-markdown">(.*)</div>', re.DOTALL)
_BACK = re.compile(r'\s*<a [^<>]*class="footnote-backref"[^<>]*>[^<>]*</a>')
_CARD = re.compile(r"\bkg-(bookmark|gallery|toggle|callout|button|file|video|audio|signup|product)-card\b")
_MAX_CARDS = 2000


def markdown_parts(column: str) -> list[str]:
    """What Ghost made of the Markdown cards of a text, in their order."""
    whole = _WHOLE_MARKDOWN.fullmatch(column.strip())
    if whole is not None:
        return [_BACK.sub("", whole[1])]
    if "kg-card-begin: markdown" not in column:
        return []
    return [_BACK.sub("", part) for part in _MARKDOWN.findall(column)]


def read_column(column: str, cards: Cards) -> str:
    """Ghost's HTML with its cards as the words, pictures and links they hold."""
    if "kg-" not in column:
        return column
    root = parse_fragment(column)
    found = [element for element in root.iter() if isinstance(element.tag, str) and _CARD.search(_classes(element))]
    for element in found[:_MAX_CARDS]:
        kind = _CARD.search(_classes(element))
        if kind and element.getparent() is not None:
            _replace(element, cards.write(kind[1], _values(kind[1], element)))
    inside = "".join(str(lxml_html.tostring(child, encoding="unicode")) for child in root)
    return html.escape(str(root.text or ""), quote=False) + inside


def _values(kind: str, card: etree._Element) -> dict[str, Any]:
    """A rendered card's payload, as its own form would hold it."""
    pictures = [{"src": image.get("src"), "alt": image.get("alt")} for image in card.iter("img")]
    link = _address(card, "a", "href")
    caption = _inside(card.find(".//figcaption"))
    if kind == "bookmark":
        return {
            "url": link,
            "title": _words(card, "kg-bookmark-title"),
            "description": _words(card, "kg-bookmark-description"),
            "publisher": _words(card, "kg-bookmark-author"),
            "author": _words(card, "kg-bookmark-publisher"),
            "thumbnail": "there" if _first(card, "kg-bookmark-thumbnail") is not None else "",
            "caption": caption,
        }
    if kind == "gallery":
        return {"images": pictures, "caption": caption}
    if kind == "toggle":
        content = _inside(_first(card, "kg-toggle-content"))
        return {"heading": _inside(_first(card, "kg-toggle-heading-text")), "content": content}
    if kind == "callout":
        words = _inside(_first(card, "kg-callout-text"))
        return {"calloutEmoji": _words(card, "kg-callout-emoji"), "calloutText": words}
    if kind == "button":
        return {"buttonUrl": link, "buttonText": "".join(map(str, card.itertext()))}
    if kind == "file":
        return {
            "src": link,
            "fileTitle": _words(card, "kg-file-card-title"),
            "fileCaption": _words(card, "kg-file-card-caption"),
            "fileName": _words(card, "kg-file-card-filename"),
        }
    if kind == "product":
        return {
            "productImageSrc": pictures[0]["src"] if pictures else "",
            "productTitle": _inside(_first(card, "kg-product-card-title")),
            "productDescription": _inside(_first(card, "kg-product-card-description")),
            "productButtonEnabled": bool(link),
            "productUrl": link,
            "productButton": _words(card, "kg-product-card-button"),
        }
    if kind in ("video", "audio"):
        title = _words(card, "kg-audio-title")
        return {"src": _address(card, kind, "src"), "caption": caption, "title": title}
    return {"header": " ".join(map(str, card.itertext()))}


def _replace(element: etree._Element, written: str) -> None:
    box = parse_fragment(written) if written else etree.Element("body")
    box.tag = "div"
    box.tail = element.tail
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, box)


def _classes(element: etree._Element) -> str:
    return element.get("class") or ""


def _first(card: etree._Element, name: str) -> etree._Element | None:
    return next((one for one in card.iter() if isinstance(one.tag, str) and name in _classes(one).split()), None)


def _words(card: etree._Element, name: str) -> str:
    found = _first(card, name)
    return " ".join("".join(map(str, found.itertext())).split()) if found is not None else ""


def _inside(element: etree._Element | None) -> str:
    if element is None:
        return ""
    inner = "".join(str(lxml_html.tostring(child, encoding="unicode")) for child in element)
    return balanced(html.escape(str(element.text or ""), quote=False) + inner)


def _address(card: etree._Element, tag: str, name: str) -> str:
    found = next((one for one in card.iter(tag) if one.get(name)), None)
    return found.get(name) or "" if found is not None else ""
