"""Taking words out of a story as it is now: out of what readers see, and out of everything colleagues write of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import models, transaction
from wagtail.models import Page, Revision

from standfirst.kit.masking import Mask, Piece, given_back
from standfirst.people.models import User
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.services.publication import story_record_publication
from standfirst.stories.services.revising import drafts_of, put_out


def story_mask(*, story: StoryPage, mask: Mask, editor: User | None) -> PublicVersion | None:
    """Put a marker where words stand in a story and in every working copy of it, old ones too. All or nothing.

    Returns the new public version where readers saw the words, which bears no label; None where they did not. Old
    public versions are the caller's to see to.
    """
    with transaction.atomic():
        version = _rewrite(story, mask.data, mask.finds, mask.marker, editor)
        for pk, said in Revision.objects.for_instance(story).values_list("pk", "object_str"):
            if mask.finds(said):
                Revision.objects.filter(pk=pk).update(object_str=mask.text(said))
        draft_title = StoryPage.objects.values_list("draft_title", flat=True).get(pk=story.pk)
        if mask.finds(draft_title):
            StoryPage.objects.filter(pk=story.pk).update(draft_title=mask.text(draft_title)[:255])
    return version


def story_pieces(*, story: StoryPage, mask: Mask) -> list[Piece]:
    """What a marker will stand for in the story and in its drafts, for `story_give_back`; each once."""
    with transaction.atomic():
        live = StoryPage.objects.get(pk=story.pk)
        said = [live.serializable_data(), *(draft.content for draft in drafts_of(live))]
    found = {tuple(piece) for one in said for piece in mask.pieces(one)}
    return [list(piece) for piece in sorted(found)]


def story_give_back(
    *, story: StoryPage, marker: str, pieces: Sequence[Piece], still: Sequence[Mask], editor: User | None
) -> int:
    """Put words that were taken out back into every draft; one is begun where there is none. Returns how many.

    What readers see stays as it is until somebody publishes. still: words that remain withheld.
    """

    def back(said: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = given_back(said, marker, pieces)
        for mask in still:
            found = mask.data(found)
        return found

    with transaction.atomic():
        list(Page.objects.select_for_update().filter(pk=story.pk).values_list("pk"))
        live = StoryPage.objects.get(pk=story.pk)
        drafts, count = drafts_of(live), 0
        for draft in drafts:
            if (content := back(draft.content)) != draft.content:
                Revision.objects.filter(pk=draft.pk).update(content=content)
                count += 1
        if not any(draft.pk == live.latest_revision_id for draft in drafts):
            said = live.serializable_data()
            if (changed := back(said)) != said:
                live.with_content_json(changed).save_revision(user=editor, log_action=False, clean=False)
                count += 1
    return count


def story_without_picture(*, story: StoryPage, picture: int, editor: User | None) -> PublicVersion | None:
    """Take a picture out of a story and of every working copy of it, with what stands below it. All or nothing."""
    return _rewrite(
        story, lambda said: without_picture(said, picture), lambda said: said != without_picture(said, picture), "",
        editor,
    )  # fmt: skip


def without_picture(said: dict[str, Any], picture: int) -> dict[str, Any]:
    """A story's data, as a working copy keeps it, without a picture."""
    found = dict(said)
    if found.get("lead_image") == picture:
        found |= {"lead_image": None, "lead_alt": "", "lead_caption": "", "lead_credit": "", "lead_decorative": False}
    body = json.loads(found.get("body") or "[]")
    kept = [block for block in map(partial(_block_without, picture=picture), body) if block is not None]
    if kept != body:
        found["body"] = json.dumps(kept)
    return found


def _block_without(block: dict[str, Any], picture: int) -> dict[str, Any] | None:
    value = block.get("value")
    if not isinstance(value, dict):
        return block
    if block.get("type") == "picture" and value.get("image") == picture:
        return None
    if block.get("type") == "gallery":
        pictures = value.get("pictures") or []
        left = [one for one in pictures if (one.get("value") or one).get("image") != picture]
        if left != pictures:
            return block | {"value": value | {"pictures": left}} if left else None
    return block


def _rewrite(
    story: StoryPage,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    is_wanted: Callable[[dict[str, Any]], bool],
    filler: str,
    editor: User | None,
) -> PublicVersion | None:
    """Change a story and all its working copies at once; what is public goes out as a new version without a label."""
    with transaction.atomic():
        list(Page.objects.select_for_update().filter(pk=story.pk).values_list("pk"))
        live = StoryPage.objects.get(pk=story.pk)
        before = live.public_versions.order_by("-number").first()
        drafts = drafts_of(live)
        for revision in Revision.objects.for_instance(live).exclude(content={}):
            if is_wanted(revision.content):
                # In place: schedules, workflows and open forms go on with it.
                Revision.objects.filter(pk=revision.pk).update(content=change(revision.content))
        said = live.serializable_data()
        if not is_wanted(said):
            return None
        changed = live.with_content_json(change(said))
        _fit(changed, filler)
        if not live.live or before is None:
            changed.save(clean=False)
            return None
        changed.change_label, changed.change_note, changed.change_from = "", "", None
        put_out(changed, editor, min((draft.created_at for draft in drafts), default=None))
        version = story_record_publication(story=changed, editor=editor)
        if version.pk == before.pk:
            return None
        for draft in drafts:
            _speak_of(draft, before.number, version.number)
    return version


def _speak_of(draft: Revision, before: int, after: int) -> None:
    """A draft's label still speaks of its own difference from what is public."""
    content: dict[str, Any] = Revision.objects.values_list("content", flat=True).get(pk=draft.pk)
    if content.get("change_label") and content.get("change_from") == before:
        Revision.objects.filter(pk=draft.pk).update(content=content | {"change_from": after})


def _fit(story: StoryPage, filler: str) -> None:
    """A marker may be longer than what it stands for, and a field too short for it."""
    for field in story._meta.concrete_fields:
        length = getattr(field, "max_length", None)
        value = getattr(story, field.attname, None)
        if isinstance(field, models.CharField) and length and isinstance(value, str) and len(value) > length:
            setattr(story, field.attname, filler[:length])
