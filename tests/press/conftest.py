from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from standfirst.press import queue
from standfirst.press.pressing import the_store
from standfirst.press.services import refresh
from standfirst.stories import selectors as stories
from tests.conftest import STATE
from tests.newsroom import TestNewsroom
from tests.press.paper import Paper


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    paper = Paper(tmp_path / "lantern")
    paper.open()
    return paper


class Press:
    """The press of the tests' newsroom: everything is pressed when it is handed over."""

    def __init__(self, newsroom: TestNewsroom) -> None:
        self.newsroom = newsroom
        self.store = the_store()

    def run(self) -> int:
        """Press whatever is wanted. Returns how many pages."""
        return queue.run()

    def text(self, path: str) -> str:
        """The stored page, '' when none is stored."""
        return (self.store.read(path) or b"").decode()


@pytest.fixture
def press(newsroom: TestNewsroom) -> Iterator[Press]:
    store = the_store()
    shutil.rmtree(store.root, ignore_errors=True)
    store._counter = None
    shutil.copytree(STATE.press, store.root)
    yield Press(newsroom)
    shutil.rmtree(store.root, ignore_errors=True)
    store._counter = None


@pytest.fixture
def broken(press: Press, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a story whose page could not be pressed, and now could."""
    story = press.newsroom.noise[0]

    def fall(path: str) -> None:
        raise ValueError("The lead picture has no edges.")

    with monkeypatch.context() as patch:
        patch.setattr(stories, "story_at", fall)
        with transaction.atomic():
            refresh(paths={story.public_path})
        press.run()
    return story.public_path
