"""An element's words."""

from __future__ import annotations

from lxml import etree


def line_of(element: etree._Element | None) -> str:
    """An element's text on one line; line breaks count as spaces."""
    if element is None:
        return ""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if node.tag in ("script", "style"):
                walk.skip_subtree()
            else:
                parts += [" " if node.tag in ("br", "p", "div", "li") else "", str(node.text or "")]
        elif node is not element:
            parts.append(str(node.tail or ""))
    return " ".join("".join(parts).split())
