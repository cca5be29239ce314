"""Doing again what was withheld, in an older copy of the newsroom that a backup brought back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.dateparse import parse_datetime

from standfirst.corrections.errors import NotReady
from standfirst.corrections.models import Amendment, Correction, Withholding
from standfirst.corrections.services.destroying import withholding_destroy
from standfirst.corrections.services.withholding import Wanted, withhold
from standfirst.kit.ledger import Line
from standfirst.kit.masking import words_at
from standfirst.stories.models import NewsImage, PublicVersion, StoryPage
from standfirst.stories.passages import version_data


def withholdings_again(lines: Iterable[Line]) -> int:
    """Withhold, and destroy, what the ledger tells and this copy still has. Returns how many. Can be run twice.

    What was lifted is left as the copy has it: withheld there, it can be lifted again.
    """
    count = 0
    for line in sorted(lines, key=lambda line: str(line.get("at"))):
        if line.get("state") not in ("withheld", "destroyed"):
            continue
        one = Withholding.objects.filter(key=line["key"]).first()
        is_new = one is None
        if one is None:
            wanted = _wanted(line)
            if wanted is None:
                continue
            try:
                one = withhold(wanted=wanted, editor=None, line=line)
            except NotReady:
                continue
        elif one.lifted_at or one.destroyed_at:
            continue
        if line["state"] == "destroyed":
            withholding_destroy(withholding=Withholding.objects.get(pk=one.pk))
        count += is_new or line["state"] == "destroyed"
    return count


def at_of(line: Line) -> Any:
    return parse_datetime(str(line.get("at", "")))


def _wanted(line: Line) -> Wanted | None:
    """What a line is about, in this copy; None when the copy does not have it."""
    version = PublicVersion.objects.filter(digest__in=line.get("stories") or []).order_by("-pk").first()
    story = StoryPage.objects.filter(pk=version.story_id).first() if version else None
    if story is None:
        return None
    kind, digest = line.get("kind"), line.get("note") or "-"
    return Wanted(
        story=story,
        kind=str(kind),
        category=str(line.get("category")),
        version=PublicVersion.objects.filter(digest=line.get("version") or "-").first(),
        words=_words(line),
        note_of=Correction.objects.filter(digest=digest).first(),
        line_of=Amendment.objects.filter(digest=digest).select_related("correction").first(),
        picture=NewsImage.objects.filter(file_hash=line.get("picture") or "-").first(),
    )


def _words(line: Line) -> list[str]:
    texts = line.get("texts") or {}
    found: set[str] = set()
    for version in PublicVersion.objects.filter(digest__in=list(texts)).select_related("text"):
        data = version_data(version)
        if data is not None and not version.text.is_masked:
            found.update(words_at(data, texts[version.digest]))
    return sorted(found)
