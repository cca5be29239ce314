"""Withholding: words, a version, a note or a whole story taken from readers at once, to protect somebody.

One act of whoever may publish. What everybody reads is changed in the same transaction, so that no page, file, feed,
list or program can still show it; the press takes away what it has stored before the screen returns. See
docs/decisions/2026-11-23-withheld-words-lie-apart-until-they-are-destroyed.md.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from standfirst.corrections import ledger, rights, vault
from standfirst.corrections.errors import NotAllowed, NotReady
from standfirst.corrections.logbook import CORRECTIONS, correction_key
from standfirst.corrections.models import (
    Amendment,
    Correction,
    Suggestion,
    WithheldOriginal,
    Withholding,
    WithholdingRules,
)
from standfirst.corrections.reach import (
    not_reached,
    pictures_of,
    reach_said,
    rows_reached,
    stories_elsewhere,
    stories_showing,
)
from standfirst.corrections.services.carrying import cases_carry_on
from standfirst.corrections.services.cases import ACTIONS
from standfirst.corrections.services.log import amendment_write, removal_record
from standfirst.kit.canonical import canonical_bytes
from standfirst.kit.ledger import Line
from standfirst.people.models import User
from standfirst.people.selectors import may_publish
from standfirst.press.addresses import INTERNAL_GONE
from standfirst.press.services import refresh
from standfirst.stories.canonical import story_bytes, story_data
from standfirst.stories.checks import Problem
from standfirst.stories.models import NewsImage, PublicVersion, StoryPage
from standfirst.stories.services import (
    original_put_aside,
    original_put_back,
    record_wait,
    renditions_take_away,
    story_give_back,
    story_mask,
    story_pieces,
    story_withdraw,
    story_without_picture,
)

# So many letters the words that are withheld must have: fewer would stand everywhere.
LEAST_LETTERS = 3
MOST_FORMS = 50
# Whoever may publish is alarmed when nobody has confirmed it by then.
CONFIRMED_WITHIN = dt.timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What is to be withheld of a story, and why. words: every form in which they stand (kit.masking.forms_of)."""

    story: StoryPage
    kind: str
    category: str
    version: PublicVersion | None = None
    words: Sequence[str] = ()
    note_of: Correction | None = None
    line_of: Amendment | None = None
    picture: NewsImage | None = None

    def problem(self) -> str:
        """Why this cannot be withheld, in a whole sentence; "" when it can."""
        kinds = Withholding.Kind
        if self.kind not in kinds.values:
            return _("Say what is to be withheld.")
        if self.category not in Withholding.Category.values:
            return _("Say why it is withheld.")
        if self.kind == kinds.WORDS:
            if not self.words:
                return _("Write the words that are to be withheld.")
            if any(len(form) < LEAST_LETTERS for form in self.words):
                return _("“%(words)s” is too short: it would stand everywhere.") % {"words": min(self.words, key=len)}
            if len(self.words) > MOST_FORMS or any(len(form) > 2000 for form in self.words):
                return _("That is too much to look for at once. Withhold the whole version instead.")
        if self.kind == kinds.VERSION and (self.version is None or self.version.story_id != self.story.pk):
            return _("Choose the version that is to be withheld.")
        if self.kind == kinds.PICTURE and self.picture not in pictures_of(self.story):
            return _("Choose the picture that is to be withheld.")
        if self.kind == kinds.NOTE:
            entry = self.line_of.correction if self.line_of else self.note_of
            if entry is None or entry.story_id != self.story.pk:
                return _("Choose the note that is to be withheld.")
        return ""


