"""One item of the export as an arrival: what it says, when it said it, and whether it may be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.importers.wordpress.content import ContentReader
from standfirst.importers.wordpress.names import Names
from standfirst.importers.wordpress.pictures import Pictures
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item
from standfirst.kit.canonical import canonical_digest
from standfirst.kit.html import extract, text_of
from standfirst.kit.links import split
from standfirst.stories.services import Arrival

MAX_STANDFIRST = 600
MAX_TITLE = 255


@dataclass
class Coming:
    """An item ready to be written. digest: what it says, in one figure; changes: what became different."""

    item: Item
    arrival: Arrival
    digest: str
    changes: list[str] = field(default_factory=list)


def left_out_because(item: Item) -> str | None:
    """Why an item has no place here at all; None when it has."""
    if item.kind not in ("post", "page"):
        return _("It is of a kind we have no place for (%(kind)s).") % {"kind": item.kind}
    if item.status == "trash":
        return _("It was in the bin.")
    if item.status in ("auto-draft", "inherit"):
        return _("It was an empty beginning that WordPress had made by itself.")
    return None


def held_because(item: Item, now: dt.datetime) -> str:
    """Why an item must not be public; "" when it was public there. What is not plainly public is held."""
    if item.has_password:
        return _("It was behind a password in the old system.")
    if item.status == "publish":
        if item.published and item.published > now + dt.timedelta(minutes=5):
            return _("Its date lies in the future: %(when)s.") % {"when": _moment(item.published)}
        return ""
    if item.status == "private":
        return _("It was private in the old system.")
    if item.status == "future":
        return _("It was scheduled for %(when)s in the old system; set the time anew.") % {
            "when": _moment(item.published) if item.published else _("an unknown time")
        }
    if item.status == "draft":
        return _("It was a draft in the old system.")
    if item.status == "pending":
        return _("It was waiting for review in the old system.")
    return _("It had the status “%(status)s” in the old system.") % {"status": item.status}


class Arrivals:
    """Makes arrivals of one export's items."""

    def __init__(self, reader: WxrReader, content: ContentReader, names: Names, pictures: Pictures) -> None:
        self._content = content
        self._names = names
        self._pictures = pictures
        self._languages = [code for code, _name in settings.LANGUAGES]
        self._language = self._known_language(reader.site.language) or self._languages[0]
        self._now = timezone.now()

    def coming(self, item: Item) -> Coming:
        converted = self._content.convert(item.content, post=item.foreign_id)
        changes = converted.changes
        blocks = self._pictures.blocks(converted.blocks, post=item.foreign_id)
        is_page = item.kind == "page"
        arrival = Arrival(
            language=self.language(item),
            headline=self._headline(item, blocks, changes),
            section=None if is_page else self._names.section(item),
            published_at=self._date(item, changes),
            changed_at=item.changed,
            slug=unquote(item.slug, errors="ignore"),
            standfirst=self._standfirst(item, changes),
            bylines=[] if is_page else self._names.bylines(item),
            tags=[] if is_page else self._names.tags(item),
            body=blocks,
            search_description=text_of(item.meta.get("_yoast_wpseo_metadesc", ""))[:500],
            held_because=held_because(item, self._now),
        )
        if not is_page:
            number = item.meta.get("_thumbnail_id", "").strip()
            image, attachment = self._pictures.featured(number, post=item.foreign_id) if number else (None, None)
            if image is not None and attachment is not None:
                arrival.lead_image = image
                arrival.lead_alt = " ".join(text_of(attachment.alt).split())[:250]
                arrival.lead_caption = text_of(attachment.caption)[:500]
        return Coming(item, arrival, _digest(arrival), changes)

    def language(self, item: Item) -> str:
        """The post's own language where a translation plugin says it, else the site's."""
        for term in item.terms:
            if term.domain == "language":
                return self._known_language(term.slug) or self._language
        return self._language

    def _known_language(self, code: str) -> str | None:
        code = code.lower().replace("_", "-")
        return next((known for known in (code, code.partition("-")[0]) if known in self._languages), None)

    def _headline(self, item: Item, blocks: list[dict[str, Any]], changes: list[str]) -> str:
        title = text_of(item.title)
        if not title:
            text = next((text_of(block["value"]) for block in blocks if block["type"] == "text"), "")
            title = extract(text, 80) or _("Without a title")
            changes.append(_("It had no title; its first words stand in for one."))
        if len(title) > MAX_TITLE:
            title = extract(title, MAX_TITLE)
            changes.append(_("Its title was cut at %(limit)d characters.") % {"limit": MAX_TITLE})
        return title

    def _standfirst(self, item: Item, changes: list[str]) -> str:
        words = text_of(item.excerpt)
        if len(words) > MAX_STANDFIRST:
            words = extract(words, MAX_STANDFIRST)
            changes.append(_("Its excerpt was cut at %(limit)d characters.") % {"limit": MAX_STANDFIRST})
        return words

    def _date(self, item: Item, changes: list[str]) -> dt.datetime:
        if item.published:
            return item.published
        if item.published_local:
            return timezone.make_aware(item.published_local)
        if item.changed:
            return item.changed
        changes.append(_("It had no date; the day of the import stands in for one."))
        return self._now.replace(hour=0, minute=0, second=0, microsecond=0)


def old_addresses(item: Item, base: str = "") -> list[str]:
    """Where readers could find it before: its path, and the query WordPress always answers.

    base: the folder the old site lay in, such as /blog.
    """
    found = []
    parts = split(item.link)
    if parts.path.strip("/") and parts.path.strip("/") != base.strip("/"):
        found.append(parts.path)
    for name in ("page_id", "p") if item.kind == "page" else ("p",):
        if item.foreign_id:
            found.append(f"{base}/?{name}={item.foreign_id}")
    return found


def _digest(arrival: Arrival) -> str:
    return canonical_digest(
        {
            "language": arrival.language,
            "headline": arrival.headline,
            "slug": arrival.slug,
            "section": arrival.section.pk if arrival.section else None,
            "published": arrival.published_at.isoformat(),
            "standfirst": arrival.standfirst,
            "bylines": [byline.pk for byline in arrival.bylines],
            "tags": [tag.pk for tag in arrival.tags],
            "lead": [arrival.lead_image.pk if arrival.lead_image else None, arrival.lead_alt, arrival.lead_caption],
            "body": _without_ids(arrival.body),
            "description": arrival.search_description,
            "held": arrival.held_because,
        }
    )


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(item) for key, item in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [_without_ids(item) for item in value]
    return value


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
