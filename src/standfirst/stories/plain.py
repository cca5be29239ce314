"""Plain text from a phone as story text."""

from __future__ import annotations

import re
from html import escape

_BREAK = re.compile(r"\n[ \t]*\n+")


def story_html(text: str) -> str:
    """Paragraphs at empty lines, subheads at "## ", lists at "- ", line ends kept within a paragraph.

    Nothing in it is read as HTML.
    """
    out = []
    for block in _BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n").strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("## "):
            out.append(f"<h2>{escape(lines.pop(0)[3:].strip())}</h2>")
        if lines and all(re.match(r"[-•*] ", line) for line in lines):
            out.append("<ul>" + "".join(f"<li>{escape(line[2:].strip())}</li>" for line in lines) + "</ul>")
        elif lines:
            out.append("<p>" + "<br/>".join(escape(line) for line in lines) + "</p>")
    return "".join(out)
