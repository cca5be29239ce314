"""What must be true before a story goes out: the picture gate, and the few things no reader can do without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from standfirst.people.models import User
    from standfirst.stories.models import StoryPage

# Labels whose note readers are told, and those that only the editor in chief's office gives.
NOTED = frozenset({"correction", "clarification", "editors-note", "retraction"})
FOR_THE_PAPER = frozenset({"editors-note", "retraction"})
SPEAKS_FOR_THE_PAPER = "stories.speak_for_paper"


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a story from going out.

    field: the form field it belongs to ("lead_image", "body", "section" …).
    message: a whole sentence that says which picture or field, and what to do.
    block_id: the id of the block in `body` it is about, or "".
    lacks: what is missing of a picture, "credit" or "description"; else "".
    """

    field: str
    message: str
    block_id: str = ""
    lacks: str = ""


_others: list[Callable[[StoryPage], list[Problem]]] = []


def also(check: Callable[[StoryPage], list[Problem]]) -> None:
    """Register, from a room's apps.py, what else may keep a story from going out."""
    if check not in _others:
        _others.append(check)


def publish_problems(story: StoryPage) -> list[Problem]:
    """Everything that keeps `story` from going out; an empty list when it may."""
    from standfirst.stories.blocks import used_pictures

    problems: list[Problem] = []
    if not story.section_id:
        problems.append(Problem("section", _("Choose the section this story belongs to.")))
    if story.lead_image_id and story.lead_image:
        problems += _picture_problems(
            story.lead_image,
            field="lead_image",
            alt=story.lead_alt,
            decorative=story.lead_decorative,
            credit=story.lead_credit,
            what=_("The lead picture “%(title)s”") % {"title": story.lead_image.title},
        )
    for number, (block_id, value) in enumerate(used_pictures(story.body), start=1):
        image = value.get("image")
        if image is None:
            problems.append(
                Problem(
                    "body",
                    _("Picture %(number)d in the text is missing: choose one or remove the block.")
                    % {"number": number},
                    block_id,
                )
            )
            continue
        problems += _picture_problems(
            image,
            field="body",
            alt=value.get("alt"),
            decorative=value.get("decorative"),
            credit=value.get("credit"),
            what=_("Picture %(number)d in the text, “%(title)s”,") % {"number": number, "title": image.title},
            block_id=block_id,
        )
    for check in _others:
        problems += check(story)
    return problems


def may_speak_for_paper(user: User | None) -> bool:
    """Whether this person may issue editor's notes and retractions; None: the newsroom's own programs."""
    return user is None or bool(user.has_perm(SPEAKS_FOR_THE_PAPER))


def label_problems(story: StoryPage, *, editor: User | None = None) -> list[Problem]:
    """What is missing of the label with which a change goes out."""
    from standfirst.stories.models import ChangeLabel

    label = story.change_label
    if label not in ChangeLabel.values:
        return [Problem("change_label", _("Say what this change of a published story is."))]
    if label in FOR_THE_PAPER and not may_speak_for_paper(editor):
        return [Problem("change_label", _("Editor’s notes and retractions are for the editor in chief to issue."))]
    if label in NOTED and not story.change_note.strip():
        return [Problem("change_note", _("Write what readers are told: what was wrong, and what is right."))]
    return []


def change_problems(story: StoryPage, *, editor: User | None = None) -> list[Problem]:
    """Why a changed published story may not go out: its change has no label yet (CO-03); an empty list when it may."""
    from standfirst.stories.changed import changed, newest_version

    version = newest_version(story)
    if version is None:
        return []
    found = changed(story, version)
    if found is None or not found.wants_label:
        return []
    if story.change_from != version.number or not story.change_label:
        # Names the story: said on screens that are about many.
        return [
            Problem(
                "change_label",
                _("“%(headline)s” changes what readers were told. Open it, publish it there and say what it is.")
                % {"headline": story.title},
            )
        ]
    return label_problems(story, editor=editor)


def _picture_problems(
    image: Any,
    *,
    field: str,
    alt: str | None,
    decorative: bool | None,
    credit: str | None,
    what: str,
    block_id: str = "",
) -> list[Problem]:
    problems: list[Problem] = []
    # Pictures that came with an archive were public before; they go on the desk's to-do list instead.
    if image.is_imported:
        return problems
    if not (credit or "").strip() and not image.is_credited:
        problems.append(
            Problem(
                field,
                _("%(picture)s has no credit. Write who made it, or tick “credit being checked” on the picture.")
                % {"picture": what},
                block_id,
                "credit",
            )
        )
    if not decorative and not (alt or "").strip():
        problems.append(
            Problem(
                field,
                _("%(picture)s has no description. Say what can be seen, or tick “decorative”.") % {"picture": what},
                block_id,
                "description",
            )
        )
    return problems
