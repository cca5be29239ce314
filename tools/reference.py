"""Write the table of template tags in docs/developers/reference.md from their docstrings."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "developers" / "reference.md"
BEGIN, END = "<!-- tags: begin -->\n", "<!-- tags: end -->"


def tag_table() -> str:
    """One row for each tag and filter of ours: name, library, what it gives."""
    import standfirst

    rows = []
    for info in pkgutil.walk_packages(standfirst.__path__, "standfirst."):
        if info.name.split(".")[-2] != "templatetags":
            continue
        module = importlib.import_module(info.name)
        library = info.name.split(".")[-1]
        for name, function in {**module.register.tags, **module.register.filters}.items():
            rows.append(f"| `{name}` | `{library}` | {said(inspect.unwrap(function), module, name)} |")
    head = "| tag or filter | library | gives |\n|---|---|---|\n"
    return head + "\n".join(sorted(rows)) + "\n"


def said(function: object, module: object, name: str) -> str:
    """The first line of the docstring, as a cell of a table."""
    # Simple tags are wrapped by Django; the module holds the function itself under its own name.
    own = getattr(module, name, function)
    text = (inspect.getdoc(own) or "").split("\n\n")[0].replace("\n", " ")
    return re.sub(r"\s*\|\s*", " \\| ", text)


def page(text: str) -> str:
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{tag_table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
