"""What the house offers is written down, and what is written down exists."""

import ast
import importlib
import pkgutil
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.dispatch import Signal

import standfirst
from standfirst.config.newsroom import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import reference  # noqa: E402

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("ROOM.md")])
TEST = re.compile(r"(tests/[a-z_/]+\.py)(?:::(test_\w+))?")


def words(folder: str) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / folder).rglob("*.md")))


def modules(name: str) -> list:
    """Every module of that name in the rooms, packages walked through."""
    found = []
    for info in pkgutil.walk_packages(standfirst.__path__, "standfirst."):
        parts = info.name.split(".")
        if parts[-1] == name or (len(parts) > 3 and parts[-2] == name):
            found.append(importlib.import_module(info.name))
    return found


def test_every_setting_is_documented_for_operators():
    text = words("operators")

    assert [s.key for s in SETTINGS if f"`{s.key}`" not in text] == []
    assert [s.variable for s in SETTINGS if s.variable not in text] == []


def test_every_signal_is_documented_for_developers():
    text = words("developers")
    signals = [
        name for module in modules("signals") for name, value in vars(module).items() if isinstance(value, Signal)
    ]

    assert [name for name in signals if f"`{name}`" not in text] == []


def test_the_reference_of_template_tags_is_the_one_of_their_docstrings():
    text = reference.PAGE.read_text(encoding="utf-8")

    assert text == reference.page(text), "Run `python tools/reference.py`."
    silent = re.findall(r"^\| `(\w+)` \| `\w+` \|  \|$", reference.tag_table(), re.MULTILINE)
    assert silent == []


def test_every_make_target_is_explained_where_one_looks_first():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    helped = re.findall(r"^([a-z]+):.*?## ", makefile, re.MULTILINE)

    assert sorted(phony) == sorted(helped)


def test_readme_names_only_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)


def anchor(heading: str) -> str:
    """The fragment that forges give a heading."""
    text = re.sub(r"[`*_]|\[|\]\([^)]*\)", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def test_no_relative_link_is_dead():
    dead = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, fragment = unquote(target).partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
            elif fragment and file.suffix == ".md":
                headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
                if fragment not in map(anchor, headings):
                    dead.append(f"{page.relative_to(ROOT)}: {target} (no such heading)")

    assert dead == []


def test_every_page_of_the_docs_can_be_reached_from_the_front_door():
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and (page.parent / target).exists():
                waiting.append((page.parent / target).resolve())

    apart = [page for page in DOCS.rglob("*.md") if page not in reached and page.parent.name != "decisions"]
    assert apart == []


def test_every_test_named_in_reading_exists():
    named = TEST.findall((DOCS / "reading.md").read_text(encoding="utf-8"))
    gone = []
    for file, name in named:
        source = ROOT / file
        if not source.exists() or (name and name not in functions(source)):
            gone.append(f"{file}::{name}")

    assert len(named) > 10
    assert gone == []


def functions(source: Path) -> set[str]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("folder", ["src", "tests", "tools"])
def test_no_file_is_too_long_to_hold_in_the_head(folder):
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in file.parts and "node_modules" not in file.parts
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 500
    }

    assert long == {}
