"""Going out and leaving: publish, freeze the public version, withdraw, change an address."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from standfirst.kit.canonical import salted_digest
from standfirst.kit.chain import words_digest
from standfirst.people.models import User
from standfirst.press.services import refresh
from standfirst.stories import tasks
from standfirst.stories.acting import acting
from standfirst.stories.canonical import story_bytes
from standfirst.stories.changed import changed, newest_version
from standfirst.stories.checks import Problem, change_problems, publish_problems
from standfirst.stories.errors import NotAllowed, NotReady
from standfirst.stories.lists import REDIRECTS, Standing, keys_between, standing_of
from standfirst.stories.models import TOLD, ChangeLabel, PublicVersion, StoryPage, VersionText
from standfirst.stories.selectors import fronts_of
from standfirst.stories.services.pictures import pictures_ready, renditions_withdraw
from standfirst.stories.services.record import record_versions
from standfirst.stories.signals import version_frozen


def story_publish(*, story: StoryPage, editor: User | None = None, label: str = "", note: str = "") -> PublicVersion:
    """Publish the story's newest draft: all or nothing.

    label, note: what a change of a published story is (`ChangeLabel`), where its draft does not say so itself.
    Raises NotReady with every reason (nothing changed), NotAllowed when `editor` may not publish it.
    editor None: the newsroom's own programs (an import, the demo). What they change without a label is an update.
    """
    if editor is not None and not story.permissions_for_user(editor).can_publish():
        raise NotAllowed(f"{editor} may not publish this story.")
    with transaction.atomic(), acting(editor):
        list(Page.objects.select_for_update().filter(pk=story.pk).values_list("pk"))
        draft = story.get_latest_revision_as_object()
        is_labelled = _label(draft, label, note, by_program=editor is None)
        problems = [*publish_problems(draft), *change_problems(draft, editor=editor)]
        if problems:
            raise NotReady(problems)
        revision = story.get_latest_revision()
        if revision is None or is_labelled:
            revision = draft.save_revision(user=editor, log_action=False, clean=False)
        try:
            revision.publish(user=editor)
        except ValidationError as error:
            found = [Problem(name, text) for name, texts in error.message_dict.items() for text in texts]
            raise NotReady(found) from error
        story.refresh_from_db()
        return story.public_versions.order_by("-number")[0]


def _label(draft: StoryPage, label: str, note: str, *, by_program: bool) -> bool:
    """Give a draft the label of its change, when one was said or a program changed what readers were told."""
    if not label and by_program:
        found = changed(draft)
        has_one = found is not None and draft.change_label and draft.change_from == found.version.number
        label = ChangeLabel.UPDATE.value if found is not None and found.wants_label and not has_one else ""
    version = newest_version(draft) if label else None
    if version is None:
        return False
    draft.change_label, draft.change_note, draft.change_from = label, note, version.number
    return True


def story_record_publication(*, story: StoryPage, editor: User | None = None) -> PublicVersion:
    """Freeze what has just been published: address, public version, its place on record, news.

    Part of publishing's transaction. editor: whose act it is; `version_frozen` passes it on.

    The same words published again make no new version, so a version number always means a change: of words, or of what
    readers are told about them (an editor's note, a retraction).
    """
    now = timezone.now()
    stood = story.stood()
    with transaction.atomic():
        _settle_address(story)
        pictures_ready(story=story)
        tasks.pictures_of_story.enqueue(story.pk)
        last = story.public_versions.select_related("text").order_by("-number").first()
        content = story_bytes(story)
        is_labelled = last is not None and story.change_from == last.number
        note = story.change_note if is_labelled else ""
        is_same = last is not None and hasattr(last, "text") and bytes(last.text.canonical) == content
        if last is not None and is_same and not note:
            # The draft that went out may be older than these.
            told = {"label_shown": _label_shown(story)} | ({"changed_at": last.published_at} if last.number > 1 else {})
            StoryPage.objects.filter(pk=story.pk).update(**told)
            tasks.news_of_publication.enqueue(story.pk, last.number)
            _refresh(story, stood)
            return last
        published_at = (story.first_published_at or now) if last is None else now
        salt = secrets.token_bytes(16)
        version = PublicVersion.objects.create(
            story=story,
            number=last.number + 1 if last else 1,
            published_at=published_at,
            digest=salted_digest(content, salt=salt),
            label=story.change_label if is_labelled else "",
            note_digest=words_digest(note, salt=salt),
        )
        VersionText.objects.create(version=version, canonical=content, note=note, salt=salt)
        record_versions(versions=[version])
        version_frozen.send(PublicVersion, version=version, before=last, editor=editor)
        story.changed_at = published_at
        StoryPage.objects.filter(pk=story.pk).update(
            changed_at=published_at, held_because="", label_shown=_label_shown(story)
        )
        tasks.news_of_publication.enqueue(story.pk, version.number)
        _refresh(story, stood)
        return version


def _label_shown(story: StoryPage) -> str:
    """What lists say of the story's changes: the newest that readers were told of, but a retraction stays."""
    labels = list(story.public_versions.filter(label__in=TOLD).order_by("-number").values_list("label", flat=True))
    return ChangeLabel.RETRACTION if ChangeLabel.RETRACTION in labels else "".join(labels[:1])


def _refresh(story: StoryPage, stood: Standing, *, urgent: bool = False) -> None:
    """Tell the press what a publication or withdrawal changed for readers."""
    stands = standing_of(story.pk)
    own = [path + below for path in (stood.path, story.public_path) if path for below in ("", "text/")]
    refresh(
        keys=keys_between(story, stood, stands),
        paths=[*own, *(fronts_of(story) if stands.path else [])],
        first=story.public_path or "",
        urgent=urgent,
    )


def _settle_address(story: StoryPage) -> None:
    """Give a story its address at first publication; afterwards move it only when an editor changed the slug."""
    first = story.first_published_at or timezone.now()
    wanted = story.address_on(timezone.localtime(first).date())
    if story.public_path and story.public_path.rstrip("/").rsplit("/", 1)[1] == story.slug:
        return
    base, number = story.slug[:94], 1
    while _is_taken(wanted, story):
        number += 1
        wanted = f"{wanted.removesuffix(story.slug + '/')}{base}-{number}/"
        story.slug = f"{base}-{number}"
    old, story.public_path = story.public_path, wanted
    StoryPage.objects.filter(pk=story.pk).update(public_path=wanted, slug=story.slug)
    if old:
        address_change(old=old, new=wanted)


def _is_taken(address: str, story: StoryPage) -> bool:
    """Whether another story stands at an address, or an old address of another page leads away from it."""
    if StoryPage.objects.exclude(pk=story.pk).filter(public_path=address).exists():
        return True
    leading = Redirect.objects.filter(old_path=Redirect.normalise_path(address))
    return leading.exclude(redirect_link=story.public_path or "").exclude(redirect_page=story).exists()


def address_change(*, old: str, new: str) -> None:
    """Lead an old address of ours, and the pages below it, to where what stood there stands now."""
    for below in ("", "text/"):
        # Addresses from before lead on in one hop.
        Redirect.objects.filter(redirect_link=old + below).update(redirect_link=new + below)
        Redirect.objects.update_or_create(
            old_path=Redirect.normalise_path(old + below),
            site=None,
            defaults={
                "redirect_link": new + below,
                "redirect_page": None,
                "is_permanent": True,
            },
        )
    own = [Redirect.normalise_path(new + below) for below in ("", "text/")]
    Redirect.objects.filter(old_path__in=own).delete()
    refresh(keys={REDIRECTS})


def story_withdraw(*, story: StoryPage, editor: User | None = None) -> None:
    """Take a published story out of the paper. Its versions stay; the address answers 410."""
    if editor is not None and not story.permissions_for_user(editor).can_unpublish():
        raise NotAllowed(f"{editor} may not withdraw this story.")
    with transaction.atomic():
        story.unpublish(user=editor)


def story_record_withdrawal(*, story: StoryPage) -> None:
    """Tell the house that a story has left. Part of unpublishing's transaction.

    Its public pictures go with it, unless another page shows them; the originals stay.
    """
    with transaction.atomic():
        tasks.news_of_withdrawal.enqueue(story.pk)
        renditions_withdraw(story=story)
        # Wagtail may have saved another object of this story, so what this one remembers says little.
        _refresh(story, standing_of(story.pk, live=False), urgent=True)
