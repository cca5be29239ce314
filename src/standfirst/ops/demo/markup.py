"""How the demo's stories are written down: front matter in TOML, a simple text, and ``:::`` for what is not text.

    +++
    headline = "…"
    +++
    A paragraph with **bold**, *italic* and a [link](https://…) or a [story](story:its-id).

    ## A subhead

    ::: fact_box
    heading = "…"
    text = \"\"\"…\"\"\"
    :::

Dates in a text count from the day the story is published, so that the demo is always fresh: ``{d-3}`` is
"11 November", ``{on+2}`` "on Friday", ``{from+2}`` "from Friday", ``{w+1}`` "Friday" (``{On+2}``, ``{From+2}``
begin a sentence).
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from html import escape
from typing import Any

_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS_UK = "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
MONTHS = {"en": _MONTHS_EN.split(" "), "uk": _MONTHS_UK.split(" ")}
DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "uk": ["понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"],
}
ON = {
    "en": [f"on {day}" for day in DAYS["en"]],
    "uk": ["у понеділок", "у вівторок", "у середу", "у четвер", "у п’ятницю", "у суботу", "у неділю"],
}
FROM = {
    "en": [f"from {day}" for day in DAYS["en"]],
    "uk": ["з понеділка", "з вівторка", "із середи", "із четверга", "з п’ятниці", "із суботи", "з неділі"],
}

_date = re.compile(r"\{(d|w|on|On|from|From)([+-]\d+)\}")
_link = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_fence = re.compile(r"^::: ?(\w+)\n(.*?)^:::[ ]*$", re.DOTALL | re.MULTILINE)


class WrongText(Exception):
    """A file of the demo is not written as it should be; the message says which part."""


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The TOML between two ``+++`` lines, and what follows it."""
    parts = re.split(r"^\+\+\+\s*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise WrongText("A story begins with its front matter between two lines of +++.")
    return tomllib.loads(parts[1]), parts[2].strip()


def with_dates(value: Any, day: dt.date, language: str) -> Any:
    """`value` (text, or tables and lists of texts) with every ``{d-3}`` written out."""
    if isinstance(value, dict):
        return {key: with_dates(item, day, language) for key, item in value.items()}
    if isinstance(value, list):
        return [with_dates(item, day, language) for item in value]
    if not isinstance(value, str):
        return value

    def written(match: re.Match[str]) -> str:
        form, that_day = match.group(1), day + dt.timedelta(days=int(match.group(2)))
        if form == "d":
            return f"{that_day.day} {MONTHS[language][that_day.month - 1]}"
        words = {"w": DAYS, "on": ON, "from": FROM}[form.lower()][language][that_day.weekday()]
        return words[0].upper() + words[1:] if form[0].isupper() else words

    return _date.sub(written, value)


def blocks(text: str) -> list[tuple[str, Any]]:
    """The body in order: ("text", marked-up text) and (kind of block, its fields)."""
    found: list[tuple[str, Any]] = []
    position = 0
    for match in _fence.finditer(text):
        if before := text[position : match.start()].strip():
            found.append(("text", before))
        found.append((match.group(1), tomllib.loads(match.group(2))))
        position = match.end()
    if rest := text[position:].strip():
        found.append(("text", rest))
    if any(kind == "text" and ":::" in value for kind, value in found):
        raise WrongText("A block begins with “::: kind” and ends with a line of its own that says :::.")
    return found


def links_to_stories(text: str) -> list[str]:
    """Ids of the stories a text links to."""
    return [address.removeprefix("story:") for _words, address in _link.findall(text) if address.startswith("story:")]


def html(text: str, pages: dict[str, int] | None = None) -> str:
    """Marked-up text as rich text. pages: id of a linked story → page number; an unknown one loses its link."""
    return "".join(_block(part.strip(), pages or {}) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def _block(part: str, pages: dict[str, int]) -> str:
    if heading := re.fullmatch(r"(##|###) (.+)", part):
        tag = "h2" if heading.group(1) == "##" else "h3"
        return f"<{tag}>{_inline(heading.group(2), pages)}</{tag}>"
    lines = part.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(line[2:], pages)}</li>" for line in lines) + "</ul>"
    if all(re.match(r"\d+\. ", line) for line in lines):
        items = (line.split(". ", 1)[1] for line in lines)
        return "<ol>" + "".join(f"<li>{_inline(item, pages)}</li>" for item in items) + "</ol>"
    if all(line.startswith(">") for line in lines):
        words = [line.removeprefix(">").strip() for line in lines]
        return f"<blockquote>{_inline(' – '.join(filter(None, words)), pages)}</blockquote>"
    return f"<p>{_inline(' '.join(lines), pages)}</p>"


def _inline(text: str, pages: dict[str, int]) -> str:
    def anchor(match: re.Match[str]) -> str:
        words, address = match.groups()
        if not address.startswith("story:"):
            return f'<a href="{address}">{words}</a>'
        number = pages.get(address.removeprefix("story:"))
        return f'<a linktype="page" id="{number}">{words}</a>' if number else words

    text = _link.sub(anchor, escape(text, quote=False))
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"<i>\1</i>", text)
