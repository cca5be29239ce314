"""What is withheld, in an export: that it is and why, and never a word of it.

What was taken out does not move along, so in the newsroom that an export becomes it is destroyed. A story withheld as a
whole does not go out there either, and every dated line stands where it stood.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from standfirst.corrections import ledger
from standfirst.corrections.models import Amendment, Correction, Withholding
from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop, moment, records
from standfirst.stories.models import PublicVersion

WITHHELD = "withheld.json"


def write(out: Out) -> None:
    rows = Withholding.objects.select_related("version", "note_of", "line_of__correction", "entry").order_by("pk")
    if not out.private:
        rows = rows.filter(story__live=True, story__public_path__isnull=False)
    said = [_one(one) for one in rows]
    if said:
        out.json(WITHHELD, said)
    out.count("withholdings", len(said))


def _one(one: Withholding) -> dict[str, Any]:
    note = one.line_of.correction if one.line_of else one.note_of
    return {
        "key": str(one.key),
        "story": one.story_id,
        "kind": one.kind,
        "category": one.category,
        "version": one.version.number if one.version else None,
        "picture": one.picture,
        "note": note.number if note else None,
        "line": one.line_of.number if one.line_of else None,
        "at": moment(one.at),
        "confirmed_at": moment(one.confirmed_at),
        "lifted_at": moment(one.lifted_at),
        "destroyed_at": moment(one.destroyed_at),
        "entry": one.entry.number if one.entry else None,
    }


def read(inward: In, entries: dict[int, Correction]) -> None:
    """Raises BadExport. entries: of the log, by their numbers."""
    if not inward.has(WITHHELD):
        return
    for said in records(inward.json(WITHHELD), WITHHELD):
        _read(inward, said, entries)


def _read(inward: In, said: Fields, entries: dict[int, Correction]) -> None:
    story = said.number("story")
    if story not in inward.known("story"):
        raise BadExport(
            gettext_noop("%(where)s: its story %(story)s is not in the export. Export again."),
            where=said.where,
            story=story,
        )
    note, number = _entry(said, entries, "note"), said.number_or_none("line")
    line = Amendment.objects.filter(correction=note, number=number).first() if note and number is not None else None
    version_number = said.number_or_none("version")
    version = None
    if version_number is not None:
        version = PublicVersion.objects.filter(story=story, number=version_number).first()
    if (version_number is not None and version is None) or (number is not None and line is None):
        raise BadExport(
            gettext_noop("%(where)s: what it withholds is not in the export. Export again."), where=said.where
        )
    lifted = said.moment("lifted_at")
    one = Withholding.objects.create(
        key=_key(said),
        story_id=story,
        kind=said.choice("kind", Withholding.Kind.values),
        category=said.choice("category", Withholding.Category.values),
        version=version,
        picture=said.number_or_none("picture"),
        note_of=None if line else note,
        line_of=line,
        at=said.moment("at") or timezone.now(),
        confirmed_at=said.moment("confirmed_at"),
        lifted_at=lifted,
        destroyed_at=None if lifted else said.moment("destroyed_at") or timezone.now(),
        entry=_entry(said, entries, "entry"),
    )
    ledger.noted(one)
    inward.count("withholdings")


def _entry(said: Fields, entries: dict[int, Correction], name: str) -> Correction | None:
    number = said.number_or_none(name)
    if number is not None and number not in entries:
        raise BadExport(
            gettext_noop("%(where)s: entry %(number)s of the log is not in the export. Export again."),
            where=said.where,
            number=number,
        )
    return None if number is None else entries[number]


def _key(said: Fields) -> str:
    try:
        return str(uuid.UUID(said.needed("key", 36)))
    except ValueError:
        raise BadExport(gettext_noop("%(where)s: “key” should be a UUID."), where=said.where) from None
