"""Files that an import wrote and its transaction did not keep: none stays, however the import ended."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import storages
from django.db import models

from standfirst.stories.models import NewsDocument, NewsImage, NewsRendition
from standfirst.stories.pictures.storage import files_told

_NAME = "importing.files"
_KEEPERS: dict[str, tuple[type[models.Model], ...]] = {
    "originals": (NewsImage,),
    "default": (NewsRendition, NewsDocument),
}


class LaidFiles:
    """What the import at work has written, noted on disk before it is there: so the next one knows, after a kill."""

    def __init__(self, data: Path) -> None:
        self._journal = data / _NAME

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Around one transaction: whatever of it was not kept is gone afterwards."""
        with self._journal.open("a", encoding="utf-8") as journal:

            def tell(storage: str, name: str) -> None:
                journal.write(json.dumps([storage, name]) + "\n")
                journal.flush()

            try:
                with files_told(tell):
                    yield
            except BaseException:
                with contextlib.suppress(Exception):  # the next import does it
                    self.settle()
                raise
        self.settle()

    def settle(self) -> None:
        """Take away what no row names, and forget the rest."""
        noted = list(self._noted())
        for storage, keepers in _KEEPERS.items():
            names = [name for place, name in noted if place == storage]
            if not names:
                continue
            kept = {name for model in keepers for name in _kept(model, names)}
            for name in names:
                if name not in kept:
                    storages[storage].delete(name)
        self._journal.unlink(missing_ok=True)

    def _noted(self) -> Iterator[tuple[str, str]]:
        try:
            lines = self._journal.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                storage, name = json.loads(line)
            except ValueError:
                continue  # cut off in the middle: that file was not begun
            yield str(storage), str(name)


def _kept(model: type[models.Model], names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        yield from model._default_manager.filter(file__in=part).values_list("file", flat=True)
