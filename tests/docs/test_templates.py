"""Templates compile, hold no inline script or style, and ask nobody but ourselves."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src" / "standfirst").glob("*/templates/**/*.html"))
#: The desk follows Wagtail; only what readers get is bound by our policy.
DESK = {"wagtailadmin", "wagtailsnippets", "wagtailimages", "desk", "admin", "people"}
#: Not a page but a mail, whose program knows no stylesheet but its own.
MAILED = {"letter.html"}
PUBLIC = [file for file in TEMPLATES if not DESK & set(file.parts) and file.name not in MAILED]
#: Shown when nothing works any more, translations included.
LAST_RESORT = "theme/templates/500.html"


def name(file: Path) -> str:
    return str(file.relative_to(ROOT / "src" / "standfirst"))


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_the_template_compiles(file):
    engines["django"].from_string(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", PUBLIC, ids=name)
def test_the_template_needs_no_exception_from_the_policy(file):
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)

    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [tag for tag in scripts if "src=" not in tag and "ld+json" not in tag] == []
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']", text)
    assert re.findall(r"(?:src|srcset|action)=[\"']https?://[^\"']*", text) == []
    assert re.findall(r"<link\b[^>]*href=[\"']https?://[^\"']*", text) == []


@pytest.mark.parametrize("file", [file for file in TEMPLATES if name(file) != LAST_RESORT], ids=name)
def test_every_word_of_the_template_can_be_translated(file):
    """A plain check: no line of bare words between tags outside {% translate %} and {% blocktranslate %}."""
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"{%\s*block (?:bodyclass|furniture)\b.*?endblock.*?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*blocktrans.*?endblocktrans\w*\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|svg|code)\b.*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    text = re.sub(r"&\w+;", "", text)

    bare = [line.strip() for line in text.splitlines() if re.search(r"[A-Za-zА-яІіЇїЄєҐґ]{2,}", line)]

    assert bare == []
