"""Rows some of whose words are withheld: kept as they were, shown as the withholdings that reach them leave them.

The tables that every page, file and program reads hold only what may be read. What was taken out lies in
`WithheldOriginal` until it is put back or destroyed; nothing reads that but the doors of `services.withholding` and the
desk's page about them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from standfirst.corrections.models import Case, Suggestion, WithheldOriginal, WithheldReach, Withholding
from standfirst.kit.canonical import canonical_bytes
from standfirst.kit.masking import Mask
from standfirst.stories.models import PublicVersion, VersionText
from standfirst.stories.passages import passages_of

VERSION, ENTRY, LINE = "stories.versiontext", "corrections.correctiontext", "corrections.amendmenttext"
CASE, SUGGESTION = "corrections.case", "corrections.suggestion"
FIELDS = {
    VERSION: ("canonical", "note", "salt", "is_masked"),
    ENTRY: ("note", "was", "now", "credit", "salt", "is_masked"),
    LINE: ("text", "salt", "is_masked"),
    CASE: ("exact", "prefix", "suffix", "answer", "note"),
    SUGGESTION: ("exact", "prefix", "suffix", "wording", "why", "credit"),
}
# Whose row goes with its words; of the others the words alone.
ERASED = frozenset({VERSION, ENTRY, LINE})
# Cut out of a text, so that words may be cut at their edge.
CUT = frozenset({"exact", "prefix", "suffix", "was", "now"})


def line_of(withholding: Withholding) -> str:
    """The dated line with its reason, in the language that is spoken: “Withheld on 3 November 2026: …”."""
    day = date_format(localtime(withholding.at).date(), "DATE_FORMAT")
    return gettext("Withheld on %(date)s: %(category)s.") % {
        "date": day,
        "category": withholding.get_category_display(),
    }


def mask_of(withholding: Withholding) -> Mask:
    """Puts the marker of a withholding, in its story's language, where its words stand."""
    with override(withholding.story.language):
        day = date_format(localtime(withholding.at).date(), "DATE_FORMAT")
        # Translators: stands in a story in place of words, in square brackets.
        marker = gettext("withheld on %(date)s: %(category)s") % {
            "date": day,
            "category": withholding.get_category_display(),
        }
    return Mask(withholding.words, f"[{marker}]")


def stands_in(mask: Mask, table: str, said: dict[str, Any]) -> bool:
    """Whether the words stand in any text of a row, also in part at a cut edge."""
    return said != masked(mask, table, said)


def masked(mask: Mask, table: str, said: dict[str, Any]) -> dict[str, Any]:
    """A row's texts without the words."""
    found = {}
    for name, value in said.items():
        if name in ("salt", "is_masked"):
            found[name] = value
        elif name in CUT:
            found[name] = mask.quote(value)
        else:
            found[name] = mask.data(value)
    return found


def read(table: str, row: Any) -> dict[str, Any]:
    """The texts of a row as they are kept."""
    said: dict[str, Any] = {}
    for name in FIELDS[table]:
        value = getattr(row, name)
        if name == "canonical":
            value = json.loads(bytes(value))
        elif name == "salt":
            value = bytes(value).hex()
        said[name] = value
    return said


def keep(*, withholding: Withholding, table: str, row: Any, is_whole: bool = False, fields: Iterable[str] = ()) -> None:
    """Take a row's words away from everybody: all, those of some fields, or wherever the withholding's words stand."""
    original, _is_new = WithheldOriginal.objects.get_or_create(
        table=table, row=row.pk, defaults={"said": read(table, row)}
    )
    reach, _is_new = WithheldReach.objects.get_or_create(withholding=withholding, original=original)
    reach.is_whole = reach.is_whole or is_whole
    reach.fields = sorted({*reach.fields, *fields})
    reach.save()
    settle(original)


def settle(original: WithheldOriginal) -> None:
    """Let a row say what the withholdings that reach it leave of it; as it was, where none does any more."""
    reaches = list(original.reaches.filter(withholding__lifted_at=None).select_related("withholding__story__locale"))
    model: type[models.Model] = apps.get_model(original.table)
    rows = model._default_manager.filter(pk=original.row)
    before = _passages(original)
    if original.table in ERASED and (not original.said or any(reach.is_whole for reach in reaches)):
        rows.delete()
        return
    said = dict(original.said)
    for reach in reaches:
        said = left_by(reach, original.table, said)
    if original.table in ERASED:
        if reaches:
            said |= {"salt": "", "is_masked": True}
        if not rows.exists():
            model(pk=original.row, **_written(said)).save(force_insert=True)
    rows.update(**_written(said))
    _unplace(original, before)
    if not reaches:
        original.delete()


def also_reached(original: WithheldOriginal, others: Iterable[Withholding]) -> None:
    """What other withholdings' words are in a row that is given back: they could not be seen while it was withheld."""
    for other in others:
        if stands_in(mask_of(other), original.table, original.said):
            WithheldReach.objects.get_or_create(withholding=other, original=original)


def forgotten(suggestions: Iterable[int], names: Iterable[str]) -> None:
    """What a reader took back, or what has run out, comes back by no lifting."""
    for original in WithheldOriginal.objects.filter(table=SUGGESTION, row__in=list(suggestions)):
        original.said |= dict.fromkeys(names, "")
        original.save(update_fields=["said"])


def _passages(original: WithheldOriginal) -> dict[str, str]:
    if original.table != VERSION:
        return {}
    text = VersionText.objects.filter(pk=original.row).first()
    return {one.name: one.text for one in passages_of(json.loads(bytes(text.canonical)))} if text else {}


def _unplace(original: WithheldOriginal, before: dict[str, str]) -> None:
    """Places in a passage that reads otherwise now are places no more."""
    now = _passages(original)
    blocks = [name for name in before.keys() | now.keys() if before.get(name) != now.get(name)]
    version = PublicVersion.objects.filter(pk=original.row).first() if blocks and before else None
    if version is not None:
        placed = {"version": version.number, "block__in": blocks}
        Suggestion.objects.filter(case__story=version.story_id, **placed).update(start=None, end=None)
        Case.objects.filter(story=version.story_id, **placed).update(start=None, end=None)


def left_by(reach: WithheldReach, table: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a reach leaves of a row's texts."""
    names = [name for name in FIELDS[table] if name not in ("salt", "is_masked")] if reach.is_whole else reach.fields
    return masked(mask_of(reach.withholding), table, said | dict.fromkeys(names, ""))


def _written(said: dict[str, Any]) -> dict[str, Any]:
    found = dict(said)
    if "canonical" in found:
        found["canonical"] = canonical_bytes(found["canonical"])
    if "salt" in found:
        found["salt"] = bytes.fromhex(found["salt"])
    return _cut(found)


def _cut(said: dict[str, Any]) -> dict[str, Any]:
    """A marker may be longer than the words; what a field cannot hold is left away."""
    longest = {"exact": 500, "prefix": 64, "suffix": 64, "wording": 1000, "credit": 100}
    return {name: value[: longest[name]] if name in longest else value for name, value in said.items()}