def withhold(*, wanted: Wanted, editor: User | None, reason: str = "", line: Line | None = None) -> Withholding:
    """Take it from readers at once. All or nothing.

    reason: for colleagues. line: of the ledger, where a program does it again (editor None).
    Raises NotAllowed for whoever may not publish the story, NotReady with a sentence when there is nothing to withhold
    or it is withheld already.
    """
    story = wanted.story
    if editor is not None and not rights.may_accept(editor, story):
        raise NotAllowed(f"{editor} may not withhold anything of this story.")
    if problem := wanted.problem():
        raise NotReady(problem)
    with transaction.atomic():
        record_wait()
        now = timezone.now()
        if _is_withheld(wanted):
            raise NotReady(_("This is withheld already."))
        one = _made(wanted)
        one.reason, one.at, one.by = reason.strip()[:2000], now, editor
        one.confirmed_at = None if needs_second() else now
        if line is not None:
            one.key, one.at = uuid.UUID(line["key"]), parse_datetime(str(line["at"])) or now
            one.confirmed_at = one.at if line.get("is_confirmed") else None
        one.save()
        found = list(rows_reached(one))
        if one.kind == Withholding.Kind.WORDS:
            one.pieces = story_pieces(story=story, mask=vault.mask_of(one))
            version = story_mask(story=story, mask=vault.mask_of(one), editor=editor)
            if not found and version is None:
                raise NotReady(_("These words stand nowhere in this story. Write them as they stand there."))
            # While the words they are counted in are still there.
            cases_carry_on(story=story)
            found = list(rows_reached(one))
        elif one.kind == Withholding.Kind.PICTURE:
            _withhold_picture(one, editor)
        elif _is_seen_now(one):
            # Nobody reads another text at this address until somebody publishes one.
            story_withdraw(story=StoryPage.objects.get(pk=story.pk), editor=editor)
        for reached in found:
            vault.keep(
                withholding=one,
                table=reached.table,
                row=reached.row,
                is_whole=reached.is_whole,
                fields=reached.fields,
            )
        one.entry = removal_record(story=story, note=_told(one), at=one.at)
        one.save()
        note_in_history(one, "withhold", editor)
        announce(one)
        ledger.noted(one)
    story.refresh_from_db()
    return one


@dataclass(frozen=True)
class Preview:
    """What a withholding would reach, in sentences; what it would not; and other stories that say the same words."""

    lines: list[str]
    warnings: list[str]
    elsewhere: list[StoryPage]


def preview(*, wanted: Wanted) -> Preview:
    """Say what a withholding would reach, without doing it. Raises NotReady as `withhold` does."""
    if problem := wanted.problem():
        raise NotReady(problem)
    if _is_withheld(wanted):
        raise NotReady(_("This is withheld already."))
    one = _made(wanted)
    lines = list(reach_said(one, is_seen_now=_is_seen_now(one)))
    if not lines:
        raise NotReady(_("These words stand nowhere in this story. Write them as they stand there."))
    return Preview(lines, list(not_reached(one)), stories_elsewhere(one))


def _made(wanted: Wanted) -> Withholding:
    """A row that is not saved."""
    kinds = Withholding.Kind
    return Withholding(
        story=wanted.story,
        kind=wanted.kind,
        category=wanted.category,
        version=wanted.version if wanted.kind == kinds.VERSION else None,
        note_of=wanted.note_of if wanted.kind == kinds.NOTE and not wanted.line_of else None,
        line_of=wanted.line_of if wanted.kind == kinds.NOTE else None,
        picture=wanted.picture.pk if wanted.kind == kinds.PICTURE and wanted.picture else None,
        words=list(wanted.words) if wanted.kind == kinds.WORDS else [],
    )


def rules() -> WithholdingRules:
    return WithholdingRules.now()


def days() -> int:
    return rules().days


def rules_write(*, wants_second: bool, days: str | int, editor: User) -> None:
    """Decide about the second person (who counts only where at most two may publish) and the days."""
    if not may_publish(editor):
        raise NotAllowed(f"{editor} may not change the rules of withholding.")
    if not str(days).isdecimal() or not 1 <= int(days) <= 365:
        raise NotReady(_("Write a number of days from 1 to 365."))
    # Where it does not count, what was decided stays.
    was = rules().wants_second
    is_free = rights.editors().count() <= 2
    WithholdingRules.objects.update_or_create(
        pk=1, defaults={"wants_second": wants_second if is_free else was, "days": int(days)}
    )


def state_of(one: Withholding) -> str:
    """Where a withholding stands, in words."""
    if one.destroyed_at:
        return _("destroyed on %(date)s") % {"date": _day(one.destroyed_at)}
    if one.lifted_at:
        return _("lifted on %(date)s") % {"date": _day(one.lifted_at)}
    on = destroyed_on(one)
    if on is not None:
        return _("confirmed, will be destroyed on %(date)s") % {"date": _day(on)}
    if is_late(one):
        return _("waits for a second person for more than a day")
    return _("waits for a second person")


def is_late(one: Withholding) -> bool:
    """Whether a second person should have confirmed it by now."""
    return one.is_held and one.confirmed_at is None and one.at < timezone.now() - CONFIRMED_WITHIN


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment).date(), "DATE_FORMAT")


