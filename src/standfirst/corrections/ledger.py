"""The newsroom's own ledger of what is withheld (kit.ledger): noted when something is withheld, lifted or destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from standfirst.corrections import vault
from standfirst.corrections.models import Withholding
from standfirst.kit.exports import moment
from standfirst.kit.ledger import NAME, ledger_note, ledger_read
from standfirst.stories.models import NewsImage, PublicVersion


def ledger_file() -> Path:
    return Path(settings.NEWSROOM.data) / NAME


def noted(withholding: Withholding) -> None:
    """Note a withholding as it stands, once what is going on is for good."""
    line = line_now(withholding)
    transaction.on_commit(lambda: ledger_note(ledger_file(), line), robust=True)


def ledger_complete() -> int:
    """Note what is not noted, or otherwise: a disk may have been full at that moment. Returns how many."""
    known, count = ledger_read(ledger_file()), 0
    for one in Withholding.objects.select_related("story__locale", "version", "note_of", "line_of").order_by("at"):
        if known.get(str(one.key), {}).get("state") != _state(one):
            ledger_note(ledger_file(), line_now(one))
            count += 1
    return count


def line_now(one: Withholding) -> dict[str, Any]:
    """What has to be known to do it again in an older copy of the newsroom, without a word of it."""
    before = ledger_read(ledger_file()).get(str(one.key), {})
    line = {
        "key": str(one.key),
        "noted": moment(timezone.now()),
        "at": moment(one.at),
        "kind": one.kind,
        "category": one.category,
        "is_confirmed": one.confirmed_at is not None,
        "state": _state(one),
        "stories": list(one.story.public_versions.order_by("pk").values_list("digest", flat=True)),
        "version": one.version.digest if one.version else "",
        "note": one.note_of.digest if one.note_of else one.line_of.digest if one.line_of else "",
        "picture": _picture(one) or before.get("picture", ""),
        "texts": before.get("texts", {}),
    }
    if one.kind == Withholding.Kind.WORDS and one.is_held:
        line["texts"] = _places(one)
    return line


def _state(one: Withholding) -> str:
    return "destroyed" if one.destroyed_at else "lifted" if one.lifted_at else "withheld"


def _picture(one: Withholding) -> str:
    image = NewsImage.objects.filter(pk=one.picture).first() if one.picture else None
    return str(image.file_hash) if image else ""


def _places(one: Withholding) -> dict[str, Any]:
    mask, found = vault.mask_of(one), {}
    digests = dict(PublicVersion.objects.filter(story=one.story_id).values_list("pk", "digest"))
    for reach in one.reaches.filter(original__table=vault.VERSION).select_related("original"):
        said = reach.original.said
        if said and reach.original.row in digests:
            found[digests[reach.original.row]] = mask.places(said["canonical"])
    return found
