"""Where files lie: what readers get in one folder, originals outside every served one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils.deconstruct import deconstructible

Told = Callable[[str, str], None]
_told: ContextVar[Told | None] = ContextVar("told", default=None)


@contextlib.contextmanager
def files_told(tell: Told) -> Iterator[None]:
    """Tell of each file of pictures and documents, before it is written here: ("default" or "originals", its name).

    A transaction that is taken back takes no file with it; whoever listens can.
    """
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


@deconstructible(path="standfirst.stories.pictures.storage.PublicStorage")
class PublicStorage(FileSystemStorage):
    """The folder of what readers get, under names that nobody guesses."""

    alias = "default"

    def _save(self, name: str, content: Any) -> str:
        tell = _told.get()
        if tell is not None:
            tell(self.alias, name)
        return str(super()._save(name, content))  # type: ignore[misc]


@deconstructible(path="standfirst.stories.pictures.storage.OriginalsStorage")
class OriginalsStorage(PublicStorage):
    """A folder whose files only colleagues can fetch, through the desk: their only address is a page there."""

    alias = "originals"

    def __init__(self, location: Any = None, **options: Any) -> None:
        # As text: Wagtail writes a storage's arguments into a task when it deletes a file.
        super().__init__(location=str(location) if location else None, **options)

    def url(self, name: str | None) -> str:
        return reverse("stories_picture_original", args=[name or ""])
