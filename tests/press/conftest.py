from __future__ import annotations

from pathlib import Path

import pytest

from standfirst.press import serve
from tests.press.paper import Paper


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    monkeypatch.setattr(serve, "PRESSES", True)
    paper = Paper(tmp_path / "lantern")
    paper.open()
    return paper
