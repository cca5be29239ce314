"""Readers' reports for tests of the desk: placed in the newest public version, as receiving them would."""

from __future__ import annotations

import secrets
from typing import Any

from standfirst.corrections.models import Case, Suggestion
from standfirst.kit.anchoring import Place, Quote, place
from standfirst.stories.models import StoryPage
from standfirst.stories.passages import text_of_version


def reported(story: StoryPage, exact: str, *readers: dict[str, Any], **fields: Any) -> Case:
    """A case about these words, with one suggestion for each of these readers (without any: of one)."""
    where = placed(story, exact)
    readers = readers or ({},)
    case = Case.objects.create(story=story, **{"reports": len(readers)} | where | fields)
    for reader in readers:
        suggested(case, **reader)
    return case


def placed(story: StoryPage, exact: str) -> dict[str, Any]:
    """Where these words stand in the newest public version, as fields."""
    version = story.public_versions.order_by("-number")[0]
    found = place(Quote(exact=exact), text_of_version(version))
    assert isinstance(found, Place), exact
    names = ("block", "start", "end", "exact", "prefix", "suffix")
    return {"version": version.number} | {name: getattr(found, name) for name in names}


def suggested(case: Case, **fields: Any) -> Suggestion:
    key = secrets.token_hex(16)
    where = {name: getattr(case, name) for name in ("block", "start", "end", "exact", "prefix", "suffix", "version")}
    fields = {"language": case.story.language, "token": key, "number": key[:8].upper(), "once": key} | where | fields
    return Suggestion.objects.create(case=case, **fields)
