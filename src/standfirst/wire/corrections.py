"""The log of corrections for machines: its data file, and what a feed tells of it."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfirst.corrections import logbook
from standfirst.corrections.models import Correction
from standfirst.fronts.models import Masthead
from standfirst.kit.chain import Link
from standfirst.stories.addresses import language_prefix
from standfirst.stories.record import record_head
from standfirst.wire import policies
from standfirst.wire.addresses import absolute
from standfirst.wire.feeds.entries import NEVER, Entry, Feed, Person, tag_address
from standfirst.wire.structured import stamp

FORMAT = "standfirst-corrections/1"
Data = dict[str, Any]


def head_data(head: Link | None) -> Data | None:
    """The newest entry of the record, as every data file says it."""
    return {"number": head.number, "hash": head.hash, "at": head.at} if head else None


def log_data(request: HttpRequest | None, year: int | None = None) -> Data | None:
    """All of one year, or the newest entries with the figures of every year. None for a year without any."""
    entries = logbook.entries_of(year) if year else logbook.the_first(Correction.objects.all(), logbook.NEWEST)
    if year and not entries:
        return None
    figures = logbook.figures(of=year)
    return {
        "format": FORMAT,
        "url": absolute("/corrections/", request),
        "record": head_data(record_head()),
        "figures": [
            {
                "year": one.year,
                "total": one.total,
                "labels": one.labels,
                "origins": one.origins,
                "reported": one.timed,
                "half_within_seconds": round(one.half_within.total_seconds()) if one.half_within is not None else None,
                "url": absolute(f"/corrections/{one.year}.json", request),
            }
            for one in figures
        ],
        "corrections": [entry_data(one, request) for one in entries],
    }


def entry_data(one: Correction, request: HttpRequest | None) -> Data:
    story = one.story
    is_public = story.live and bool(story.public_path)
    said: Data = {
        "number": one.number,
        "url": absolute(one.address, request),
        "label": one.label,
        "language": story.language,
        "story": {"url": absolute(str(story.public_path), request), "headline": story.title} if is_public else None,
        "version_before": one.before.number if one.before else None,
        "version_after": one.after.number if one.after else None,
        "place": one.place,
        "origin": one.origin,
        "reported_at": stamp(one.reported_at),
        "fixed_at": stamp(one.fixed_at),
        "seconds_to_fix": round(one.took.total_seconds()) if one.took is not None else None,
        "digest": one.digest,
        "is_withheld": one.is_withheld,
        "amendments": [
            {"number": line.number, "at": stamp(line.at), "text": line.text, "digest": line.digest}
            for line in one.amendments.all()
        ],
    }
    if not one.is_withheld:
        said |= {**logbook.text_of_entry(one), "salt": bytes(one.salt).hex()}
        said |= {"is_masked": True} if one.text.is_masked else {}
    return said


def written(data: Data) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def log_feed(masthead: Masthead, request: HttpRequest | None) -> Feed:
    """The newest entries, whatever the language of their stories, each told in its own."""
    language = settings.LANGUAGE_CODE
    rows = logbook.newest(count=logbook.NEWEST)
    entries = [_entry(one, masthead, request) for one in rows]
    name = masthead.name_in(language)
    terms = policies.standing_addresses(language).get("reuse")
    return Feed(
        id=tag_address("feed", "corrections"),
        title=f"{name} · {_('Corrections')}",
        subtitle="",
        language=language,
        home=absolute("/corrections/", request),
        base=absolute("/corrections/feed.", request),
        rights=policies.reuse_rule(masthead, language),
        licence=absolute(terms, request) if terms else "",
        updated=max((entry.updated for entry in entries), default=NEVER),
        entries=entries,
        record=record_head(),
    )


def _entry(one: Correction, masthead: Masthead, request: HttpRequest | None) -> Entry:
    story, language = one.story, one.story.language
    added = [line for line in one.amendments.all() if line.text]
    with override(language):
        name = str(one)
        withheld = _("The words of this entry are withheld.")
        note = withheld if one.is_withheld else one.text.note
        words = "" if one.is_withheld else _words(one)
        address = absolute(str(story.public_path), request)
        html = "".join(
            [
                f"<p>{escape(note)}</p>" if note else "",
                words,
                *(f"<p>{escape(line.text)}</p>" for line in added),
                f'<p><a href="{escape(address)}">{escape(story.title)}</a></p>',
            ]
        )
    return Entry(
        id=tag_address("correction", str(one.number), one.fixed_at),
        title=f"{name}: {story.title}",
        url=absolute(one.address, request),
        published=one.fixed_at,
        updated=added[-1].at if added else one.fixed_at,
        summary=note,
        html=html,
        authors=(Person(masthead.name_in(language), absolute(language_prefix(language), request)),),
        categories=(one.label,),
    )


def _words(one: Correction) -> str:
    return "".join(
        f"<p><b>{name}</b> {escape(words)}</p>"
        for name, words in ((_("It said:"), one.text.was), (_("It says now:"), one.text.now))
        if words
    )
