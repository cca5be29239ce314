"""The old site's pictures: each found once in the media folder, made once here, and put where it was used."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from standfirst.importers.media import MediaFolder, picture_problem
from standfirst.importers.memory import Memory
from standfirst.importers.report import Report
from standfirst.importers.wordpress.content import MAX_GALLERY, PictureUse
from standfirst.importers.wordpress.survey import Attachment, Survey
from standfirst.kit.html import text_of
from standfirst.kit.links import split
from standfirst.stories.models import NewsImage
from standfirst.stories.services import picture_take_in

# Readers see these at once; of a large archive's other pictures the sizes are made in the background.
PREPARED_AT_ONCE = 300


class Pictures:
    """Finds the picture behind a use, and turns converted blocks into blocks of ours."""

    def __init__(self, survey: Survey, media: MediaFolder, memory: Memory, report: Report) -> None:
        self._survey = survey
        self._media = media
        self._memory = memory
        self._report = report
        self._before = memory.all_of("picture")
        self._made: dict[str, NewsImage | None] = {}
        self._refused: dict[str, str] = {}

    def featured(self, number: str, *, post: int) -> tuple[NewsImage | None, Attachment | None]:
        """The picture set above a post, by the number of its attachment."""
        attachment = self._survey.attachments.get(int(number)) if number.isascii() and number.isdigit() else None
        if attachment is None:
            if number and number not in ("0", "-1"):
                self._report.miss(picture=f"attachment {number}", why=_("The export does not describe it."), post=post)
            return None, None
        return self._find(PictureUse(src=attachment.url, attachment=attachment.foreign_id), post), attachment

    def blocks(self, converted: list[dict[str, Any]], *, post: int) -> list[dict[str, Any]]:
        """Blocks with pictures by number. Where a picture is missing its caption stays, as a line of text."""
        out: list[dict[str, Any]] = []
        for block in converted:
            if block["type"] == "picture":
                out += self._pictures([block["value"]], "", post)
            elif block["type"] == "gallery":
                out += self._pictures(block["value"]["pictures"], block["value"]["heading"], post)
            elif block["type"] == "table":
                out.append({"type": "table", "value": _table(block["value"])})
            else:
                out.append(block)
        return _joined_texts(out)

    def _pictures(self, uses: list[PictureUse], heading: str, post: int) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []
        lost: list[str] = []
        for use in uses:
            attachment = self._attachment(use)
            caption = use.caption or (text_of(attachment.caption) if attachment and len(uses) > 1 else "")
            image = self._find(use, post, caption)
            if image is None:
                if caption:
                    lost.append(caption)
                continue
            alt = use.alt or (attachment.alt if attachment else "")
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
            text = "".join(f"<p><em>{_escaped(caption)}</em></p>" for caption in lost)
            out.append({"type": "text", "value": text})
        return out

    def _attachment(self, use: PictureUse) -> Attachment | None:
        """What the export says about a used picture: by its address, else by the number the text gives.

        The number comes second: texts that were moved between sites keep numbers of the site before.
        """
        if use.src:
            path = unquote(split(use.src).path)
            name = path.partition("/wp-content/uploads/")[2]
            number = self._survey.by_file.get(use.src) or self._survey.by_file.get(name)
            if number:
                return self._survey.attachments[number]
        found = self._survey.attachments.get(use.attachment)
        if found is None or not use.src:
            return found
        stem = unquote(split(use.src).path).rsplit("/", 1)[-1].split(".")[0].split("-")[0]
        return found if stem and stem in (found.file or found.url) else None

    def _find(self, use: PictureUse, post: int, caption: str = "") -> NewsImage | None:
        attachment = self._attachment(use)
        places = [attachment.file, attachment.url, use.src] if attachment else [use.src]
        key = (attachment.file or attachment.url) if attachment else use.src
        if not key:
            self._report.miss(
                picture=f"attachment {use.attachment}", why=_("The export does not describe it."), post=post
            )
            return None
        file = next((found for place in places if place and (found := self._media.find(place))), None)
        name = str(file) if file else key
        if name not in self._made:
            before = self._before.get(key[:200])
            image = before.object if before and isinstance(before.object, NewsImage) else None
            if image is None and file is not None:
                problem = picture_problem(file)
                if problem:
                    self._refused[name] = problem
                else:
                    image = picture_take_in(
                        file=file,
                        title=(text_of(attachment.title) if attachment else "") or file.stem,
                        credit=text_of(attachment.credit) if attachment else "",
                        description=text_of(attachment.alt) if attachment else "",
                        at_once=self._report.totals.get("pictures", 0) < PREPARED_AT_ONCE,
                    )
                    self._before[key[:200]] = self._memory.remember("picture", key, image)
                    self._report.count("pictures")
            self._made[name] = image
        if self._made[name] is None:
            why = self._refused.get(name) or _("It is not in the media folder.")
            self._report.miss(picture=key, why=why, post=post, caption=caption)
        return self._made[name]


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
