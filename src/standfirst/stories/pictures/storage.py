"""Where originals lie: outside every served folder. Their only address is a page of the desk."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils.deconstruct import deconstructible


@deconstructible(path="standfirst.stories.pictures.storage.OriginalsStorage")
class OriginalsStorage(FileSystemStorage):
    """A folder whose files only colleagues can fetch, through the desk."""

    def __init__(self, location: Any = None, **options: Any) -> None:
        # As text: Wagtail writes a storage's arguments into a task when it deletes a file.
        super().__init__(location=str(location) if location else None, **options)

    def url(self, name: str | None) -> str:
        return reverse("stories_picture_original", args=[name or ""])
