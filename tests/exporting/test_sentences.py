"""Whatever is wrong with an export is said in the language of whoever takes it in."""

import ast
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

import standfirst
from standfirst.kit.exports import BadExport
from standfirst.stories.export.body import Body

ROOT = Path(standfirst.__file__).parent


def test_no_refusal_is_put_together_where_no_catalogue_finds_it():
    found, loose = 0, []
    for file in ROOT.rglob("*.py"):
        text = file.read_text()
        for node in ast.walk(ast.parse(text)) if "BadExport(" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "BadExport":
                found += 1
                if isinstance(node.args[0], ast.JoinedStr | ast.Constant | ast.BinOp):
                    loose.append(f"{file.relative_to(ROOT)}:{node.lineno}")

    assert found > 50
    assert loose == []


def test_a_part_of_a_sentence_is_translated_too():
    with pytest.raises(BadExport) as refusal:
        Body(None, "stories/a.json").read([{"type": "nonsense"}])

    assert str(refusal.value) == (
        "stories/a.json: a block is of type “nonsense”, which this release does not know; use a newer one. "
        "Export again, or take the line out."
    )
    with translation.override("uk"):
        assert "блок має тип «nonsense»" in refusal.value.said(gettext)
