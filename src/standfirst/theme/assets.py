"""The reader's stylesheets: joined from sources by subject, made safe for old browsers, minified.

Sources lie in `css/`; what readers load lies in `static/theme/`. Built by `build()` before static files are
collected, so that no bundler and no Node is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import Node

HERE = Path(__file__).parent
SOURCES = HERE / "css"
OUT = HERE / "static" / "theme"

# The order is the cascade.
SHEETS: dict[str, tuple[str, ...]] = {
    "reader.css": ("fonts", "tokens", "base", "frame", "story", "record", "fronts", "forms", "print"),
    "text.css": ("text",),
}

# Chrome 80 and Safari 13 know `margin-block-start` but not `margin-block`: written short, shipped long.
PAIRS = {
    f"{name}-{axis}": (f"{name}-{axis}-start", f"{name}-{axis}-end")
    for name in ("margin", "padding")
    for axis in ("block", "inline")
}


def build(out: Path = OUT) -> list[Path]:
    """Write every reader's stylesheet into `out`; touch a file only when its text changes."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, parts in SHEETS.items():
        css = stylesheet(parts)
        path = out / name
        if not path.exists() or path.read_text("utf-8") != css:
            path.write_text(css, "utf-8")
        written.append(path)
    return written


def stylesheet(parts: Iterable[str]) -> str:
    """Join the named sources and minify them."""
    return minify("\n".join((SOURCES / f"{part}.css").read_text("utf-8") for part in parts))


def minify(css: str) -> str:
    """Shorten CSS without changing its meaning, and spell out block and inline pairs.

    Raises ValueError with the place of the mistake when the source does not parse.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_rule(rule) for rule in rules) + "\n"


def _rule(node: Node) -> str:
    if node.type == "error":
        raise ValueError(f"Line {node.source_line} of the joined stylesheet: {node.message}.")
    if node.type == "at-rule":
        prelude = _values(node.prelude)
        head = f"@{node.lower_at_keyword}" + (f" {prelude}" if prelude else "")
        if node.content is None:
            return f"{head};"
        if node.lower_at_keyword in {"font-face", "page"}:
            return f"{head}{{{_declarations(node.content)}}}"
        inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        return f"{head}{{{''.join(_rule(rule) for rule in inner)}}}"
    return f"{_values(node.prelude, selector=True)}{{{_declarations(node.content)}}}"


def _declarations(content: list[Node]) -> str:
    out = []
    for node in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if node.type == "error":
            raise ValueError(f"Line {node.source_line} of the joined stylesheet: {node.message}.")
        important = "!important" if node.important else ""
        for name, value in _spelled_out(node):
            out.append(f"{name}:{value}{important}")
    return ";".join(out)


def _spelled_out(node: Node) -> Iterator[tuple[str, str]]:
    pair = PAIRS.get(node.lower_name)
    if pair is None:
        yield node.name, _values(node.value)
        return
    values = [_values([token]) for token in node.value if token.type not in {"whitespace", "comment"}]
    if len(values) > 2:
        raise ValueError(f"{node.name} on line {node.source_line} takes one or two values.")
    yield pair[0], values[0]
    yield pair[1], values[-1]


def _values(tokens: list[Node], *, selector: bool = False) -> str:
    """Serialise with single spaces, and none beside a comma (or beside > and ~ in a selector)."""
    text = tinycss2.serialize([token for token in tokens if token.type != "comment"])
    out: list[str] = []
    quote = ""
    for char in text.strip():
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char.isspace():
            if out and (out[-1] in " ," or (selector and out[-1] == ">")):
                continue
            char = " "
        elif char == "," or (selector and char == ">"):
            while out and out[-1] == " ":
                out.pop()
        out.append(char)
    return "".join(out)


if __name__ == "__main__":
    build()
