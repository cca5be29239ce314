"""Readers' reports for tests of the desk: as receiving them would leave them."""

from __future__ import annotations

import secrets
from typing import Any

from standfirst.corrections.models import Case, Suggestion
from standfirst.stories.models import StoryPage


def reported(story: StoryPage, exact: str, *readers: dict[str, Any], **fields: Any) -> Case:
    """A case about these words, with one suggestion for each of these readers (without any: of one)."""
    where = {"block": "p-1", "start": 0, "end": len(exact), "exact": exact}
    readers = readers or ({},)
    case = Case.objects.create(story=story, version=1, **{"reports": len(readers)} | where | fields)
    for reader in readers:
        suggested(case, **reader)
    return case


def suggested(case: Case, **fields: Any) -> Suggestion:
    key = secrets.token_hex(16)
    where = {name: getattr(case, name) for name in ("block", "start", "end", "exact", "prefix", "suffix", "version")}
    fields = {"language": case.story.language, "token": key, "number": key[:8].upper(), "once": key} | where | fields
    return Suggestion.objects.create(case=case, **fields)
