"""Small tools for a page's tree: its lines, their words, and taking things out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_BLOCK_NAMES = """
address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())


def leaves(box: etree._Element) -> Iterator[etree._Element]:
    """Boxes of text that hold no other box, in reading order."""
    for element in box.iter():
        if (
            isinstance(element.tag, str)
            and element.tag in BLOCKS
            and not any(isinstance(below.tag, str) and below.tag in BLOCKS for below in element.iterdescendants())
        ):
            yield element


def has_pictures(element: etree._Element) -> bool:
    return next(element.iter("img", "iframe", "video"), None) is not None or "sf-embed" in (element.get("class") or "")


def is_in(element: etree._Element, box: etree._Element) -> bool:
    return element is box or any(up is box for up in element.iterancestors())


def text_in(element: etree._Element) -> str:
    """An element's words on one line; boxes and breaks count as spaces, marks inside a word do not."""
    parts = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if one.tag in BLOCKS or one.tag == "br":
            parts.append(" ")
        if event == "start":
            parts.append(str(one.text or ""))
        elif one is not element:
            parts.append(str(one.tail or ""))
    return " ".join("".join(parts).split())


def flat(text: str) -> str:
    """Letters and figures alone: what two readings of the same words have in common."""
    return re.sub(r"\W+", "", text).casefold()


def found_in(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements that an XPath names."""
    hits = element.xpath(path)
    return [hit for hit in hits if isinstance(hit, etree._Element)] if isinstance(hits, list) else []
