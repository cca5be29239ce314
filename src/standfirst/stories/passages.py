"""The words of a story as readers see them: named passages, in the order in which the page shows them.

Read from the canonical form of a version alone, so that any old version can be asked; the page carries the same names
in its elements, a paragraph as `id="NAME"`, everything else as `data-passage="NAME"`:

- `kicker`, `headline`, `standfirst`, `byline-N`, `byline-N-note`, `based-on-N` (from 1), `dateline`, `lead-caption`,
  `lead-credit`
- `p-KEY`: a paragraph of running text, of a fact box, of a dated update or of the methods, by its block key
- `b-BLOCKID-PART`, by the id of its block: `caption` (picture, table, embed); `credit` (a picture's, written for this
  use); `heading` (gallery, fact box, unknowns); `title` (embed); `label` (file); `note` (table); `N-caption` and
  `N-credit` (picture N of a gallery, from 1); `0-C` (head of column C of a table) and `R-C` (cell C of row R); `N`
  (question N)
- `source-N-publisher`, `source-N-title`, `source-N-note`
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from standfirst.kit.anchoring import Passage, Text, normal
from standfirst.kit.html import clean_passage
from standfirst.stories.models import PublicVersion

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_KEY = re.compile(r'data-block-key="([A-Za-z0-9_-]{1,36})"')
_PARAGRAPHS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})


def passages_of(data: Mapping[str, Any]) -> list[Passage]:
    """Every passage of a story; data as `canonical.story_data` gives it, or as a version's canonical bytes hold it.

    Texts are normal (`kit.anchoring.normal`): tags dropped, entities decoded, a line break a space. Empty ones are left
    out. What the page says beside a version's own words (dates, the credit of a picture wherever it stands, names of
    parts) is no passage.
    """
    found = [Passage(name, normal(text)) for name, text in _all(data)]
    return [passage for passage in found if passage.text]


def is_credit(name: str) -> bool:
    """Whether a passage says who made it: a reader may challenge that, and it is no word of the story itself."""
    return name.startswith(("byline-", "based-on-")) or name.endswith("-credit")


def text_of(data: Mapping[str, Any]) -> Text:
    """The same as a text in which words can be placed."""
    return Text(passages_of(data))


def text_of_version(version: PublicVersion) -> Text | None:
    """The text of a public version; None when its words are withheld."""
    text = getattr(version, "text", None)
    return _text_of_bytes(bytes(text.canonical)) if text is not None and text.canonical else None


@lru_cache(maxsize=16)
def _text_of_bytes(canonical: bytes) -> Text:
    """A version says the same for good, and many report words of one story within a minute."""
    return text_of(json.loads(canonical))


def version_data(version: PublicVersion) -> dict[str, Any] | None:
    """The canonical form of a public version; None when its words are withheld."""
    text = getattr(version, "text", None)
    if text is None or not bytes(text.canonical):
        return None
    data: dict[str, Any] = json.loads(bytes(text.canonical))
    return data


def _all(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("kicker", "headline", "standfirst"):
        yield name, _plain(data.get(name))
    for number, line in enumerate(data.get("bylines") or (), 1):
        yield f"byline-{number}", _plain(line.get("name"))
        yield f"byline-{number}-note", _plain(line.get("note"))
    for number, line in enumerate(data.get("based_on") or (), 1):
        yield f"based-on-{number}", _plain(line.get("name"))
    yield "dateline", _plain(data.get("dateline"))
    lead = data.get("lead") or {}
    for part in ("caption", "credit"):
        yield f"lead-{part}", _plain(lead.get(part))
    for block in data.get("body") or ():
        if isinstance(block, dict):
            yield from _block(str(block.get("type")), f"b-{block.get('id') or ''}", block.get("value"))
    for number, source in enumerate(data.get("sources") or (), 1):
        for part in ("publisher", "title", "note"):
            yield f"source-{number}-{part}", _plain(source.get(part))
    yield from _rich(data.get("methods"), "methods")


def _block(kind: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if kind == "text":
        yield from _rich(value, name)
    if not isinstance(value, dict):
        return
    if kind == "picture":
        yield from _caption(name, value)
    elif kind == "gallery":
        yield f"{name}-heading", _plain(value.get("heading"))
        for number, picture in enumerate(_items(value.get("pictures")), 1):
            yield from _caption(f"{name}-{number}", picture)
    elif kind == "table":
        yield f"{name}-caption", _plain(value.get("caption"))
        yield from _cells(name, value.get("table"))
        yield f"{name}-note", _plain(value.get("note"))
    elif kind == "fact_box":
        yield f"{name}-heading", _plain(value.get("heading"))
        yield from _rich(value.get("text"), name)
    elif kind == "embed":
        yield f"{name}-title", _plain(value.get("title"))
        yield f"{name}-caption", _plain(value.get("caption"))
    elif kind == "file":
        yield f"{name}-label", _plain(value.get("label"))
    elif kind == "update_note":
        yield from _rich(value.get("text"), name)
    elif kind == "unknowns":
        yield f"{name}-heading", _plain(value.get("heading"))
        for number, question in enumerate(_items(value.get("items")), 1):
            yield f"{name}-{number}", _plain(question)


def _caption(name: str, picture: Any) -> Iterator[tuple[str, str]]:
    # Without its picture nothing of it is shown.
    if isinstance(picture, dict) and picture.get("image"):
        for part in ("caption", "credit"):
            yield f"{name}-{part}", _plain(picture.get(part))


def _cells(name: str, table: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        return
    for column, head in enumerate(table.get("columns") or (), 1):
        yield f"{name}-0-{column}", _plain(head.get("heading"))
    for row, line in enumerate(table.get("rows") or (), 1):
        for column, cell in enumerate(line.get("values") or (), 1):
            yield f"{name}-{row}-{column}", _plain(cell)


def _items(value: Any) -> list[Any]:
    """The values of a list block, whether they are kept with ids or bare."""
    return [
        item["value"] if isinstance(item, dict) and item.get("type") == "item" and "value" in item else item
        for item in value or ()
    ]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _rich(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """The paragraphs of rich text, each with the words that are its own and in no paragraph within it.

    A paragraph without a key, from before keys were given, is counted: no element of the page bears that name.
    """
    if not isinstance(value, str) or not value:
        return
    found: list[tuple[str, list[str]]] = []
    open_now: list[tuple[str, int]] = []
    html = clean_passage(value, stored=True)
    at = 0
    for tag in _TAG.finditer(html):
        _add(found, open_now, name, html[at : tag.start()])
        at = tag.end()
        closing, kind, attributes = tag.groups()
        if kind in ("br", "hr"):
            _add(found, open_now, name, " ")
        elif kind in _PARAGRAPHS and not closing:
            key = _KEY.search(attributes)
            open_now.append((kind, len(found)))
            found.append((f"p-{key.group(1)}" if key else f"{name}-p{len(found) + 1}", []))
        elif kind in _PARAGRAPHS and any(one == kind for one, _index in open_now):
            while open_now.pop()[0] != kind:
                pass
    _add(found, open_now, name, html[at:])
    for own, pieces in found:
        yield own, "".join(pieces)


def _add(found: list[tuple[str, list[str]]], open_now: list[tuple[str, int]], name: str, text: str) -> None:
    if open_now:
        found[open_now[-1][1]][1].append(unescape(text))
    elif text.strip():
        found.append((f"{name}-p{len(found) + 1}", [unescape(text)]))
