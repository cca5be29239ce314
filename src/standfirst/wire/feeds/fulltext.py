"""A story's whole text as plain HTML for feed readers: no class, no script, absolute addresses.

Read from the stored data and not from the blocks' templates: a feed of thirty stories asks the database once
for all pictures and once for all links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext as _

from standfirst.kit.links import safe_href
from standfirst.stories.models import NewsDocument, NewsImage, NewsRendition, StoryPage
from standfirst.stories.reading import rich_texts
from standfirst.stories.richtext import LinkTargets, to_readers
from standfirst.wire.addresses import absolute, base

_PARAGRAPH_ID = re.compile(r' id="p-[^"]*"')
_OWN_LINK = re.compile(r'href="(/[^"]*)"')
# JPEG, the widest that is no wider than this: every feed reader shows it.
WIDEST = 1200


@dataclass(frozen=True)
class Shown:
    """One picture as a feed shows it."""

    url: str
    width: int
    height: int
    credit: str
    alt: str = ""
    caption: str = ""


def pictures_of(rows: Iterable[StoryPage], request: HttpRequest | None) -> dict[int, Shown]:
    """The pictures within the running text of these stories, by id: two queries."""
    wanted = {number for story in rows for number in _picture_ids(story.body.raw_data)}
    found = NewsImage.objects.filter(pk__in=wanted).prefetch_related(
        Prefetch("renditions", NewsRendition.objects.filter(filter_spec__contains="format-jpeg"))
    )
    return {image.pk: shown for image in found if (shown := _shown(image, request))}


def _shown(image: NewsImage, request: HttpRequest | None) -> Shown | None:
    fitting = [
        one
        for one in image.renditions.all()
        if one.width <= WIDEST and one.filter_spec.startswith(("width-", "max-")) and "jpeg" in one.filter_spec
    ]
    best = max(fitting, key=lambda one: one.width, default=None)
    if best is None:
        return None
    return Shown(absolute(best.url, request), best.width, best.height, image.credit)


def _picture_ids(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("image"), int):
            yield value["image"]
        for inner in value.values():
            yield from _picture_ids(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for inner in value:
            yield from _picture_ids(inner)


class FullText:
    """Writes stories down; made once for all of a feed."""

    def __init__(self, rows: list[StoryPage], pictures: dict[int, Shown], request: HttpRequest | None) -> None:
        self.pictures = pictures
        self.request = request
        self.base = base(request)
        self.targets = LinkTargets(text for story in rows for text in rich_texts(story))
        ids = {
            block["value"].get("document")
            for story in rows
            for block in story.body.raw_data
            if block.get("type") == "file" and isinstance(block.get("value"), dict)
        }
        self.files = {file.pk: file for file in NewsDocument.objects.filter(pk__in=ids - {None})} if ids else {}

    def lead(self, story: StoryPage) -> Shown | None:
        found = _shown(story.lead_image, self.request) if story.lead_image else None
        if found is None:
            return None
        return Shown(
            found.url,
            found.width,
            found.height,
            story.lead_credit or found.credit,
            alt="" if story.lead_decorative else story.lead_alt,
            caption=story.lead_caption,
        )

    def of(self, story: StoryPage) -> str:
        parts = [f"<p><b>{escape(story.standfirst)}</b></p>"] if story.standfirst else []
        lead = self.lead(story)
        if lead:
            parts.append(self._figure(lead, lead.alt, lead.caption, lead.credit))
        for block in story.body.raw_data:
            write = getattr(self, f"_{block.get('type')}", None)
            if write is not None and block.get("value"):
                parts.append(write(block["value"]))
        if story.methods:
            parts.append(f"<h2>{_('How we reported this')}</h2>{self._rich(story.methods)}")
        address = escape(absolute(story.public_path or "", self.request))
        parts.append(f'<p><a href="{address}">{_("Read on the site")}</a></p>')
        return "\n".join(part for part in parts if part)

    def _rich(self, html: str) -> str:
        written = _PARAGRAPH_ID.sub("", str(to_readers(html, self.targets)))
        return _OWN_LINK.sub(lambda match: f'href="{self.base}{match[1]}"', written)

    def _text(self, value: str) -> str:
        return self._rich(value)

    def _figure(self, picture: Shown, alt: str, caption: str, credit: str) -> str:
        words = " ".join(escape(part) for part in (caption, credit) if part)
        return (
            f'<figure><img src="{escape(picture.url)}" width="{picture.width}" height="{picture.height}" '
            f'alt="{escape(alt)}">{f"<figcaption>{words}</figcaption>" if words else ""}</figure>'
        )

    def _picture(self, value: dict[str, Any]) -> str:
        picture = self.pictures.get(value.get("image") or 0)
        if picture is None:
            return ""
        alt = "" if value.get("decorative") else value.get("alt") or ""
        return self._figure(picture, alt, value.get("caption") or "", value.get("credit") or picture.credit)

    def _gallery(self, value: dict[str, Any]) -> str:
        heading = f"<h3>{escape(value['heading'])}</h3>" if value.get("heading") else ""
        items = (item.get("value", item) for item in value.get("pictures") or [])
        return heading + "".join(self._picture(item) for item in items)

    def _table(self, value: dict[str, Any]) -> str:
        table = value.get("table") or {}
        names = [str(column.get("heading") or "") for column in table.get("columns") or []]
        heads = "".join(f"<th>{escape(name)}</th>" for name in names)
        head = f"<thead><tr>{heads}</tr></thead>" if any(names) else ""
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(str(cell or ''))}</td>" for cell in row["values"]) + "</tr>"
            for row in table.get("rows") or []
        )
        caption = f"<caption>{escape(value['caption'])}</caption>" if value.get("caption") else ""
        note = f"<p>{escape(value['note'])}</p>" if value.get("note") else ""
        return f"<table>{caption}{head}<tbody>{rows}</tbody></table>{note}"

    def _fact_box(self, value: dict[str, Any]) -> str:
        heading = escape(value.get("heading") or "")
        return f"<blockquote><h3>{heading}</h3>{self._rich(value.get('text') or '')}</blockquote>"

    def _embed(self, value: dict[str, Any]) -> str:
        href = safe_href(value.get("url") or "")
        caption = f" {escape(value['caption'])}" if value.get("caption") else ""
        title = escape(value.get("title") or value.get("url") or "")
        return f'<p><a href="{escape(href)}">{title}</a>{caption}</p>' if href else ""

    def _file(self, value: dict[str, Any]) -> str:
        file = self.files.get(value.get("document"))
        if file is None:
            return ""
        address = absolute(file.file.url, self.request)
        return f'<p><a href="{escape(address)}">{escape(value.get("label") or file.title)}</a></p>'

    def _update_note(self, value: dict[str, Any]) -> str:
        when = str(value.get("at") or "")[:16].replace("T", " ")
        return f"<p><b>{_('Update')} {escape(when)}</b></p>{self._rich(value.get('text') or '')}"

    def _unknowns(self, value: dict[str, Any]) -> str:
        heading = value.get("heading") or _("What we do not know yet")
        # Old stories keep list items bare, newer ones as {"type", "value", "id"}.
        items = (item.get("value") if isinstance(item, dict) else item for item in value.get("items") or [])
        return f"<h3>{escape(heading)}</h3><ul>{''.join(f'<li>{escape(str(item))}</li>' for item in items)}</ul>"
