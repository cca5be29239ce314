"""The old site's pictures: each found once in the media folder, made once here, and put where it was used."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.content import MAX_GALLERY
from standfirst.importers.media import MediaFolder, picture_problem
from standfirst.importers.memory import Memory
from standfirst.importers.records import PictureUse
from standfirst.importers.report import Report
from standfirst.kit.html import text_of
from standfirst.stories.models import NewsImage
from standfirst.stories.services import picture_take_in

# Readers see these at once; of a large archive's other pictures the sizes are made in the background.
PREPARED_AT_ONCE = 300

Known = Callable[[PictureUse], PictureUse | None]
Fetch = Callable[[str], Path | str]


class Pictures:
    """Finds the picture behind a use, and turns converted blocks into blocks of ours.

    known: what the old system says of a used picture (records.Source.picture).
    fetch: brings a picture that is not in the folder, by its address: the file, or the sentence why there is none.
    """

    def __init__(
        self,
        media: MediaFolder,
        memory: Memory,
        report: Report,
        *,
        known: Known | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        self._media = media
        self._memory = memory
        self._report = report
        self._known = known or (lambda use: None)
        self._fetch = fetch
        self._before = memory.all_of("picture")
        self._made: dict[str, NewsImage | None] = {}
        self._refused: dict[str, str] = {}

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
        if lost:
            words = "".join(f"<p><em>{_escaped(caption)}</em></p>" for caption in lost)
            out.append({"type": "text", "value": words})
        return out

    def _find(self, use: PictureUse, known: PictureUse, text: str, caption: str = "") -> NewsImage | None:
        key = known.file or known.src
        if not key:
            self._report.miss(
                picture=f"attachment {use.attachment}", why=_("The export does not describe it."), text=text
            )
            return None
        places = dict.fromkeys((known.file, known.src, use.src))
        file = next((found for place in places if place and (found := self._media.find(place))), None)
        name = str(file) if file else key
        if name not in self._made:
            before = self._before.get(key[:200])
            image = before.object if before and isinstance(before.object, NewsImage) else None
            if image is None and file is None and self._fetch and known.src:
                fetched = self._fetch(known.src)
                if isinstance(fetched, Path):
                    file = fetched
                else:
                    self._refused[name] = fetched
            if image is None and file is not None:
                image = self._take_in(file, known, key, name)
            self._made[name] = image
        if self._made[name] is None:
            why = self._refused.get(name) or _("It is not in the media folder.")
            self._report.miss(picture=key, why=why, text=text, caption=caption)
        return self._made[name]

    def _take_in(self, file: Path, known: PictureUse, key: str, name: str) -> NewsImage | None:
        problem = picture_problem(file)
        if problem:
            self._refused[name] = problem
            return None
        image = picture_take_in(
            file=file,
            title=text_of(known.title) or file.stem,
            credit=text_of(known.credit),
            description=text_of(known.alt),
            at_once=self._report.totals.get("pictures", 0) < PREPARED_AT_ONCE,
        )
        self._before[key[:200]] = self._memory.remember("picture", key, image)
        self._report.count("pictures")
        return image


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
