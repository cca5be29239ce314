"""The standing pages a new paper begins with. True of this software; [ ] marks what only the newsroom can say.

One file per page in `LANGUAGE/PATH.html`: lines `name: value`, an empty line, then rich text. `${root}` is the
language's front, `$name` the paper, `$limit` the length of a free extract.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
# What a language gets that we have no texts for.
FALLBACK = "en"
# In the order of the footer.
PATHS = (
    "about",
    "about/ethics",
    "about/corrections",
    "about/ownership",
    "funding",
    "reuse",
    "privacy",
    "cookies",
    "accessibility",
    "support",
    "newsletter",
)


@dataclass(frozen=True)
class DefaultPage:
    path: str
    title: str
    introduction: str
    body: str
    in_footer: bool

    @property
    def needs_newsroom(self) -> bool:
        return "[" in self.body + self.introduction


def default_pages(*, language: str, name: str, root: str, limit: int = 500) -> list[DefaultPage]:
    """The pages in a language; in English with a note to translate them where we have no texts for it."""
    folder = HERE / language.split("-")[0]
    note = ""
    if not folder.is_dir():
        folder, note = HERE / FALLBACK, f"<p>[Translate this page into the paper's own language ({language}).]</p>"
    return [_read(folder / f"{path}.html", path, note, name=name, root=root, limit=limit) for path in PATHS]


def _read(file: Path, path: str, note: str, *, name: str, root: str, limit: int) -> DefaultPage:
    head, _gap, body = file.read_text(encoding="utf-8").partition("\n\n")
    values = dict(line.split(": ", 1) for line in head.splitlines())
    return DefaultPage(
        path=path,
        title=values["title"],
        introduction=Template(values["introduction"]).substitute(name=name, root=root, limit=limit),
        body=note + Template(body.strip()).substitute(name=escape(name), root=root, limit=limit),
        in_footer=values["footer"] == "yes",
    )
