"""The to-do list of credits at the desk: which pictures wait for one, in what order, and where they stand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry

from standfirst.stories.models import NewsImage, StoryPage
from standfirst.stories.selectors import pictures_to_credit

_NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_NAMED = 2
_OFFERED = 40


@dataclass
class Waiting:
    """A picture without a settled credit. stories: the newest that show it; more: how many others do."""

    picture: NewsImage
    stories: list[StoryPage] = field(default_factory=list)
    more: int = 0


def may_credit(user: Any) -> bool:
    return bool(policy_registry.get_by_type(NewsImage).user_has_any_permission(user, ["add", "change"]))


def waiting_ids(user: Any) -> list[int]:
    """The pictures that wait and that this person may change: those being checked first, then by their newest story.

    What readers see today comes before what stood in an archive of ten years ago.
    """
    mine = policy_registry.get_by_type(NewsImage).instances_user_has_any_permission_for(user, ["change"])
    rows = dict(pictures_to_credit().filter(pk__in=mine.values("pk")).values_list("pk", "credit_pending"))
    shown = _stories_of(set(rows))
    days = dict(
        StoryPage.objects.filter(pk__in={story for stories in shown.values() for story in stories}).values_list(
            "pk", "first_published_at"
        )
        if shown
        else ()
    )

    def order(pk: int) -> tuple[bool, dt.datetime, int]:
        newest = max((days.get(story) or _NEVER for story in shown.get(pk, ())), default=_NEVER)
        return rows[pk], newest, -pk

    return sorted(rows, key=order, reverse=True)


def waiting_pictures(ids: list[int]) -> list[Waiting]:
    """These pictures, in this order, with the stories that show them."""
    pictures = NewsImage.objects.in_bulk(ids)
    shown = _stories_of(set(ids))
    stories = {
        story.pk: story
        for story in StoryPage.objects.filter(pk__in={one for found in shown.values() for one in found})
        .select_related("locale")
        .defer("body", "methods")
    }
    out = []
    for pk in ids:
        if pk in pictures:
            mine = [stories[one] for one in shown.get(pk, ()) if one in stories]
            mine.sort(key=lambda story: story.first_published_at or _NEVER, reverse=True)
            out.append(Waiting(pictures[pk], mine[:_NAMED], max(0, len(mine) - _NAMED)))
    return out


def credits_offered() -> list[str]:
    """The names this paper prints most, to be chosen instead of typed."""
    given = NewsImage.objects.exclude(credit="").order_by("-created_at").values_list("credit", flat=True)[:2000]
    return sorted(credit for credit, _count in Counter(given).most_common(_OFFERED))


def _stories_of(pictures: set[int]) -> dict[int, set[int]]:
    """Picture → the stories that show it, above their text or in it."""
    shown: dict[int, set[int]] = {}
    if not pictures:
        return shown
    story_kind = ContentType.objects.get_for_model(StoryPage)
    picture_kind = ContentType.objects.get_for_model(NewsImage)
    rows = ReferenceIndex.objects.filter(content_type=story_kind, to_content_type=picture_kind)
    if len(pictures) <= 500:
        rows = rows.filter(to_object_id__in=[str(pk) for pk in pictures])
    for story, picture in rows.values_list("object_id", "to_object_id").iterator():
        if picture.isdigit() and int(picture) in pictures and story.isdigit():
            shown.setdefault(int(picture), set()).add(int(story))
    # The index of references follows an archive in the background; the picture above a text is known at once.
    leads = StoryPage.objects.filter(lead_image__isnull=False).values_list("pk", "lead_image_id")
    for story_pk, picture_pk in leads.iterator():
        if picture_pk in pictures:
            shown.setdefault(picture_pk, set()).add(story_pk)
    return shown
