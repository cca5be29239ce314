"""What changed between two public versions of a story, as readers see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standfirst.kit.worddiff import Difference, passage_differences
from standfirst.stories.models import PublicVersion
from standfirst.stories.passages import is_credit, passages_of, version_data

# What a version holds beside its running text, as one line each. The name is what a template says above it.
_LINES = ("kind", "section", "bylines", "based_on", "lead-picture", "tags", "pictures")
_FIGURE = re.compile(r"\d[\d.,:\u00a0\u202f]*")
# Whoever read only the top of the story read these.
TOP = ("headline", "standfirst", "lead-caption", "lead-picture")


@dataclass(frozen=True)
class Comparison:
    """The differences in the order of the page. is_known: neither version's words are withheld."""

    differences: tuple[Difference, ...] = ()
    is_known: bool = True

    @property
    def touches_top(self) -> bool:
        """Whether the headline, the standfirst, the first paragraph, the lead picture or a figure changed."""
        return any(one.name in (*TOP, "first") or _figures_differ(one) for one in self.differences)


def compared(before: PublicVersion | None, after: PublicVersion) -> Comparison:
    """What readers saw change from one version to a later one. A first version changed nothing."""
    if before is None:
        return Comparison()
    old, new = version_data(before), version_data(after)
    if old is None or new is None:
        return Comparison(is_known=False)
    return compared_data(old, new)


def compared_data(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    found = passage_differences(list(_texts(old)), list(_texts(new)))
    first = {first_paragraph(old), first_paragraph(new)} - {""}
    return Comparison(
        tuple(Difference("first", one.old, one.new) if one.name in first else one for one in found if _says(one))
    )


def first_paragraph(data: dict[str, Any]) -> str:
    """The name of the paragraph the running text begins with; "" of none."""
    return next((one.name for one in passages_of(data) if one.name.startswith("p-")), "")


def _says(one: Difference) -> bool:
    return bool((one.old or "").strip() or (one.new or "").strip())


def _texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    seen = set()
    for passage in passages_of(data):
        if is_credit(passage.name):
            continue  # among the lines below, where readers look for it
        seen.add(passage.name)
        yield passage.name, passage.text
    for name in _LINES:
        text = _line(name, data)
        if text and name not in seen:
            yield name, text


def _line(name: str, data: dict[str, Any]) -> str:
    if name == "lead-picture":
        return _picture(data.get("lead"))
    if name == "pictures":
        return " · ".join(filter(None, (_picture(value) for value in _pictures(data.get("body") or []))))
    value = data.get(name)
    if name == "bylines":
        return ", ".join(f"{line['name']} {line.get('note', '')}".strip() for line in value or [])
    if name == "based_on":
        return ", ".join(str(line["name"]) for line in value or [])
    if name == "tags":
        return ", ".join(value or [])
    return str(value or "")


def _picture(value: Any) -> str:
    """A picture in words: what tells it from another one, but its caption, which is a passage."""
    if not isinstance(value, dict):
        return ""
    name = str(value.get("image") or "")
    return ", ".join(filter(None, [f"№ {name}" if name else "", value.get("alt") or "", value.get("credit") or ""]))


def _pictures(blocks: list[Any]) -> Iterator[Any]:
    for block in blocks:
        value = block.get("value")
        if block.get("type") == "picture":
            yield value
        elif block.get("type") == "gallery" and isinstance(value, dict):
            for one in value.get("pictures") or []:
                yield one.get("value", one) if isinstance(one, dict) else one


def _figures_differ(one: Difference) -> bool:
    """Whether a passage that was there before says another number now."""
    if one.old is None or one.new is None:
        return False
    return sorted(_FIGURE.findall(one.old)) != sorted(_FIGURE.findall(one.new))
