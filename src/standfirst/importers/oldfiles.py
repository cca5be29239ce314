"""The old site's files that are here: a picture's and a document's old address leads to the file as readers get it now.

Not by rows, for one file answered at many addresses (each size that was ever made of a picture); by rule, behind the
404, from what `ImportedItem` remembers: `upload`, the path of the original, and `attachment`, WordPress's number of it.
"""

from __future__ import annotations

import re

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from standfirst.importers.memory import Memory, key_of
from standfirst.importers.models import ImportedItem, Move
from standfirst.kit import oldpaths
from standfirst.kit.links import split
from standfirst.stories.models import NewsDocument, NewsImage, StoryPage

UPLOAD, ATTACHMENT = "upload", "attachment"
_WHOLE = re.compile(r"width-(\d+)\|format-(jpeg|webp)")


class OldFiles:
    """Remembers where the files of one source lay."""

    def __init__(self, memory: Memory, *, site_url: str) -> None:
        self._memory = memory
        self._host = _host(site_url)

    def remember(self, obj: Model, *, src: str, attachment: int = 0) -> None:
        """obj: the picture or document that it has become. src: its address there, which may be another site's."""
        if _host(src) == self._host and self._host:
            self._memory.remember(UPLOAD, key_of(oldpaths.original_of(split(src).path)), obj)
        if attachment:
            self._memory.remember(ATTACHMENT, attachment, obj)


def file_at(path: str) -> str | None:
    """The address of what was an old file; None for one that never came, or that no reader sees. path: decoded once."""
    names = [key_of(name) for name in oldpaths.originals_of(path)]
    return _address_of(UPLOAD, names) if names else None


def file_of_attachment(number: str) -> str | None:
    """The same for a picture whose own page lay below no text: /?attachment_id=12."""
    return _address_of(ATTACHMENT, [number]) if number.isascii() and number.isdigit() and len(number) < 16 else None


def _address_of(kind: str, names: list[str]) -> str | None:
    sources = Move.objects.order_by().values_list("source", flat=True).distinct()
    rows = ImportedItem.objects.filter(source__in=list(sources), kind=kind, foreign_id__in=names)
    found = {row.foreign_id: row.object for row in rows}
    obj = next((found[name] for name in names if found.get(name)), None)
    return _file_of(obj) or None if obj is not None and _is_shown(obj) else None


def _is_shown(obj: Model) -> bool:
    """Whether a page that readers can open shows it. What only drafts hold stays where nobody can guess it."""
    if isinstance(obj, NewsImage) and StoryPage.objects.filter(live=True, lead_image=obj).exists():
        return True
    own = ContentType.objects.get_for_model(Page)
    held = ReferenceIndex.get_references_to(obj).filter(base_content_type=own)
    numbers = [int(number) for number in held.values_list("object_id", flat=True) if number.isdigit()]
    return Page.objects.filter(pk__in=numbers, live=True).exists()


def _file_of(obj: Model) -> str:
    if isinstance(obj, NewsDocument):
        return str(obj.file.url)
    best: tuple[int, bool, str] = (0, False, "")
    if isinstance(obj, NewsImage):
        for rendition in obj.renditions.all():
            form = _WHOLE.fullmatch(rendition.filter_spec)
            if form:
                best = max(best, (int(form[1]), form[2] == "jpeg", str(rendition.file.url)))
    return best[2]


def _host(address: str) -> str:
    parts = split(address)
    return parts.netloc.lower().removeprefix("www.")