def unconfirmed() -> QuerySet[Withholding]:
    """What waits for a second person, the oldest first."""
    rows = Withholding.objects.filter(confirmed_at=None, lifted_at=None, destroyed_at=None)
    return rows.select_related("story__locale", "by").order_by("at")


def withholding_confirm(*, withholding: Withholding, editor: User) -> Withholding:
    """A second person says that it was right. From then on the days count until it is destroyed.

    Raises NotAllowed for whoever withheld it, and whoever may not publish the story.
    """
    if not rights.may_accept(editor, withholding.story) or withholding.by_id == editor.pk:
        raise NotAllowed(_("Another person who may publish this story confirms it."))
    with transaction.atomic():
        changed = Withholding.objects.filter(
            pk=withholding.pk, confirmed_at=None, lifted_at=None, destroyed_at=None
        ).update(confirmed_at=timezone.now(), confirmed_by=editor)
        if not changed:
            raise NotReady(_("This has been decided meanwhile."))
        withholding.refresh_from_db()
        note_in_history(withholding, "withhold_confirm", editor)
        ledger.noted(withholding)
    return withholding


def withholding_lift(*, withholding: Withholding, editor: User) -> Withholding:
    """Give back what was withheld, as long as it is not destroyed. Old versions and notes are as they were.

    Words stand in the drafts again. What readers see is not changed: somebody publishes the story, if it shall be.
    """
    if not rights.may_accept(editor, withholding.story):
        raise NotAllowed(f"{editor} may not lift this.")
    with transaction.atomic():
        record_wait()
        changed = Withholding.objects.filter(pk=withholding.pk, lifted_at=None, destroyed_at=None).update(
            lifted_at=timezone.now(), lifted_by=editor
        )
        if not changed:
            raise NotReady(_("This has been decided meanwhile."))
        withholding.refresh_from_db()
        others = list(withheld_words(withholding.story_id))
        for reach in withholding.reaches.select_related("original"):
            vault.also_reached(reach.original, others)
            vault.settle(reach.original)
        if withholding.pieces:
            marker = vault.mask_of(withholding).marker
            # Another one of the same day and reason says the same in its places; there it stays.
            theirs = [[marker, *around] for one in others for _words, *around in one.pieces]
            story_give_back(
                story=withholding.story,
                marker=marker,
                pieces=[*withholding.pieces, *theirs],
                still=[vault.mask_of(one) for one in others],
                editor=editor,
            )
            withholding.pieces = []
            withholding.save()
        with override(withholding.story.language):
            words = _("This is no longer withheld.")
        image = NewsImage.objects.filter(pk=withholding.picture).first()
        if image is not None:
            original_put_back(image=image, aside=withholding.kept_as)
        if withholding.entry:
            amendment_write(correction=withholding.entry, text=words)
        note_in_history(withholding, "withhold_lift", editor)
        announce(withholding)
        ledger.noted(withholding)
    return withholding


def withheld_words(story_id: int) -> QuerySet[Withholding]:
    """The withholdings of words of a story that hold and are not destroyed."""
    rows = Withholding.objects.filter(story=story_id, kind=Withholding.Kind.WORDS, lifted_at=None, destroyed_at=None)
    return rows.select_related("story__locale").order_by("pk")


def withhold_also(*, suggestion: Suggestion) -> None:
    """Take words that are withheld out of a suggestion that has just come, and out of its case."""
    for one in withheld_words(suggestion.case.story_id):
        mask = vault.mask_of(one)
        for table, row in ((vault.SUGGESTION, suggestion), (vault.CASE, suggestion.case)):
            if vault.stands_in(mask, table, vault.read(table, row)):
                vault.keep(withholding=one, table=table, row=row)


def withheld_problems(story: StoryPage) -> list[Problem]:
    """What keeps a story from going out because of what is withheld of it."""
    if story.pk is None:
        return []
    problems = []
    rows = Withholding.objects.filter(story=story.pk, lifted_at=None).select_related("version", "story__locale")
    for one in rows.exclude(kind__in=(Withholding.Kind.NOTE, Withholding.Kind.PICTURE)):
        if one.kind == Withholding.Kind.STORY:
            problems.append(Problem("title", _("This story is withheld as a whole. Lift that before you publish it.")))
        elif one.kind == Withholding.Kind.VERSION and one.version and _is_again(story, one.version):
            sentence = _("This still is the text of version %(number)d, which is withheld. Change it first.")
            problems.append(Problem("title", sentence % {"number": one.version.number}))
        elif one.kind == Withholding.Kind.WORDS and vault.mask_of(one).finds(story_data(story)):
            problems.append(Problem("body", _("Words that are withheld stand in this text again. Take them out.")))
    return problems


