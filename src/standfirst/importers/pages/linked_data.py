"""What a page says of its story to machines in JSON-LD (schema.org): read forgivingly, for it is often broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from standfirst.kit.html import text_of

_MAX_CHARS = 3_000_000
_MAX_NODES = 5_000
_MAX_DEPTH = 30
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:(?://\s*)?-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_NOT_STORIES = frozenset({"scholarlyarticle", "techarticle", "apireference", "advertisercontentarticle"})
_LISTS = frozenset({"itemlist", "collectionpage", "searchresultspage", "blog", "listitem", "datafeed"})


@dataclass
class LinkedData:
    """article: the node of the story the page is about, {} without one. crumbs: (name, address) from the home page on.

    types: of everything at the top, in small letters; how many stories it lists says whether it is a list.
    """

    article: dict[str, Any] = field(default_factory=dict)
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    stories: int = 0
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """A property as plain text: its first value, a node by its name."""
        for value in self.values(name):
            text = text_of(value if isinstance(value, str) else str(value.get("name") or value.get("@value") or ""))
            if text:
                return text
        return ""

    @property
    def is_paid(self) -> bool:
        """Whether it says that not everybody may read it, in whole or in a part."""
        parts = [self.article, *(part for part in self.values("hasPart") if isinstance(part, dict))]
        return any(str(part.get("isAccessibleForFree", "")).rpartition("/")[2].lower() == "false" for part in parts)

    @property
    def paid_classes(self) -> frozenset[str]:
        """The classes of the boxes that hold what was for some readers only; they are of the story."""
        said = " ".join(str(part.get("cssSelector") or "") for part in self.values("hasPart") if isinstance(part, dict))
        return frozenset(re.findall(r"\.([\w-]{1,80})", said[:2000]))

    def values(self, name: str) -> list[Any]:
        """A property's values: strings, or nodes with their references followed."""
        found = self.article.get(name)
        out: list[Any] = []
        for value in found if isinstance(found, list) else [found]:
            if isinstance(value, dict):
                known = self.by_id.get(str(value.get("@id", "")))
                out.append({**known, **value} if known else value)
            elif isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                out.append(str(value))
        return out[:200]


def linked_data(document: etree._Element) -> LinkedData:
    """All the JSON-LD of a page. Broken pieces are skipped; nothing is fetched."""
    found = LinkedData()
    nodes: list[tuple[dict[str, Any], bool]] = []
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        value = _loaded("".join(map(str, script.itertext())))
        nodes += list(_nodes(value, in_list=False, depth=0, room=_MAX_NODES - len(nodes)))
    for node, _in_list in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > 1:
            found.by_id.setdefault(key, node)
    stories: list[dict[str, Any]] = []
    for node, in_list in nodes:
        kinds = _kinds(node)
        if not in_list:
            found.types |= kinds
        if any(_is_story(kind) for kind in kinds):
            found.stories += 1
            if not in_list:
                stories.append(node)
        if "breadcrumblist" in kinds and not found.crumbs:
            found.crumbs = _crumbs(node)
    # A page may carry its neighbours too; its own story says the most.
    found.article = max(stories, key=_weight, default={})
    return found


def name_of(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name") or " ".join(str(value.get(part) or "") for part in ("givenName", "familyName"))
        if isinstance(value, list):
            value = value[0] if value else ""
    return text_of(str(value or ""))


def address_of(value: Any) -> str:
    """The address in a value: a string, or a node with url, contentUrl or @id."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        for name in ("url", "contentUrl", "@id"):
            inner = value.get(name)
            if isinstance(inner, list):
                inner = inner[0] if inner else ""
            if isinstance(inner, dict):
                inner = inner.get("@id")
            if isinstance(inner, str) and inner.strip():
                return inner.strip()
        return ""
    return value.strip() if isinstance(value, str) else ""


def _loaded(text: str) -> Any:
    text = text[:_MAX_CHARS].strip()
    for _time in range(2):
        text = _WRAPPING.sub("", text).strip()
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text).rstrip(";")):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, *, in_list: bool, depth: int, room: int) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every node, and whether it stands inside a list of stories rather than for the page itself."""
    if depth > _MAX_DEPTH or room <= 0:
        return
    if isinstance(value, list):
        for one in value[:1000]:
            for found in _nodes(one, in_list=in_list, depth=depth + 1, room=room):
                room -= 1
                yield found
        return
    if not isinstance(value, dict):
        return
    kinds = _kinds(value)
    if kinds or "@id" in value:
        yield value, in_list
        room -= 1
    below = in_list or bool(kinds & _LISTS)
    for name, inner in value.items():
        # What a story mentions or belongs to is not the page's own story.
        aside = below or (bool(kinds) and name not in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"))
        if isinstance(inner, dict | list):
            for found in _nodes(inner, in_list=aside if name != "@graph" else in_list, depth=depth + 1, room=room):
                room -= 1
                yield found


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        kind.rpartition("/")[2].rpartition(":")[2].lower()
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if isinstance(kind, str)
    }


def _is_story(kind: str) -> bool:
    return (kind.endswith("article") and kind not in _NOT_STORIES) or kind in (
        "blogposting",
        "liveblogposting",
        "report",
    )


def _weight(node: dict[str, Any]) -> tuple[int, int]:
    return len(str(node.get("articleBody") or "")) > 0, len(node)


def _crumbs(node: dict[str, Any]) -> list[tuple[str, str]]:
    rows = []
    items = node.get("itemListElement")
    for number, one in enumerate(items if isinstance(items, list) else [items]):
        if not isinstance(one, dict):
            continue
        inner = one.get("item")
        name = name_of(one) or name_of(inner if isinstance(inner, dict) else "")
        try:
            place = float(str(one.get("position", number)))
        except ValueError:
            place = float(number)
        if name:
            rows.append((place, name, address_of(inner) or address_of(one)))
    return [(name, address) for _place, name, address in sorted(rows)[:12]]
