"""What a draft of a published story changes for readers, and whether the change wants a label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from standfirst.kit.changes import FACT, NAME, OTHER, Change, Proposal, proposal
from standfirst.stories.canonical import story_data

if TYPE_CHECKING:
    from standfirst.stories.models import PublicVersion, StoryPage

# Beside its passages, what a reader takes as the story's own word. All else (section, kind, tags, related stories,
# slug, credits and descriptions of pictures, markup, links) changes without a label.
_PICTURE, _NAMES, _BASED_ON = "picture", "bylines", "based_on"


@dataclass(frozen=True)
class Changed:
    """The public version a draft speaks about, and what it changes of it."""

    version: PublicVersion
    proposal: Proposal

    @property
    def wants_label(self) -> bool:
        return not self.proposal.is_empty


def newest_version(story: StoryPage) -> PublicVersion | None:
    from standfirst.stories.models import PublicVersion

    if story.pk is None:
        return None
    return PublicVersion.objects.filter(story_id=story.pk).select_related("text").order_by("-number").first()


def changed(
    story: StoryPage, version: PublicVersion | None = None, lines: Mapping[str, Iterable[Any]] | None = None
) -> Changed | None:
    """What `story`, as it is in memory, changes of its newest public version; None when there is none to change.

    lines: as `canonical.story_data` takes them.
    New dated updates say themselves when they came and need no label; a version whose words are withheld cannot be
    compared.
    """
    version = version or newest_version(story)
    text = getattr(version, "text", None)
    if version is None or text is None or not bytes(text.canonical):
        return None
    before: dict[str, Any] = json.loads(bytes(text.canonical))
    return Changed(version, proposal_of(before, json.loads(json.dumps(story_data(story, lines)))))


def proposal_of(before: dict[str, Any], after: dict[str, Any]) -> Proposal:
    """The proposal for a change from one canonical form of a story to another."""
    from standfirst.stories.passages import is_credit, passages_of

    after = _without_new_notes(before, after)
    old, new = ([one for one in passages_of(data) if not is_credit(one.name)] for data in (before, after))
    return proposal(old, new, language=str(after.get("language", "")), others=_others(before, after))


def _without_new_notes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    known = {block.get("id") for block in before["body"]}
    kept = [block for block in after["body"] if block["type"] != "update_note" or block.get("id") in known]
    return after | {"body": kept}


def _others(before: dict[str, Any], after: dict[str, Any]) -> Iterable[Change]:
    if _pictures(before) != _pictures(after):
        yield Change(OTHER, _PICTURE)
    old, new = _names(before), _names(after)
    if old != new:
        if set(old) <= set(new):
            yield Change(OTHER, _NAMES, ", ".join(old), ", ".join(new))
        else:
            yield Change(FACT, _NAMES, ", ".join(old), ", ".join(new), (NAME,))
    if _lenders(before) != _lenders(after):
        yield Change(OTHER, _BASED_ON, ", ".join(_lenders(before)), ", ".join(_lenders(after)))


def _pictures(data: dict[str, Any]) -> list[Any]:
    found = [data["lead"]["image"]] if data.get("lead") else []
    for block in data["body"]:
        value = block.get("value")
        if block["type"] == "picture" and isinstance(value, dict):
            found.append(value.get("image"))
        elif block["type"] == "gallery" and isinstance(value, dict):
            for one in value.get("pictures") or []:
                inner = one.get("value", one) if isinstance(one, dict) else {}
                found.append(inner.get("image"))
    return found


def _names(data: dict[str, Any]) -> list[str]:
    # By their addresses: another spelling of a name is the byline's business, not this story's.
    return [str(line["slug"]) for line in data.get("bylines") or ()]


def _lenders(data: dict[str, Any]) -> list[str]:
    return [str(line["name"]) for line in data.get("based_on") or ()]


def name_of(passage: str) -> str:
    """Where a change stands, in words for the desk; "" in the running text."""
    known = {
        "headline": _("Headline"),
        "standfirst": _("Standfirst"),
        "kicker": _("Kicker"),
        "dateline": _("Dateline"),
        "lead-caption": _("Caption"),
        _PICTURE: _("Another picture"),
        _NAMES: _("Bylines"),
        _BASED_ON: _("Based on reporting by"),
    }
    if passage in known:
        return known[passage]
    if passage.startswith("source-"):
        return _("Sources")
    if passage.endswith("-caption"):
        return _("Caption")
    return ""
