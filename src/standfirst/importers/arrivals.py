"""One incoming text as an arrival: what it says, when it said it, and whether it may be seen."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.importers.content import HtmlReader
from standfirst.importers.documents import Documents
from standfirst.importers.letters import ours
from standfirst.importers.names import Names
from standfirst.importers.pictures import Pictures
from standfirst.importers.records import Incoming, PictureUse
from standfirst.importers.report import Report
from standfirst.kit.canonical import canonical_digest
from standfirst.kit.html import extract, text_of
from standfirst.stories.services import Arrival

MAX_STANDFIRST = 600
_LINKED = re.compile(r"""<a\s[^<>]{0,300}?href\s*=\s*["']([^"'<>]{1,1000})""", re.IGNORECASE)
MAX_TITLE = 255


@dataclass
class Coming:
    """A text ready to be written. digest: what it says, in one figure; changes: what became different.

    addresses: every old address: {"old", "now": where it leads or None, "why": where it is strange}.
    """

    item: Incoming
    arrival: Arrival
    digest: str
    changes: list[str] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)


class Arrivals:
    """Makes arrivals of one source's texts."""

    def __init__(
        self, *, source: str, reader: HtmlReader, names: Names, pictures: Pictures, documents: Documents, report: Report
    ) -> None:
        self._source = source
        self._reader = reader
        self._names = names
        self._pictures = pictures
        self._documents = documents
        self._report = report
        self._languages = [code for code, _name in settings.LANGUAGES]
        self._now = timezone.now()

    def fetch_ahead(self, item: Incoming) -> None:
        """Ask the old site for the pictures of a text that are not here, before it is written."""
        uses: list[PictureUse] = [item.lead] if item.lead is not None else []
        for block in self._reader.convert(item.html).blocks:
            if block["type"] == "picture":
                uses.append(block["value"])
            elif block["type"] == "gallery":
                uses += block["value"]["pictures"]
        for use in uses:
            self._pictures.fetch_ahead(use)

    def start_again(self) -> None:
        """After something was taken back: what was made for it is no longer there."""
        self._names.start_again()
        self._pictures.start_again()
        self._documents.start_again()

    def coming(self, item: Incoming) -> Coming:
        converted = self._reader.convert(item.html, at=item.link)
        changes = list(dict.fromkeys([*item.changes, *converted.changes]))
        blocks = self._pictures.blocks(converted.blocks, text=item.foreign_id)
        blocks = self._documents.blocks(blocks, changes)
        is_page = item.kind == "page"
        arrival = Arrival(
            language=self._language(item),
            headline=self._headline(item, blocks, changes),
            section=None if is_page else self._names.section(item.section),
            published_at=self._date(item, changes),
            changed_at=item.changed,
            slug=unquote(item.slug, errors="ignore"),
            standfirst=self._standfirst(item, changes),
            bylines=[] if is_page else self._names.bylines(item.authors),
            tags=[] if is_page else self._names.tags(item.tags),
            body=blocks,
            search_title=text_of(item.search_title)[:MAX_TITLE],
            search_description=text_of(item.search_description)[:500],
            translation_key=self._translation_key(item),
            held_because=self.held_because(item),
        )
        if item.lead is not None:
            image, alt, caption = self._pictures.lead(item.lead, text=item.foreign_id)
            for link in _LINKED.findall(caption)[:10]:
                sentence = _("A caption's link to %(address)s was left out; its words stay.")
                changes.append(sentence % {"address": html.unescape(link)[:300]})
            # Its words wait at the desk for a picture that is not here yet.
            arrival.lead_image = image
            arrival.lead_alt = " ".join(text_of(alt).split())[:250]
            arrival.lead_caption = text_of(caption)[:500]
            if image is None and arrival.lead_caption:
                sentence = (
                    _("Its lead picture is missing; the caption said: “%(caption)s”.")
                    if is_page
                    else _("Its lead picture is missing; the caption waits at the desk: “%(caption)s”.")
                )
                changes.append(sentence % {"caption": extract(arrival.lead_caption, 300)})
        return Coming(item, arrival, _digest(arrival), changes)

    def _language(self, item: Incoming) -> str:
        """The text's own language where the newsroom has it, else the newsroom's first."""
        known = ours(item.language, self._languages)
        if not known and item.language:
            self._report.note(
                _("This newsroom has no language “%(code)s”; texts in it stand with those in “%(first)s”.")
                % {"code": item.language, "first": self._languages[0]}
            )
        return known or self._languages[0]

    def _translation_key(self, item: Incoming) -> uuid.UUID | None:
        """The same for all languages of one story, whenever they come in."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self._source} {item.translation_of}") if item.translation_of else None

    def _headline(self, item: Incoming, blocks: list[dict[str, Any]], changes: list[str]) -> str:
        title = text_of(item.title)
        if not title:
            text = next((text_of(block["value"]) for block in blocks if block["type"] == "text"), "")
            title = extract(text, 80)
            changes.append(
                _("It had no title; its first words stand in for one.") if title else _("It had no title; give it one.")
            )
            title = title or _("Without a title")
        if len(title) > MAX_TITLE:
            title = extract(title, MAX_TITLE)
            changes.append(_("Its title was cut at %(limit)d characters.") % {"limit": MAX_TITLE})
        return title

    def _standfirst(self, item: Incoming, changes: list[str]) -> str:
        words = text_of(item.standfirst)
        if len(words) > MAX_STANDFIRST:
            words = extract(words, MAX_STANDFIRST)
            changes.append(_("Its excerpt was cut at %(limit)d characters.") % {"limit": MAX_STANDFIRST})
        return words

    def _date(self, item: Incoming, changes: list[str]) -> dt.datetime:
        if item.published or item.changed:
            return item.published or item.changed  # type: ignore[return-value]
        changes.append(_("It had no date; the day of the import stands in for one."))
        return self._now.replace(hour=0, minute=0, second=0, microsecond=0)

    def held_because(self, item: Incoming) -> str:
        """What the old system says; and no text goes out before its time."""
        if not item.held_because and item.published and item.published > self._now + dt.timedelta(minutes=5):
            when = timezone.localtime(item.published)
            return _("Its date lies in the future: %(when)s.") % {"when": f"{when:%Y-%m-%d %H:%M}"}
        return item.held_because


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
            "body": without_ids(arrival.body),
            "title": arrival.search_title,
            "description": arrival.search_description,
            "held": arrival.held_because,
        }
    )


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [without_ids(item) for item in value]
    return value
