"""What is not public: drafts, what is scheduled, what was withdrawn, and what is changed in public stories and not out.

In a private export alone. A draft is what a colleague would see when opening it: its newest revision.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import PageLogEntry

from standfirst.kit.exports import Fields, In, Out, gettext_noop, moment
from standfirst.stories.export import back
from standfirst.stories.export.page import Links
from standfirst.stories.export.story import in_parts, record, write_versions
from standfirst.stories.models import StoryPage
from standfirst.stories.selectors import going_out
from standfirst.stories.withheld import blanked, withheld_among

DRAFTS = "drafts/"
WITHDRAWN = "wagtail.unpublish"


def _rows() -> QuerySet[StoryPage]:
    return StoryPage.objects.filter(Q(live=False) | Q(public_path=None) | Q(has_unpublished_changes=True))


def things(private: bool) -> int:
    return _rows().count() if private else 0


def write(out: Out) -> None:
    if not out.private:
        return
    scheduled = going_out()
    pks = list(_rows().order_by("pk").values_list("pk", flat=True))
    for stories in in_parts(pks):
        left = _withdrawn_at([story.pk for story in stories])
        withheld = withheld_among(story.pk for story in stories)
        for story in stories:
            working = story.get_latest_revision_as_object() if story.latest_revision_id else story
            if story.pk in withheld:
                working = blanked(working)
            said = record(working, Links([working]), private=True)
            said |= {
                "is_public": story.live,
                "address": story.public_path,
                "month": Links([story]).months.get(story.path[:-4]),
                "held_because": story.held_because,
                "goes_live_at": moment(working.go_live_at),
                "is_scheduled": story.pk in scheduled,
                "withdrawn_at": moment(left.get(story.pk)) if not story.live and story.public_path else None,
                "written_by": story.owner.email if story.owner else "",
                "related_found": [],
            }
            if not story.live:
                # A version of a story that is out stands with the story.
                said["versions"] = list(write_versions(out, story)) if story.public_path else []
            out.json(f"{DRAFTS}{story.pk}.json", said)
            out.count("drafts")


def _withdrawn_at(pks: list[int]) -> dict[int, dt.datetime]:
    rows = PageLogEntry.objects.filter(page_id__in=pks, action=WITHDRAWN).order_by("timestamp")
    return dict(rows.values_list("page_id", "timestamp"))


def read(inward: In) -> None:
    names = list(inward.names(DRAFTS, ".json"))
    lists = back.Lists.here()
    for start in range(0, len(names), 100):
        batch = [Fields(inward.json(name), name) for name in names[start : start + 100]]
        # Those that are out already came with the stories; they get their changes on top.
        back.take_in(inward, [said for said in batch if not said.flag("is_public")], live=False, lists=lists)
        for said in batch:
            _finish(inward, said, lists)


def _finish(inward: In, said: Fields, lists: back.Lists) -> None:
    pk = said.number("id")
    goes_live_at = said.moment("goes_live_at")
    is_due = said.flag("is_scheduled") and goes_live_at is not None and goes_live_at > timezone.now()
    if said.flag("is_scheduled") and not is_due:
        inward.note(
            gettext_noop("“%(headline)s” was to go out at %(goes_live_at)s, which is past. It waits as a draft."),
            headline=said.text("headline", 255),
            goes_live_at=said.any("goes_live_at"),
        )
    if said.flag("is_public"):
        working = back.filled(inward, said, StoryPage.objects.get(pk=pk), lists)
        working.go_live_at = goes_live_at
        working.save_revision(log_action=False, approved_go_live_at=goes_live_at if is_due else None)
        inward.count("drafts")
        return
    if is_due:
        story = StoryPage.objects.get(pk=pk)
        story.save_revision(log_action=False, approved_go_live_at=goes_live_at)
    left = said.moment("withdrawn_at")
    if left is not None:
        _note_withdrawal(pk, said.text("headline", 255), left)


def _note_withdrawal(pk: int, label: str, at: dt.datetime) -> None:
    PageLogEntry.objects.create(
        page_id=pk,
        content_type=ContentType.objects.get_for_model(StoryPage),
        label=label,
        action=WITHDRAWN,
        timestamp=at,
        content_changed=False,
        deleted=False,
    )
