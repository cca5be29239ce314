"""The old site's pictures: each found once in the media folder, made once here, and put where it was used."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from standfirst.importers.content import MAX_GALLERY
from standfirst.importers.media import MediaFolder, picture_problem
from standfirst.importers.memory import Memory, key_of
from standfirst.importers.oldfiles import OldFiles
from standfirst.importers.records import PictureUse
from standfirst.importers.report import Report
from standfirst.kit.html import text_of
from standfirst.kit.links import split
from standfirst.stories.models import NewsImage
from standfirst.stories.services import picture_take_in

if TYPE_CHECKING:
    from standfirst.importers.download import Downloads

# Readers see these at once; of a large archive's other pictures the sizes are made in the background.
PREPARED_AT_ONCE = 300
# So many are remembered from one use to the next; the others are asked of the database again.
KEPT = 1000

Known = Callable[[PictureUse], PictureUse | None]


class Pictures:
    """Finds the picture behind a use, and turns converted blocks into blocks of ours.

    known: what the old system says of a used picture (records.Source.picture).
    downloads: where pictures lie that were fetched from the old site; None without the switch.
    """

    def __init__(
        self,
        media: MediaFolder,
        memory: Memory,
        report: Report,
        *,
        old_files: OldFiles,
        known: Known,
        downloads: Downloads | None = None,
    ) -> None:
        self._media = media
        self._memory = memory
        self._report = report
        self._old_files = old_files
        self._known = known
        self._downloads = downloads
        self._fetched: set[str] = set()
        self._refused: dict[str, str] = {}
        self.start_again()

    def start_again(self) -> None:
        """Believe nothing but the database."""
        self._made: dict[str, NewsImage | None] = {}

    def fetch_ahead(self, use: PictureUse) -> None:
        """Ask the old site for a picture that is nowhere here. Takes its time: never inside a transaction."""
        known = self._known(use) or use
        key = key_of(known.file or known.src)
        if self._downloads is None or not known.src or key in self._fetched or self._memory.get("picture", key):
            return
        self._fetched.add(key)
        if self._in_folder(use, known) is None:
            self._downloads.fetch(known.src)

    def lead(self, use: PictureUse, *, text: str) -> tuple[NewsImage | None, str, str]:
        """The picture set above a text: (the picture, its description, its caption)."""
        known = self._known(use) or use
        image = self._find(use, known, text, use.caption)
        return image, use.alt or known.alt, use.caption or known.caption

    def blocks(self, converted: list[dict[str, Any]], *, text: str) -> list[dict[str, Any]]:
        """Blocks with pictures by number. Where a picture is missing its caption stays, as a line of text."""
        out: list[dict[str, Any]] = []
        for block in converted:
            if block["type"] == "picture":
                out += self._pictures([block["value"]], "", text)
            elif block["type"] == "gallery":
                out += self._pictures(block["value"]["pictures"], block["value"]["heading"], text)
            elif block["type"] == "table":
                out.append({"type": "table", "value": _table(block["value"])})
            else:
                out.append(block)
        return _joined_texts(out)

    def _pictures(self, uses: list[PictureUse], heading: str, text: str) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []
        lost: list[str] = []
        for use in uses:
            known = self._known(use) or use
            caption = use.caption or (text_of(known.caption) if len(uses) > 1 else "")
            image = self._find(use, known, text, caption)
            if image is None:
                if caption:
                    lost.append(caption)
                continue
            alt = use.alt or known.alt
            shown.append(
                {"image": image.pk, "alt": alt[:250], "decorative": False, "caption": caption[:500], "credit": ""}
            )
        out: list[dict[str, Any]] = []
        for start in range(0, len(shown), MAX_GALLERY):
            part = shown[start : start + MAX_GALLERY]
            if len(part) == 1:
                out.append({"type": "picture", "value": part[0]})
            else:
                items = [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in part]
                out.append({"type": "gallery", "value": {"heading": heading if start == 0 else "", "pictures": items}})
        if heading and not shown:
            lost.insert(0, heading)
        if lost:
            words = "".join(f"<p><em>{_escaped(caption)}</em></p>" for caption in lost)
            out.append({"type": "text", "value": words})
        return out

    def _find(self, use: PictureUse, known: PictureUse, text: str, caption: str = "") -> NewsImage | None:
        key = key_of(known.file or known.src)
        if not key:
            self._report.miss(
                picture=f"attachment {use.attachment}", why=_("The export does not describe it."), text=text
            )
            return None
        file = self._in_folder(use, known)
        if file is None and self._downloads is not None and known.src:
            file = self._downloads.find(known.src)
        name = str(file) if file else key
        if name not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()
            before = self._memory.get("picture", key)
            image = before.object if before and isinstance(before.object, NewsImage) else None
            if image is None and file is not None:
                image = self._take_in(file, known, key, name)
            self._made[name] = image
        if self._made[name] is None:
            why = self._refused.get(name) or (self._downloads.why(known.src) if self._downloads else "")
            why = why or _("It is not in the media folder.")
            self._report.miss(picture=known.file or known.src, why=why, text=text, caption=caption)
        return self._made[name]

    def _in_folder(self, use: PictureUse, known: PictureUse) -> Path | None:
        if known.local is not None and known.local.is_file():
            return known.local
        places = dict.fromkeys((known.file, known.src, use.src))
        return next((found for place in places if place and (found := self._media.find(place))), None)

    def _take_in(self, file: Path, known: PictureUse, key: str, name: str) -> NewsImage | None:
        problem = picture_problem(file)
        if problem:
            self._refused[name] = problem
            return None
        image = picture_take_in(
            file=file,
            title=text_of(known.title) or _file_name(known) or file.stem,
            credit=text_of(known.credit),
            description=text_of(known.alt),
            at_once=self._report.totals.get("pictures", 0) < PREPARED_AT_ONCE,
        )
        self._memory.remember("picture", key, image)
        self._old_files.remember(image, src=known.src, attachment=known.attachment)
        self._report.count("pictures")
        return image


def _file_name(known: PictureUse) -> str:
    """What the file was called in the old system; ours may be called by a figure."""
    return unquote(split(known.src).path).rstrip("/").rsplit("/", 1)[-1].rpartition(".")[0]


def _table(value: dict[str, Any]) -> dict[str, Any]:
    columns = [{"type": "text", "heading": heading} for heading in value["head"]]
    return {
        "caption": value["caption"],
        "table": {"columns": columns, "rows": [{"values": row} for row in value["rows"]], "caption": ""},
        "first_column_is_header": value["row_heads"],
        "note": "",
    }


def _joined_texts(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One running text where a missing picture left two (decision 3)."""
    out: list[dict[str, Any]] = []
    for block in blocks:
        if block["type"] == "text" and out and out[-1]["type"] == "text":
            out[-1] = {"type": "text", "value": out[-1]["value"] + block["value"]}
        else:
            out.append(block)
    return out


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
