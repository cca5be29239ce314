"""What must be true before a story goes out: the picture gate, and the few things no reader can do without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from standfirst.stories.models import StoryPage


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
    return problems


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
