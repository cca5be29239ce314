"""Saved pages in tests: what a source says of a file, in lines that can be read and compared."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from standfirst.importers.content import HtmlReader
from standfirst.importers.pages import open_source
from standfirst.importers.records import Incoming
from standfirst.kit.html import parse_fragment
from tests.importers.moving import words_of_embed

PAGES = Path(__file__).parent / "data" / "pages"
MARKS = {"h2": "## ", "h3": "### ", "blockquote": "> "}


def read(*files: Path) -> list:
    """Every entry of these files."""
    return list(open_source(list(files)).entries())


def only(*files: Path) -> Incoming:
    """The one story of these files."""
    stories = [entry for entry in read(*files) if isinstance(entry, Incoming)]
    assert len(stories) == 1, read(*files)
    return stories[0]


def told(item: Incoming) -> dict:
    """All of a story but its changes, as the expected JSON writes it."""
    published = item.published.isoformat() if item.published else None
    return {
        "kind": item.kind,
        "title": item.title,
        "link": item.link,
        "addresses": item.addresses,
        "slug": item.slug,
        "published": published,
        "language": item.language,
        "section": [item.section.title, list(item.section.addresses)] if item.section else None,
        "tags": [tag.title for tag in item.tags],
        "authors": [author.name for author in item.authors],
        "standfirst": item.standfirst,
        "lead": [item.lead.src, item.lead.caption, item.lead.credit] if item.lead else None,
        "held": item.held_because,
        "body": lines(item),
        "links": links(item),
    }


def lines(item: Incoming) -> list[str]:
    out: list[str] = []
    for block in HtmlReader(site_url=item.link or "http://none.invalid").convert(item.html).blocks:
        value = block["value"]
        if block["type"] == "text":
            for element in parse_fragment(value):
                if element.tag in ("ul", "ol"):
                    out += [f"* {_words(one)}" for one in element.iter("li")]
                else:
                    out.append(MARKS.get(element.tag, "") + _words(element))
        elif block["type"] == "picture":
            out.append(f"[{value.src}] {value.caption}".strip())
        elif block["type"] == "gallery":
            out += [f"[[{use.src}] {use.caption}".strip() for use in value["pictures"]]
        elif block["type"] == "embed":
            out.append(f"{{{value['url']}}} {words_of_embed(value)}".strip())
        elif block["type"] == "table":
            rows = [value["head"], *value["rows"]] if any(value["head"]) else value["rows"]
            out += ["| " + " | ".join(row) for row in rows]
    return out


def links(item: Incoming) -> list[str]:
    blocks = HtmlReader(site_url=item.link or "http://none.invalid").convert(item.html).blocks
    texts = [block["value"] for block in blocks if block["type"] == "text"]
    return [str(link.get("href")) for text in texts for link in parse_fragment(text).iter("a")]


def _words(element: etree._Element) -> str:
    parts = []
    for one in element.iter():
        parts.append((" " if one.tag == "br" else "") + (one.text or ""))
        if one is not element:
            parts.append(one.tail or "")
    return " ".join("".join(parts).split())