def withheld_stories(pks: Iterable[int]) -> set[int]:
    """Those of these stories that are withheld as a whole, or whose newest version is and that are not public."""
    rows = Withholding.objects.filter(lifted_at=None, story__in=list(pks))
    kinds = Withholding.Kind
    away = rows.filter(Q(kind=kinds.STORY) | Q(kind=kinds.VERSION, story__live=False))
    return set(away.values_list("story_id", flat=True))


def _is_again(story: StoryPage, version: PublicVersion) -> bool:
    kept = WithheldOriginal.objects.filter(table=vault.VERSION, row=version.pk).first()
    return bool(kept and kept.said and canonical_bytes(kept.said["canonical"]) == story_bytes(story))


def _withhold_picture(one: Withholding, editor: User | None) -> None:
    """Out of every story that shows it; nothing public is left of it, and nothing can be made of it."""
    image = NewsImage.objects.get(pk=one.picture)
    for story in stories_showing(image.pk):
        story_without_picture(story=story, picture=image.pk, editor=editor)
    renditions_take_away(image=image)
    Withholding.objects.filter(pk=one.pk).update(kept_as=original_put_aside(image=image))
    one.refresh_from_db(fields=["kept_as"])


def needs_second() -> bool:
    """Whether a second person must confirm. At most two who may publish can do without."""
    return WithholdingRules.now().wants_second or rights.editors().count() > 2


def destroyed_on(withholding: Withholding) -> dt.datetime | None:
    """When it will be destroyed; None while nobody has confirmed it, and for what is lifted or destroyed."""
    if withholding.confirmed_at is None or withholding.lifted_at or withholding.destroyed_at:
        return None
    return withholding.confirmed_at + dt.timedelta(days=WithholdingRules.now().days)


def _is_withheld(wanted: Wanted) -> bool:
    rows = Withholding.objects.filter(story=wanted.story, kind=wanted.kind, lifted_at=None)
    kinds = Withholding.Kind
    if wanted.kind == kinds.VERSION:
        rows = rows.filter(version=wanted.version)
    elif wanted.kind == kinds.NOTE:
        rows = rows.filter(line_of=wanted.line_of) if wanted.line_of else rows.filter(note_of=wanted.note_of)
    elif wanted.kind == kinds.PICTURE:
        rows = rows.filter(picture=wanted.picture.pk if wanted.picture else None)
    elif wanted.kind == kinds.WORDS:
        return False
    return rows.exists()


def _is_seen_now(one: Withholding) -> bool:
    """Whether what readers see at the story's address is what is withheld."""
    if not StoryPage.objects.filter(pk=one.story_id, live=True).exists():
        return False
    if one.kind == Withholding.Kind.STORY:
        return True
    newest = one.story.public_versions.order_by("-number").values_list("pk", flat=True).first()
    return one.kind == Withholding.Kind.VERSION and newest == one.version_id


def _told(one: Withholding) -> str:
    """What the log says: what kind of thing, and why; never what it said."""
    with override(one.story.language):
        reason = {"category": one.get_category_display()}
        if one.kind == Withholding.Kind.STORY:
            return _("A story is withheld as a whole: %(category)s.") % reason
        if one.kind == Withholding.Kind.VERSION and one.version:
            return _("Version %(number)d of a story is withheld: %(category)s.") % (
                reason | {"number": one.version.number}
            )
        if one.kind == Withholding.Kind.NOTE:
            return _("The words of a note are withheld: %(category)s.") % reason
        if one.kind == Withholding.Kind.PICTURE:
            return _("A picture is withheld: %(category)s.") % reason
        return _("Some words of a story are withheld: %(category)s.") % reason


def announce(one: Withholding) -> None:
    """Nothing that shows the story, its versions or its notes may be read for another moment."""
    story = one.story
    entries = Correction.objects.filter(story=story).values_list("pk", flat=True)
    path = story.public_path or ""
    below = ["", "text/"] if path else []
    refresh(
        keys={story.press_key, CORRECTIONS, *(correction_key(pk) for pk in entries)},
        paths=[*(path + one for one in below), *([INTERNAL_GONE + path] if path else [])],
        first=path,
        urgent=True,
    )


def note_in_history(one: Withholding, act: str, editor: User | None) -> None:
    log(instance=one.story, action=f"{ACTIONS}{act}", user=editor, data={"kind": one.kind, "category": one.category})
