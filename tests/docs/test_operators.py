"""The operators' pages say what there is, no less and no more."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from standfirst.config.newsroom import SETTINGS, WrongSetting, load

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = ROOT / "docs" / "operators"


def test_the_page_of_commands_is_what_the_command_says():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import commands
    finally:
        sys.path.pop(0)

    stale = "docs/operators/commands.md is stale. Run: .venv/bin/python tools/commands.py"
    assert (OPERATORS / "commands.md").read_text(encoding="utf-8") == commands.page(), stale


def test_every_setting_is_documented_and_no_other():
    page = (OPERATORS / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| `(STANDFIRST_[A-Z_]+)` \|", page, re.MULTILINE)

    assert rows == [(setting.key, setting.variable) for setting in SETTINGS]


def test_the_documented_refusal_is_the_real_one(tmp_path):
    page = (OPERATORS / "settings.md").read_text(encoding="utf-8")
    (tmp_path / "standfirst.toml").write_text(f'secret_key = "{"x1" * 30}"\ntime_zone = "Kyiv"\n', encoding="utf-8")

    with pytest.raises(WrongSetting) as refusal:
        load(tmp_path, {})

    assert f"\n{refusal.value}\n" in page


def test_every_page_the_operators_are_sent_to_is_there():
    pages = [*OPERATORS.glob("*.md"), ROOT / "docs" / "index.md"]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}, which is not there"
