"""Revising: words of a live story replaced at once, in it and in all that colleagues are writing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState

from standfirst.kit.anchoring import NotPlaced, Place, Quote, Text, carry, normal, place
from standfirst.people.models import User
from standfirst.stories.checks import Problem, label_problems
from standfirst.stories.errors import NotAllowed, NotReady, PassageMoved
from standfirst.stories.models import ChangeLabel, PublicVersion, StoryPage, WordEdit
from standfirst.stories.passages import text_of_version
from standfirst.stories.services.publication import story_record_publication
from standfirst.stories.wording import OnePassage, Unwritable, Wording, beginnings, in_passages

# What can be said of a story of which no word changes.
NOTES_ALONE = frozenset({ChangeLabel.CLARIFICATION, ChangeLabel.EDITORS_NOTE, ChangeLabel.RETRACTION})
# How long what was replaced is remembered for forms that were open then.
REMEMBERED = dt.timedelta(days=30)


@dataclass(frozen=True)
class PassageEdit:
    """Words of the live story and what replaces them.

    start and end count code points from the beginning of the passage `block` in the text of the newest public
    version (`stories.passages`); words that run on into the next passages have an end beyond it. old: the words
    that stand there. new: what will; a line break where a paragraph ends, none within one.
    """

    block: str
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True)
class DraftLeft:
    """A draft in which a colleague had rewritten or removed the words already; it stays as she wrote it."""

    revision_id: int
    by: User | None
    old: str
    now: str


@dataclass(frozen=True)
class Revised:
    """version: the new public version. drafts_changed: the numbers of the revisions that got the same edit."""

    version: PublicVersion
    drafts_changed: tuple[int, ...]
    drafts_left: tuple[DraftLeft, ...]


def story_revise(*, story: StoryPage, edits: Sequence[PassageEdit], label: str, note: str, editor: User) -> Revised:
    """Replace words of a live story, in what readers see and in every draft in progress. All or nothing.

    What is live is revised, never what a draft says; in drafts (the newest, scheduled ones, those in a workflow) the
    same words are replaced where they still stand, and nothing else is touched. Markup around and inside of what
    stays is kept.

    label: a `ChangeLabel`; note: what readers are told, as the label wants it. edits: none for a clarification, an
    editor's note or a retraction that changes no word of the story.
    Raises PassageMoved when the old words do not stand there any more (show what does, and ask), NotAllowed when the
    editor may not publish the story, NotReady with the reasons when it cannot go out so.
    """
    with transaction.atomic():
        # Two who revise one story, or one who revises and one who saves its form, wait for one another.
        list(Page.objects.select_for_update().filter(pk=story.pk).values_list("pk"))
        live = StoryPage.objects.get(pk=story.pk)
        if not live.permissions_for_user(editor).can_publish():
            raise NotAllowed(_("%(name)s may not publish this story.") % {"name": editor})
        before = live.public_versions.order_by("-number").first()
        if not live.live or before is None:
            raise NotReady([Problem("title", _("This story is not public, so there is nothing to correct in it."))])
        drafts = drafts_of(live)
        words = Wording.of(live)
        was = words.text
        done = _apply(words, edits) if edits or label not in NOTES_ALONE else []
        live.change_label, live.change_note, live.change_from = label, note, before.number
        problems = label_problems(live, editor=editor)
        if problems:
            raise NotReady(problems)
        _publish(live, words, editor, first_draft=min((draft.created_at for draft in drafts), default=None))
        version = story_record_publication(story=live, editor=editor)
        if version.pk == before.pk:
            raise NotReady([Problem("title", _("Nothing would change for readers."))])
        _remember(live, before, done)
        changed, left = [], []
        for draft in drafts:
            is_changed, stays = _revise_draft(draft, live, done, was, before.number, version.number)
            if is_changed:
                changed.append(draft.pk)
            left += stays
    story.refresh_from_db()
    return Revised(version, tuple(changed), tuple(left))


def _apply(words: Wording, edits: Sequence[PassageEdit]) -> list[OnePassage]:
    """Replace each where it stands, from the last to the first, so that none moves another."""
    found = beginnings(words.text.passages)
    parts: list[OnePassage] = []
    for edit in edits:
        there = words.words(edit.block, edit.start, edit.end)
        if there is None or not normal(edit.old) or normal(there) != normal(edit.old):
            raise PassageMoved(block=edit.block, old=edit.old, now=words.passage(edit.block) or "")
        try:
            parts += in_passages(words.text, edit.block, edit.start, edit.end, edit.new)
        except Unwritable as error:
            raise NotReady([Problem("body", str(error))]) from error
    if not parts:
        raise NotReady([Problem("body", _("Nothing would change for readers."))])
    parts.sort(key=lambda part: (found[part.block] + part.start, found[part.block] + part.end))
    for one, other in pairwise(parts):
        if one.block == other.block and other.start < one.end:
            raise NotReady([Problem("body", _("Two of these changes are about the same words. Make one of them."))])
    for part in reversed(parts):
        try:
            words.replace(part.block, part.start, part.end, part.new)
        except Unwritable as error:
            raise NotReady([Problem("body", str(error))]) from error
    return parts


def _publish(live: StoryPage, words: Wording, editor: User, first_draft: dt.datetime | None) -> None:
    """Make the words public. By hand: Wagtail's own way would end schedules and workflows of drafts in progress."""
    fields = words.write_to(live)
    try:
        live.clean_fields(exclude=[field.name for field in live._meta.fields if field.name not in fields])
    except ValidationError as error:
        raise NotReady(
            [Problem(name, message) for name, messages in error.message_dict.items() for message in messages]
        ) from error
    put_out(live, editor, first_draft)


