"""Destroying what is withheld: the words, in every row that still has them, and what the database keeps of old rows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Comment, CommentReply, PageLogEntry, Revision

from standfirst.corrections import ledger, vault
from standfirst.corrections.models import WithheldOriginal, Withholding
from standfirst.corrections.services.log import amendment_write
from standfirst.corrections.services.withholding import announce, destroyed_on, note_in_history
from standfirst.kit.masking import Mask
from standfirst.letterbox.models import Letter
from standfirst.stories.models import NewsImage, StoryPage, WordEdit
from standfirst.stories.withheld import blanked

log = logging.getLogger("standfirst.corrections")


def withholdings_due() -> list[Withholding]:
    """What is to be destroyed by now."""
    rows = Withholding.objects.filter(confirmed_at__isnull=False, lifted_at=None, destroyed_at=None)
    now = timezone.now()
    due = [(one, destroyed_on(one)) for one in rows.select_related("story__locale", "version", "entry").order_by("at")]
    return [one for one, on in due if on is not None and on <= now]


_others: list[Callable[[int, Mask | None], None]] = []


def also_destroys(act: Callable[[int, Mask | None], None]) -> None:
    """Register, from a room's apps.py, who else keeps words of a story: told its number and the words; None: all."""
    if act not in _others:
        _others.append(act)


def any_destroyed() -> bool:
    return Withholding.objects.filter(destroyed_at__isnull=False).exists()


def withholdings_destroy_due() -> int:
    """Once a day: destroy what is due, then let the database forget what it keeps of deleted rows. Returns how many."""
    ledger.ledger_complete()
    due = withholdings_due()
    for one in due:
        withholding_destroy(withholding=one)
    if due:
        database_scrub()
    return len(due)


def withholding_destroy(*, withholding: Withholding) -> None:
    """Destroy what is withheld, for good. All or nothing; `database_scrub` afterwards.

    What is public does not change, but for a dated line.
    """
    one = withholding
    with transaction.atomic():
        mask = vault.mask_of(one)
        for reach in one.reaches.select_related("original", "withholding__story__locale"):
            _destroy_in(reach.original, reach)
        _destroy_beside(one, mask)
        if one.picture:
            _destroy_picture(one)
        ledger.noted(one)
        one.words, one.pieces, one.reason, one.destroyed_at = [], [], "", timezone.now()
        one.save()
        with override(one.story.language):
            words = _("It has been destroyed.")
        if one.entry:
            amendment_write(correction=one.entry, text=words)
        note_in_history(one, "withhold_destroy", None)
        ledger.noted(one)
        announce(one)


def _destroy_in(original: WithheldOriginal, reach: Any) -> None:
    """Let the kept original say only what this withholding leaves of it."""
    if reach.is_whole and original.table in vault.ERASED:
        original.said = {}
    else:
        said = vault.left_by(reach, original.table, original.said) if original.said else {}
        original.said = said | {"salt": "", "is_masked": True} if said and original.table in vault.ERASED else said
    original.save()
    reach.delete()
    vault.settle(original)


def _destroy_beside(one: Withholding, mask: Mask) -> None:
    """What Wagtail's tables and our own keep of a story beside its text."""
    story = StoryPage.objects.get(pk=one.story_id)
    kinds = Withholding.Kind
    is_all = one.kind == kinds.STORY or (one.kind == kinds.VERSION and not story.live)
    revisions = Revision.objects.for_instance(story)
    edits = WordEdit.objects.filter(story=story)
    if is_all:
        # Its last text is what is withheld; nobody has published another since.
        WordEdit.objects.filter(story=story).delete()
        revisions.delete()
        story = StoryPage.objects.get(pk=one.story_id)
        blanked(story).save(clean=False)
    elif one.kind == kinds.VERSION:
        edits.delete()
        stay = [pk for pk in (story.live_revision_id, story.latest_revision_id) if pk]
        revisions.filter(created_at__lt=one.at).exclude(pk__in=stay).delete()
    elif one.kind == kinds.WORDS:
        for edit in edits:
            if mask.finds(edit.old) or mask.finds(edit.new) or mask.quote(edit.old) != edit.old:
                edit.delete()
    if is_all or one.kind == kinds.WORDS:
        for act in _others:
            act(story.pk, None if is_all else mask)
        _destroy_in_letters(story, None if is_all else mask)
    comments: list[Any] = [
        *Comment.objects.filter(page=story.pk),
        *CommentReply.objects.filter(comment__page=story.pk),
    ]
    for comment in comments:
        comment.text = "—" if is_all else mask.text(comment.text)
        comment.save(update_fields=["text"])
    for entry in PageLogEntry.objects.filter(page=story.pk):
        label, data = ("—", {}) if is_all else (mask.text(entry.label), mask.data(entry.data))
        if (label, data) != (entry.label, entry.data):
            PageLogEntry.objects.filter(pk=entry.pk).update(label=label, data=data)


def _destroy_in_letters(story: StoryPage, mask: Mask | None) -> None:
    """What readers' letters quote of the story; what they say themselves goes where it says the words."""
    letters = Letter.objects.filter(about_path__startswith=story.public_path) if story.public_path else ()
    for letter in letters:
        letter.quote = "" if mask is None else mask.quote(letter.quote)[:500]
        if mask is not None:
            letter.wording = mask.text(letter.wording)[:1000]
            letter.text, letter.note = mask.text(letter.text), mask.text(letter.note)
        letter.save(update_fields=["quote", "wording", "text", "note"])


def _destroy_picture(one: Withholding) -> None:
    image = NewsImage.objects.filter(pk=one.picture).first()
    if image is None:
        return
    storage, aside = image.file.storage, one.kept_as
    if aside:
        transaction.on_commit(lambda: storage.delete(aside), robust=True)
    for name in ("description", "credit", "taken_place"):
        setattr(image, name, "")
    image.title = "—"
    image.save()


def database_scrub() -> None:
    """Rewrite the database, so that pages it does not use any more hold no words of deleted rows.

    Outside of a transaction. SQLite: the file and its journal are rewritten whole. PostgreSQL: the tables that held
    words are; its write-ahead log and any archive of it keep them until they are recycled (docs/operators).
    """
    if connection.in_atomic_block:
        log.warning("The database is not rewritten within a transaction.")
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in connection.introspection.table_names(cursor):
                if table.endswith("_fts"):
                    cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            tables = set(connection.introspection.table_names(cursor))
            for table in sorted(tables & _TABLES):
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")


_TABLES = {
    "corrections_amendmenttext",
    "corrections_case",
    "corrections_correctiontext",
    "corrections_suggestion",
    "corrections_withheldoriginal",
    "corrections_withholding",
    "django_tasks_db_dbtaskresult",
    "importers_moveentry",
    "letterbox_letter",
    "stories_storypage",
    "stories_versiontext",
    "stories_wordedit",
    "wagtailcore_comment",
    "wagtailcore_page",
    "wagtailcore_pagelogentry",
    "wagtailcore_revision",
    "wagtailsearch_indexentry",
}
