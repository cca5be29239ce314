"""What the desk does with a case: answer it, have it checked, put it aside, open it again.

Every door is one transaction and refuses with an error of `corrections.errors`; then nothing has changed. Of two
editors at the same case the second gets AlreadyDecided with the first one's decision: a decision is one conditional
UPDATE, so it does not matter how close together they are.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from standfirst.corrections import rights, tasks
from standfirst.corrections.errors import AlreadyDecided, NotAllowed, NotReady
from standfirst.corrections.models import Case, Correction, Suggestion
from standfirst.corrections.queue import with_repeats
from standfirst.people.models import User

# What this room writes into the history of a story.
ACTIONS = "standfirst.corrections."
# Decisions that can be taken back. What was accepted stands in the paper and in the log.
_REVOCABLE = (Case.State.DECLINED, Case.State.DUPLICATE, Case.State.SPAM)


def case_decline(*, case: Case, answer: str, editor: User, note: str = "") -> Case:
    """Say that the words are no error. answer: what those who reported them are told, in their language.

    Raises NotReady without an answer: nobody who took the trouble to write is left without a word.
    """
    require(rights.may_answer(editor, case.story), editor, "answer reports about this story")
    answer = answer.strip()
    if not answer:
        raise NotReady(_("Write what the reader is told."))
    with transaction.atomic():
        decided = case_close(case, Case.State.DECLINED, editor, answer=answer, note=note)
        case_log(decided, "decline", editor, answer=answer)
        case_tell(decided)
    return decided


def case_check(*, case: Case, assigned_to: User | None, editor: User, note: str = "") -> Case:
    """Put an open case to be checked, by a colleague or (None) by oneself. The colleague is told by mail."""
    require(rights.may_hand_on(editor, case.story), editor, "work on reports about this story")
    checker = assigned_to or editor
    if not rights.may_see(checker) or not checker.is_active:
        raise NotReady(
            _("%(name)s cannot open the corrections. Choose somebody else.") % {"name": checker.get_full_name()}
        )
    with transaction.atomic():
        fields: dict[str, Any] = {"state": Case.State.CHECKING, "assigned_to": checker}
        if note.strip():
            fields["note"] = note.strip()
        found = _change(case, Case.OPEN, **fields)
        case_log(found, "check", editor, assigned_to=checker.get_full_name())
        if checker.pk != editor.pk:
            tasks.colleague_tell.enqueue(found.pk, checker.pk, editor.pk)
    return found


def case_mark_duplicate(
    *, case: Case, editor: User, of: Case | None = None, correction: Correction | None = None
) -> Case:
    """The same as another case, or as what the log says already. Its readers hear what becomes of that one.

    Raises NotReady for a case of itself, of one that is spam, and of another story.
    """
    require(rights.may_answer(editor, case.story), editor, "answer reports about this story")
    with transaction.atomic():
        first = None if of is None else root_of(Case.objects.get(pk=of.pk))
        if first is not None:
            # Who decides about that one at this moment waits, or has told its readers and not ours.
            first = Case.objects.select_for_update().get(pk=first.pk)
        if first is None and correction is None:
            raise NotReady(_("Say which case or which correction it repeats."))
        if first is not None and (first.pk == case.pk or first.state == Case.State.SPAM):
            raise NotReady(_("A case cannot repeat itself, nor spam. Choose another."))
        if any(one.story_id != case.story_id for one in (first, correction) if one is not None):
            raise NotReady(_("That one is about another story. Choose one about this story."))
        decided = case_close(case, Case.State.DUPLICATE, editor, duplicate_of=first, correction=correction)
        if first is not None:
            Case.objects.filter(pk=first.pk).update(reports=F("reports") + case.reports)
            # What repeated this one repeats that one now.
            Case.objects.filter(duplicate_of=decided).update(duplicate_of=first)
        case_log(decided, "duplicate", editor, of=first.pk if first is not None else None)
        if first is None or not first.is_open:
            case_tell(decided)
    return decided


def case_mark_spam(*, case: Case, editor: User) -> Case:
    """Nobody meant it. Nothing is sent to anybody."""
    require(rights.may_answer(editor, case.story), editor, "answer reports about this story")
    with transaction.atomic():
        decided = case_close(case, Case.State.SPAM, editor)
        case_log(decided, "spam", editor)
    return decided


def case_reopen(*, case: Case, editor: User) -> Case:
    """Take a decision back: the case waits again, and its readers will be told what is decided then.

    Raises NotReady for a case that was accepted: that is public, and what follows is another correction.
    """
    require(rights.may_answer(editor, case.story), editor, "answer reports about this story")
    with transaction.atomic():
        now = Case.objects.select_for_update().get(pk=case.pk)
        state = Case.State.CHECKING if now.assigned_to_id else Case.State.NEW
        fresh = {"decided_by": None, "decided_at": None, "answer": "", "duplicate_of": None, "correction": None}
        changed = Case.objects.filter(pk=case.pk, state__in=_REVOCABLE).update(state=state, **fresh)
        if not changed and now.state == Case.State.ACCEPTED:
            raise NotReady(_("It was accepted and is public. Correct the story again instead."))
        if changed:
            if now.duplicate_of_id:
                Case.objects.filter(pk=now.duplicate_of_id, reports__gt=now.reports).update(
                    reports=F("reports") - now.reports
                )
            Suggestion.objects.filter(case=now).update(told_at=None)
            case_log(now, "reopen", editor, was=now.state)
        now.refresh_from_db()
    return now


def case_weigh(*, case: Case, gravity: int, editor: User) -> Case:
    """Give an open case another place in the queue."""
    require(rights.may_hand_on(editor, case.story), editor, "work on reports about this story")
    if gravity not in Case.Gravity.values:
        raise NotReady(_("Choose one of the three."))
    return _change(case, Case.OPEN, gravity=gravity)


def pile_release(*, editor: User) -> int:
    """Let what came in a flood into the queue. Returns how many cases."""
    require(rights.may_tend_pile(editor), editor, "let the side pile in")
    with transaction.atomic():
        first = Case.objects.filter(is_aside=True).select_related("story").order_by("pk").first()
        count = Case.objects.filter(is_aside=True).update(is_aside=False)
        if first is not None:
            log(instance=first, action=f"{ACTIONS}pile_release", user=editor, data={"count": count})
    return count


def pile_drop(*, editor: User, until: dt.datetime | None = None) -> int:
    """Call everything spam that came in a flood and is still open. Nothing is sent. Returns how many cases.

    until: only what had come by then, so that nobody drops what she was not asked about.
    """
    require(rights.may_tend_pile(editor), editor, "drop the side pile")
    with transaction.atomic():
        pile = Case.objects.filter(is_aside=True, state__in=Case.OPEN)
        if until is not None:
            pile = pile.filter(opened_at__lte=until)
        first = pile.select_related("story").order_by("pk").first()
        count = pile.update(state=Case.State.SPAM, is_aside=False, decided_by=editor, decided_at=timezone.now())
        if first is not None:
            log(instance=first, action=f"{ACTIONS}pile_drop", user=editor, data={"count": count})
    return count


def tell_again(*, editor: User) -> int:
    """Try once more to write to readers whom no mail has reached. Returns how many are tried."""
    require(rights.may_see(editor), editor, "work on corrections")
    waiting = list(tasks.untold().values_list("pk", flat=True))
    for pk in waiting:
        tasks.reporter_tell.enqueue(pk)
    return len(waiting)


def root_of(case: Case) -> Case:
    """The case that says what becomes of this one: itself, or the one it repeats."""
    for _step in range(20):
        if case.duplicate_of is None:
            break
        case = case.duplicate_of
    return case


def require(allowed: bool, editor: User, what: str) -> None:
    """For the doors of this room: refuse what this person may not do."""
    if not allowed:
        raise NotAllowed(f"{editor} may not {what}.")


def _change(case: Case, states: tuple[str, ...], **fields: Any) -> Case:
    """Change a case if it is in one of these states; otherwise somebody was first."""
    changed = Case.objects.filter(pk=case.pk, state__in=states).update(**fields)
    found = Case.objects.select_related("decided_by", "assigned_to", "story").get(pk=case.pk)
    if not changed:
        raise AlreadyDecided(found)
    return found


def case_close(case: Case, state: str, editor: User, *, note: str = "", **fields: Any) -> Case:
    """Decide about an open case, inside a door's transaction. Raises AlreadyDecided."""
    if note.strip():
        fields["note"] = note.strip()
    return _change(case, Case.OPEN, state=state, is_aside=False, decided_by=editor, decided_at=timezone.now(), **fields)


def case_log(case: Case, action: str, editor: User, **data: Any) -> None:
    """One line in the history of the story."""
    said = {"case": case.pk, "words": case.exact[:200]} | {key: value for key, value in data.items() if value}
    log(instance=case.story, action=ACTIONS + action, user=editor, data=said)


def case_tell(case: Case) -> None:
    """Write to those who reported it, and to those whose case repeats it, once this is committed."""
    told = Suggestion.objects.filter(case_id__in=with_repeats(case), told_at=None, is_spam=False).exclude(reply_to="")
    for pk in told.values_list("pk", flat=True):
        tasks.reporter_tell_soon(pk)
