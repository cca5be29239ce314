"""Files that the old site's texts offered for download, films and recordings among them: found, taken in, linked to."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from standfirst.importers.media import MAX_FILE_BYTES, MediaFolder
from standfirst.importers.memory import Memory, key_of
from standfirst.importers.oldfiles import UPLOAD, OldFiles
from standfirst.importers.pictures import KEPT
from standfirst.importers.records import PictureUse
from standfirst.importers.report import Report
from standfirst.kit import oldpaths
from standfirst.kit.html import text_of
from standfirst.kit.links import split
from standfirst.stories.models import NewsDocument
from standfirst.stories.services import document_take_in

Known = Callable[[PictureUse], PictureUse | None]
_LINK = re.compile(r'<a href="(/[^"]*)">(.*?)</a>', re.DOTALL)


class Documents:
    """Makes links to files of the old site links to files of ours, where they are in the media folder.

    known: what the old system says of a file by its address (records.Source.picture).
    """

    def __init__(
        self, media: MediaFolder, memory: Memory, report: Report, *, site_url: str, known: Known, old_files: OldFiles
    ) -> None:
        self._media = media
        self._memory = memory
        self._report = report
        self._site = split(site_url)
        self._known = known
        self._old_files = old_files
        self._made: dict[str, NewsDocument | None] = {}

    def start_again(self) -> None:
        """Believe nothing but the database."""
        self._made = {}

    def blocks(self, converted: list[dict[str, Any]], changes: list[str]) -> list[dict[str, Any]]:
        """The same blocks with what is here linked to it; `changes` names what is not."""
        return [self._block(block, changes) for block in converted]

    def _block(self, block: dict[str, Any], changes: list[str]) -> dict[str, Any]:
        if block["type"] == "text":

            def link(match: re.Match[str]) -> str:
                document = self._find(html.unescape(match[1]), match[2], changes)
                return match[0] if document is None else f'<a linktype="document" id="{document.pk}">{match[2]}</a>'

            return block | {"value": _LINK.sub(link, block["value"])}
        if block["type"] == "embed":
            parts = split(block["value"]["url"])
            if self._site.netloc and _bare(parts.netloc) == _bare(self._site.netloc):
                named = block["value"]["title"] if block["value"]["title"] != _bare(parts.hostname) else ""
                words = block["value"]["caption"] or named or unquote(parts.path).rsplit("/", 1)[-1]
                document = self._find(parts.path, words, changes)
                if document is not None:
                    return {"type": "file", "value": {"document": document.pk, "label": words[:200]}}
        return block

    def _find(self, address: str, words: str, changes: list[str]) -> NewsDocument | None:
        path = split(address).path
        if not oldpaths.is_file(path):
            return None
        if path.rpartition(".")[2].lower() in oldpaths.PICTURES:
            # Its address leads to the picture, if that is here.
            if self._memory.get(UPLOAD, key_of(oldpaths.original_of(path))) is None:
                changes.append(_("Its link to %(address)s leads nowhere.") % {"address": path})
            return None
        src = f"{self._site.scheme}://{self._site.netloc}{path}" if self._site.netloc else path
        known = self._known(PictureUse(src=src))
        key = key_of((known.file if known else "") or oldpaths.original_of(path))
        if key not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()  # the database knows them
            before = self._memory.get("file", key)
            document = before.object if before and isinstance(before.object, NewsDocument) else None
            file = self._media.find((known.file if known else "") or path) if document is None else None
            if file is not None and file.stat().st_size <= MAX_FILE_BYTES:
                document = self._take_in(file, text_of((known.title if known else "") or words), key, src)
            self._made[key] = document
        if self._made[key] is None:
            changes.append(_("The file %(address)s is not here; what offers it leads nowhere.") % {"address": path})
        return self._made[key]

    def _take_in(self, file: Path, title: str, key: str, src: str) -> NewsDocument:
        document = document_take_in(file=file, name=unquote(split(src).path).rsplit("/", 1)[-1], title=title)
        self._memory.remember("file", key, document)
        self._old_files.remember(document, src=src)
        self._report.count("files")
        return document


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")
