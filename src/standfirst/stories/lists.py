"""Names of the lists in which stories stand, for the press: what enters or leaves one changes the pages that show it.

Lists are ordered from the oldest (decision 10). A story that joins at the end touches only pages that bear the
list's *end*; one that enters or leaves further down moves what comes after it, so every page of the list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.models import Page

if TYPE_CHECKING:
    from standfirst.stories.models import StoryPage

# A story of this age has just come out; half of the least time that `settled_until` leaves.
_JUST = dt.timedelta(hours=12)
# As many later pages as are looked at one by one.
_FEW = 200

# All stories of the paper, whatever their language; whoever is published, changed or withdrawn touches it.
EVERY = "list:every"


# The table of old addresses.
REDIRECTS = "redirects"
# The newest entry of the record.
RECORD = "record"


def of_language(language: str) -> str:
    return f"list:all:{language}"


def of_section(pk: int, language: str) -> str:
    return f"list:section:{pk}:{language}"


def of_byline(pk: int, language: str) -> str:
    return f"list:byline:{pk}:{language}"


def of_tag(pk: int, language: str) -> str:
    return f"list:tag:{pk}:{language}"


def of_month(day: dt.date) -> str:
    return f"list:month:{day:%Y-%m}"


def changes_in(language: str) -> str:
    """The stories of a language in the order in which their words last changed."""
    return f"list:changes:{language}"


def end_of(name: str) -> str:
    """What a page bears that shows the newest of a list."""
    return f"{name}+"


def translations_of(key: object) -> str:
    """What a page bears that names the other languages of a story."""
    return f"translations:{key}"


@dataclass(frozen=True)
class Standing:
    """Where a public story stands: its lists and its place in them. Empty for one that is not public."""

    names: frozenset[str] = field(default_factory=frozenset)
    since: dt.datetime | None = None
    path: str = ""


def settled_until() -> dt.datetime:
    """Whoever publishes now publishes after this moment: what is older has its place and is read once (listing.py)."""
    midnight = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - dt.timedelta(days=1)


def standing_of(pk: int | None, *, live: bool = True) -> Standing:
    """Where a story stands by what is in the database now; `live=False`: where one stood that has just left."""
    from standfirst.stories.models import StoryByline, StoryPage, StoryTag

    row = (
        StoryPage.objects.filter(pk=pk, live=live, public_path__isnull=False)
        .values_list("locale__language_code", "section_id", "first_published_at", "public_path")
        .first()
        if pk
        else None
    )
    if row is None:
        return Standing()
    language, section, since, path = row
    names = {of_language(language)}
    if section:
        names.add(of_section(section, language))
    names |= {
        of_byline(one, language) for one in StoryByline.objects.filter(story_id=pk).values_list("byline_id", flat=True)
    }
    names |= {
        of_tag(one, language) for one in StoryTag.objects.filter(content_object_id=pk).values_list("tag_id", flat=True)
    }
    return Standing(frozenset(names), since, path)


def standing_of_arrival(story: StoryPage) -> set[str]:
    """The lists of a story that is held in memory."""
    language = story.language
    return {
        of_language(language),
        *([of_section(story.section_id, language)] if story.section_id else []),
        *(of_byline(line.byline_id, language) for line in story.story_bylines.all()),
        *(of_tag(line.tag_id, language) for line in story.tagged_items.all()),
    }


def keys_between(story: StoryPage, before: Standing, after: Standing) -> set[str]:
    """What bears changed when a story that stood there stands here now. Both empty: nothing public changed."""
    if not before.names and not after.names:
        return set()
    keys = {story.press_key, EVERY, changes_in(story.language)}
    for moment in {before.since, after.since} - {None}:
        keys.add(of_month(timezone.localtime(moment).date()))
    has_moved = before.since != after.since or before.path != after.path
    if has_moved:
        keys.add(translations_of(story.translation_key))
    changed = before.names | after.names if has_moved else before.names ^ after.names
    is_last = _Last(story, after)
    for name in changed:
        keys.add(end_of(name))
        if name in before.names or not is_last.of(name):
            keys.add(name)
    return keys


class _Last:
    """Whether a story has just joined a list at its end: none of the list was published after it."""

    def __init__(self, story: StoryPage, now: Standing) -> None:
        self.pk, self.since = story.pk, now.since

    @cached_property
    def later(self) -> list[int]:
        # Pages by their date alone: joined with a list, databases take the list's index and read all of it.
        late = Page.objects.filter(live=True, first_published_at__gte=self.since).exclude(pk=self.pk)
        return list(late.order_by("-first_published_at").values_list("pk", flat=True)[:_FEW])

    def of(self, name: str) -> bool:
        from standfirst.stories.models import StoryPage

        if self.since is None or self.since < timezone.now() - _JUST:
            # It may well be the last; but what is read once of a list must be read again.
            return False
        if not self.later:
            return True
        rows = StoryPage.objects.filter(live=True, public_path__isnull=False).exclude(pk=self.pk)
        few = len(self.later) < _FEW
        rows = rows.filter(pk__in=self.later) if few else rows.filter(first_published_at__gte=self.since)
        _list, kind, *rest = name.split(":")
        filters: dict[str, dict[str, object]] = {
            "all": {"locale__language_code": rest[0]},
            "section": {"section_id": rest[0], "locale__language_code": rest[-1]},
            "byline": {"story_bylines__byline_id": rest[0], "locale__language_code": rest[-1]},
            "tag": {"tagged_items__tag_id": rest[0], "locale__language_code": rest[-1]},
        }
        return not rows.filter(**filters[kind]).exists()
