"""Saved pages with their passages, and beside each what was marked there and where it must be found (own words)."""

from __future__ import annotations

import json
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag

from standfirst.kit.anchoring import Passage, Text

HERE = Path(__file__).parent
PAGES = sorted(path.stem for path in HERE.glob("*.html"))


def html_of(page: str) -> str:
    return (HERE / f"{page}.html").read_text("utf-8")


def cases_of(page: str) -> list[dict]:
    return json.loads((HERE / f"{page}.json").read_text("utf-8"))


def text_on(html: str) -> Text:
    """The passages of a page, as its elements name them."""
    soup = BeautifulSoup(html, "html.parser")
    return Text(
        Passage(name_of(element), own_text(element))
        for element in soup.select("article [id], [data-passage]")
        if name_of(element)
    )


def name_of(element: Tag) -> str:
    if element.get("data-passage"):
        return str(element["data-passage"])
    return str(element["id"]) if str(element.get("id", "")).startswith("p-") else ""


def own_text(element: Tag) -> str:
    """Its text without that of passages within it."""
    pieces = []
    for node in element.descendants:
        if isinstance(node, Tag) and node.name == "br":
            pieces.append(" ")
        elif isinstance(node, NavigableString):
            owner = next((parent for parent in node.parents if name_of(parent)), None)
            if owner is element:
                pieces.append(str(node))
    return "".join(pieces)