def put_out(live: StoryPage, editor: User | None, first_draft: dt.datetime | None) -> None:
    """Save what a live story in memory says as what is public. first_draft: when the oldest draft was begun."""
    now = timezone.now()
    revision = Revision.objects.create(
        content_object=live,
        base_content_type=live.get_base_content_type(),
        user=editor,
        # Before the drafts: the newest one stays the newest, and nobody's open form is told that it is too late.
        created_at=now if first_draft is None else first_draft - dt.timedelta(microseconds=1),
        content=live.serializable_data(),
        object_str=str(live),
    )
    live.live_revision = revision
    live.last_published_at = now
    if first_draft is None or live.latest_revision_id is None:
        live.latest_revision = revision
        live.latest_revision_created_at = revision.created_at
        live.draft_title = live.title
        live.has_unpublished_changes = False
    # What was public without a rule that came later is not held up by it.
    live.save(clean=False)
    log(instance=live, action="wagtail.publish", user=editor, revision=revision, content_changed=True)


def drafts_of(live: StoryPage) -> list[Revision]:
    """Every draft in progress: the newest, what is scheduled, what lies in a workflow."""
    newest = live.latest_revision_id if live.latest_revision_id != live.live_revision_id else None
    read = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type=live.get_base_content_type(),
        workflow_state__object_id=str(live.pk),
    )
    revisions = Revision.objects.for_instance(live).filter(
        Q(pk=newest) | Q(approved_go_live_at__isnull=False) | Q(pk__in=read.values("revision_id"))
    )
    return list(revisions.exclude(pk=live.live_revision_id).select_for_update(of=("self",)).order_by("pk"))


def _revise_draft(
    draft: Revision, live: StoryPage, edits: Sequence[OnePassage], was: Text, before: int, after: int
) -> tuple[bool, list[DraftLeft]]:
    working = draft.as_object()
    words = Wording.of(working)
    left: list[DraftLeft] = []
    for edit in edits:
        stays = _repeat(words, edit, was)
        if stays is not None:
            left.append(DraftLeft(draft.pk, draft.user, edit.old, stays))
    content, is_changed = dict(draft.content), bool(words.touched)
    if is_changed:
        fields = words.write_to(working)
        said = working.serializable_data()
        content |= {name: said[name] for name in fields}
    if content.get("change_label") and content.get("change_from") == before:
        # Its label still speaks of its own difference from what is public.
        content["change_from"] = after
    if content == draft.content:
        return False, left
    # In place, at its own time: the colleague's page goes on saving into it, schedule and workflow go on with it.
    Revision.objects.filter(pk=draft.pk).update(content=content, object_str=str(working))
    if is_changed and live.latest_revision_id == draft.pk and live.draft_title != working.title:
        StoryPage.objects.filter(pk=live.pk).update(draft_title=working.title)
    return is_changed, left


def _repeat(words: Wording, edit: OnePassage, was: Text | None) -> str | None:
    """Make an edit of the live story in other words of it. None: done, or there already; else what stands there now.

    was: the text the edit was made in, None when it is withheld.
    """
    now = words.text
    if was is None:
        found = place(Quote(exact=edit.old, block=edit.block, start=edit.start, end=edit.end), now)
    else:
        found = carry(_place_of(edit, was), was, now)
    if isinstance(found, NotPlaced):
        there = words.passage(edit.block) or ""
        return None if edit.new and normal(edit.new) in there else there
    if normal(found.exact) != normal(edit.old):
        return None if normal(found.exact) == normal(edit.new) else found.exact
    try:
        words.replace(found.block, found.start, found.end, edit.new)
    except Unwritable:
        return found.exact
    return None


def _was(version: PublicVersion) -> Text | None:
    """The text in which an edit's place was counted; None when words of it are withheld."""
    return None if getattr(getattr(version, "text", None), "is_masked", False) else text_of_version(version)


def _place_of(edit: OnePassage, was: Text) -> Place:
    begin = beginnings(was.passages)[edit.block]
    first, last = begin + edit.start, begin + edit.end
    return was.place(first, last, how="there")


def _remember(live: StoryPage, before: PublicVersion, edits: Iterable[OnePassage]) -> None:
    now = timezone.now()
    WordEdit.objects.filter(at__lt=now - REMEMBERED).delete()
    WordEdit.objects.bulk_create(
        WordEdit(
            story=live,
            before=before,
            revision=live.live_revision,
            at=now,
            block=edit.block,
            start=edit.start,
            end=edit.end,
            old=edit.old,
            new=edit.new,
        )
        for edit in edits
    )


def words_keep(*, story: StoryPage, since: int) -> list[WordEdit]:
    """Replace in a story in memory what was corrected after its form was loaded, where it still says the old words.

    since: the number of the last WordEdit the form knew. Nothing is saved. Returns what was replaced.
    """
    edits = list(WordEdit.objects.filter(story_id=story.pk, pk__gt=since).select_related("before", "before__text"))
    if not edits:
        return []
    words, kept = Wording.of(story), []
    for edit in edits:
        one = OnePassage(edit.block, edit.start, edit.end, edit.old, edit.new)
        said = words.data
        _repeat(words, one, _was(edit.before))
        if words.data is not said:
            kept.append(edit)
    words.write_to(story)
    return kept
