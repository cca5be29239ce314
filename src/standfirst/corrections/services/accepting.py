"""A reader was right: the story, every draft of it, the public log and the decision change together or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from standfirst.corrections import rights
from standfirst.corrections.errors import NotReady, PassageMoved
from standfirst.corrections.models import Case, Correction
from standfirst.corrections.services.cases import case_close, case_log, case_tell, require
from standfirst.corrections.services.log import entry_details
from standfirst.corrections.standing import standing_in, standing_of
from standfirst.kit.anchoring import normal
from standfirst.people.models import User
from standfirst.stories import errors as stories
from standfirst.stories.services import PassageEdit, Revised, story_revise

# A word, or the space between two.
_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Accepted:
    """correction: the entry of the public log; None for a typo or an update, which make none."""

    case: Case
    correction: Correction | None
    revised: Revised


def case_accept(
    *,
    case: Case,
    wording: str,
    label: str,
    note: str,
    editor: User,
    seen: str = "",
    credit: str = "",
    origin: str = Correction.Origin.READER,
    block: str = "",
) -> Accepted:
    """Put the words of a case right. All or nothing: story, drafts in progress, log entry and decision.

    wording: plain text that replaces the words; the same words with another label are no correction.
    label: a `stories.models.ChangeLabel`; note: what readers are told, as the label wants it.
    seen: the words the editor saw standing there, when they were others than were reported.
    block: a passage she chose instead, where those words cannot be placed or others are wrong: then `seen` is the whole
    passage and `wording` what it says from now on.
    Raises PassageMoved with the words as they stand now (show both, ask again), AlreadyDecided, NotAllowed, or NotReady
    with what is missing; then nothing has changed.
    """
    require(rights.may_accept(editor, case.story), editor, "correct this story")
    wording = normal(wording)
    if not wording:
        raise NotReady(_("Write what it should say."))
    with transaction.atomic():
        # The story before the case, as everything does that holds both.
        list(Page.objects.select_for_update().filter(pk=case.story_id).values_list("pk"))
        decided = case_close(case, Case.State.ACCEPTED, editor)
        standing = standing_in(decided, block) if block else standing_of(decided)
        there = standing.place
        if there is None or normal(standing.words) != normal(seen or decided.exact):
            raise PassageMoved(old=seen or decided.exact, now=standing.words)
        edit = PassageEdit(block=there.block, start=there.start, end=there.end, old=there.exact, new=wording)
        edit = _narrowed(edit) if block else edit
        try:
            with entry_details(origin=origin, reported_at=decided.opened_at, credit=credit):
                revised = story_revise(story=decided.story, edits=[edit], label=label, note=note, editor=editor)
        except stories.PassageMoved as error:
            raise PassageMoved(old=seen or decided.exact, now=error.now) from error
        except stories.NotReady as error:
            raise NotReady(str(error)) from error
        correction = Correction.objects.filter(after=revised.version).first()
        Case.objects.filter(pk=case.pk).update(correction=correction)
        decided.correction = correction
        case_log(decided, "accept", editor, correction=correction.number if correction else None)
        case_tell(decided)
    return Accepted(decided, correction, revised)


def _narrowed(edit: PassageEdit) -> PassageEdit:
    """The same edit about no more than the words that differ, so that it fits drafts that differ elsewhere in them."""
    old, new = _WORDS.findall(edit.old), _WORDS.findall(edit.new)
    same = [one == other for one, other in zip(old, new, strict=False)]
    first = same.index(False) if False in same else len(same)
    rest = [one == other for one, other in zip(reversed(old[first:]), reversed(new[first:]), strict=False)]
    last = rest.index(False) if False in rest else len(rest)
    if first == len(old) - last:
        # Words were only added: the one beside them goes along, because something must stand there.
        before = [number for number, word in enumerate(old[:first]) if not word.isspace()]
        first, last = (before[-1], last) if before else (first, max(0, last - 1))
    start, end = len("".join(old[:first])), len("".join(old[: len(old) - last]))
    words = "".join(new[first : len(new) - last])
    return replace(edit, start=edit.start + start, end=edit.start + end, old=edit.old[start:end], new=words)
