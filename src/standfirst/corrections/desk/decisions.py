"""Decisions: read the form, call one door, lead on to the next case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from standfirst.corrections import answers, rights
from standfirst.corrections import queue as waiting
from standfirst.corrections.desk.views import DeskRequest, page
from standfirst.corrections.errors import AlreadyDecided, NotAllowed, NotReady, PassageMoved
from standfirst.corrections.models import Case, Correction
from standfirst.corrections.queue import Asked
from standfirst.corrections.services import cases
from standfirst.corrections.services.accepting import case_accept
from standfirst.people.models import User

QUEUE = "corrections_desk:queue"
MOST_AT_ONCE = 200


@require_POST
def decide(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """One decision about one case; afterwards the next case is open."""
    if not rights.may_see(request.user):
        raise PermissionDenied
    door = ACTS.get(act)
    case = waiting.with_story(Case.objects.filter(pk=pk)).first()
    if door is None or case is None:
        raise Http404
    asked = _asked(request)
    following = waiting.following(case, asked, request.user)
    try:
        decided = door(case, request)
    except AlreadyDecided as error:
        typed = request.POST.dict()
        return page(request, asked, opened=error.case, typed=typed, decided=error.case, status=409)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except PassageMoved as error:
        said = _("These words were changed just now. Look at both, and send it again if it is still wrong.")
        if not error.now:
            said = _("These words are not in the story any more. Nothing was changed.")
        return page(request, asked, opened=case, typed=request.POST.dict(), problem=said, status=409)
    except NotReady as error:
        return page(request, asked, opened=case, typed=request.POST.dict(), problem=str(error), status=422)
    if act in ("reopen", "weigh"):
        show = None if decided.state == Case.State.NEW else waiting.CHECKING
        return redirect(reverse(QUEUE) + asked.address(case=decided.pk, show=show))
    return redirect(reverse(QUEUE) + asked.address(case=following, done=decided.pk))


def _accept(case: Case, request: DeskRequest) -> Case:
    asked = request.POST
    origin = asked.get("origin", "")
    accepted = case_accept(
        case=case,
        wording=asked.get("wording", ""),
        label=asked.get("label", ""),
        note=asked.get("note", "").strip(),
        seen=asked.get("seen", ""),
        credit=asked.get("credit", "").strip()[:100],
        block=asked.get("block", ""),
        origin=origin if origin in Correction.Origin.values else Correction.Origin.READER,
        editor=request.user,
    )
    if left := len(accepted.revised.drafts_left):
        said = ngettext(
            "%(count)d draft says something else there and stays as a colleague wrote it. "
            "Look at it before it goes out.",
            "%(count)d drafts say something else there and stay as colleagues wrote them. "
            "Look at them before they go out.",
            left,
        )
        messages.warning(request, said % {"count": left})
    return accepted.case


def _decline(case: Case, request: DeskRequest) -> Case:
    own = request.POST.get("answer", "").strip()
    ready = answers.answer_in(case.story.language, request.POST.get("ready", ""))
    # A button of a ready answer says more than what may stand in the field beside it.
    return cases.case_decline(
        case=case, answer=ready or own, note=request.POST.get("desk_note", ""), editor=request.user
    )


def _check(case: Case, request: DeskRequest) -> Case:
    return cases.case_check(
        case=case, assigned_to=_colleague(request), note=request.POST.get("desk_note", ""), editor=request.user
    )


def _duplicate(case: Case, request: DeskRequest) -> Case:
    kind, _colon, number = request.POST.get("of", "").partition(":")
    key = int(number) if number.isascii() and number.isdigit() else 0
    of = Case.objects.filter(pk=key).select_related("duplicate_of").first() if kind == "case" else None
    entry = Correction.objects.filter(number=key).first() if kind == "entry" else None
    return cases.case_mark_duplicate(case=case, of=of, correction=entry, editor=request.user)


def _spam(case: Case, request: DeskRequest) -> Case:
    return cases.case_mark_spam(case=case, editor=request.user)


def _reopen(case: Case, request: DeskRequest) -> Case:
    return cases.case_reopen(case=case, editor=request.user)


def _weigh(case: Case, request: DeskRequest) -> Case:
    gravity = request.POST.get("gravity", "")
    return cases.case_weigh(case=case, gravity=int(gravity) if gravity.isdigit() else 0, editor=request.user)


ACTS: dict[str, Callable[[Case, DeskRequest], Case]] = {
    "accept": _accept,
    "decline": _decline,
    "check": _check,
    "duplicate": _duplicate,
    "spam": _spam,
    "reopen": _reopen,
    "weigh": _weigh,
}


@require_POST
def many(request: DeskRequest) -> HttpResponse:
    """The same decision about all that are ticked. Each by itself: one that a colleague decided stays as it is."""
    if not rights.may_see(request.user):
        raise PermissionDenied
    asked = _asked(request)
    ticked = {int(pk) for pk in request.POST.getlist("ticked") if pk.isascii() and pk.isdigit()}
    act, kind = request.POST.get("act", ""), request.POST.get("ready", "")
    if not ticked or (act == "decline" and kind not in answers.READY) or act not in ("decline", "spam", "check"):
        said = _("Tick the cases first.") if not ticked else _("Choose what the readers are told.")
        return page(request, asked, ticked=ticked, problem=said, status=422)
    done, late = 0, 0
    rows = waiting.with_story(Case.objects.filter(pk__in=sorted(ticked)[:MOST_AT_ONCE]))
    colleague = _colleague(request)
    for case in rows:
        try:
            _one_of_many(case, act, kind, colleague, request.user)
            done += 1
        except (AlreadyDecided, NotAllowed):
            late += 1
        except NotReady as error:
            return page(request, asked, ticked=ticked, problem=str(error), status=422)
    messages.success(request, ngettext("%(count)d case decided.", "%(count)d cases decided.", done) % {"count": done})
    if late:
        said = ngettext(
            "%(count)d case stays as it is: a colleague decided it, or it is not yours to decide.",
            "%(count)d cases stay as they are: a colleague decided them, or they are not yours to decide.",
            late,
        )
        messages.warning(request, said % {"count": late})
    return redirect(reverse(QUEUE) + asked.address())


def _one_of_many(case: Case, act: str, kind: str, colleague: User | None, editor: User) -> None:
    if act == "decline":
        cases.case_decline(case=case, answer=answers.answer_in(case.story.language, kind), editor=editor)
    elif act == "spam":
        cases.case_mark_spam(case=case, editor=editor)
    else:
        cases.case_check(case=case, assigned_to=colleague, editor=editor)


@require_http_methods(["GET", "POST"])
def pile(request: DeskRequest) -> HttpResponse:
    """What came in a flood: let in at once, dropped after one question."""
    if not rights.may_tend_pile(request.user):
        raise PermissionDenied
    if request.method != "POST":
        counts = waiting.counts(request.user)
        if not counts.aside:
            return redirect(QUEUE)
        rows = waiting.with_story(Case.objects.filter(is_aside=True, state__in=Case.OPEN).order_by("-opened_at"))
        return render(request, "corrections/desk/pile.html", {"counts": counts, "rows": rows[:20]})
    if request.POST.get("act") == "release":
        count = cases.pile_release(editor=request.user)
        said = ngettext("%(count)d case was let in.", "%(count)d cases were let in.", count)
    elif request.POST.get("act") == "drop":
        until = parse_datetime(request.POST.get("until", ""))
        count = cases.pile_drop(editor=request.user, until=until)
        said = ngettext("%(count)d case was dropped.", "%(count)d cases were dropped.", count)
    else:
        raise Http404
    messages.success(request, said % {"count": count})
    return redirect(QUEUE)


@require_POST
def told(request: DeskRequest) -> HttpResponse:
    """Try again to write to those whom no mail has reached."""
    try:
        count = cases.tell_again(editor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    said = ngettext("%(count)d reader is written to again.", "%(count)d readers are written to again.", count)
    messages.success(request, said % {"count": count})
    return redirect(QUEUE)


def _asked(request: DeskRequest) -> Asked:
    """What the list showed when the form was sent."""
    asked: Any = QueryDict(request.POST.get("asked", "").lstrip("?"))
    return Asked.of(asked)


def _colleague(request: DeskRequest) -> User | None:
    pk = request.POST.get("assigned_to", "")
    if not (pk.isascii() and pk.isdigit()):
        return None
    return rights.colleagues().filter(pk=int(pk)).distinct().first()
