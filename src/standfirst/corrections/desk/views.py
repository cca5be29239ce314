"""The queue: one case open, the others in a list beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from standfirst.corrections import answers, rights, tasks
from standfirst.corrections import queue as waiting
from standfirst.corrections.desk import proposals
from standfirst.corrections.forms import choice_of
from standfirst.corrections.models import Case, Correction
from standfirst.corrections.queue import Asked
from standfirst.corrections.selectors import passages_now
from standfirst.corrections.standing import Standing, standing_in, standing_of
from standfirst.corrections.wordings import Wording, wordings_of
from standfirst.kit.worddiff import Piece, word_difference
from standfirst.people.models import User
from standfirst.stories.models import ChangeLabel, Section


class DeskRequest(HttpRequest):
    """A request below /desk/: somebody is signed in."""

    user: User
    correction_counts: waiting.Counts


@dataclass
class Row:
    """A line of the list."""

    case: Case
    difference: list[Piece]
    wordings: int
    address: str
    is_open: bool = False
    is_ticked: bool = False


@dataclass
class Opened:
    """The case that is open, with everything a decision needs."""

    case: Case
    user: User
    typed: dict[str, str] = field(default_factory=dict)
    # The name of a passage that was chosen instead of the words that were reported.
    picked: str = ""

    @cached_property
    def standing(self) -> Standing:
        found = standing_in(self.case, self.picked) if self.picked else None
        return found if found is not None and found.place is not None else standing_of(self.case)

    @cached_property
    def passages(self) -> list[tuple[str, str]]:
        """What can be chosen instead."""
        return [choice_of(passage) for passage in passages_now(self.case.story)[1]]

    @cached_property
    def voices(self) -> waiting.Voices:
        return waiting.voices_of(self.case)

    @cached_property
    def wordings(self) -> list[tuple[Wording, list[Piece]]]:
        now = self.standing.words if self.standing.how == "changed" else ""
        return [
            (one, word_difference(now, one.words) if now and one.fits else one.difference)
            for one in self.voices.wordings
        ]

    @property
    def meanwhile(self) -> list[Piece]:
        """What changed in the words since they were reported."""
        return word_difference(self.case.exact, self.standing.words) if self.standing.words else []

    @cached_property
    def near(self) -> tuple[Any, Any]:
        return waiting.near(self.case)

    @property
    def may_accept(self) -> bool:
        return rights.may_accept(self.user, self.case.story)

    @cached_property
    def may_answer(self) -> bool:
        return rights.may_answer(self.user, self.case.story)

    @property
    def may_hand_on(self) -> bool:
        return rights.may_hand_on(self.user, self.case.story)

    @cached_property
    def answers(self) -> list[answers.Answer]:
        return answers.answers_in(self.language)

    @property
    def language(self) -> str:
        return str(self.case.story.language)

    @cached_property
    def wording(self) -> str:
        """What the form for a correction begins with: the wording of most readers, else the words as they are."""
        fitting = [] if self.standing.how == "picked" else [one.words for one in self.voices.wordings if one.fits]
        return self.typed.get("wording") or "".join(fitting[:1]) or self.standing.words or self.case.exact

    @cached_property
    def proposal(self) -> proposals.Proposal:
        return proposals.proposed(self.standing, self.wording, self.language)

    @property
    def label(self) -> str:
        return self.typed.get("label") or ("" if self.proposal.must_choose else self.proposal.label)

    @property
    def note(self) -> str:
        return self.typed.get("note", self.proposal.note)

    @property
    def credit(self) -> str:
        return self.typed.get("credit", next(iter(self.voices.credits), ""))


@never_cache
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """The cases that were asked for, and one of them open."""
    _seen_by(request.user)
    return page(request, Asked.of(request.GET))


@never_cache
@require_GET
def propose(request: DeskRequest, pk: int) -> JsonResponse:
    """What a wording would be called, and the note that says so; for the script that keeps the form current."""
    _seen_by(request.user)
    case = _case(str(pk))
    if case is None:
        raise Http404
    wording = request.GET.get("wording", "")[:5000]
    found = Opened(case, request.user, {"wording": wording}, request.GET.get("block", "")).proposal
    label = "" if found.must_choose else found.label
    return JsonResponse({"label": label, "note": found.note})


def page(
    request: DeskRequest,
    asked: Asked,
    *,
    opened: Case | None = None,
    typed: dict[str, str] | None = None,
    problem: str = "",
    decided: Case | None = None,
    ticked: set[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The queue's page. opened, typed, problem: a decision that was refused, with everything that was typed.

    decided: the case as a colleague left it who was quicker.
    """
    user = request.user
    rows = waiting.cases(asked, user)
    case = opened or _case(request.GET.get("case", ""))
    found = _page_of(rows, asked, request.GET.get("p", ""), case)
    shown = list(waiting.with_story(cast("QuerySet[Case]", found.object_list)))
    if case is None and shown:
        case = shown[0]
    best = wordings_of(shown)
    done = _case(request.GET.get("done", ""))
    picked = (typed or {}).get("block", "") or request.GET.get("block", "")
    opened_now = Opened(case, user, typed or {}, picked) if case is not None else None
    is_ready = opened_now is not None and opened_now.language == _language()
    # The menu says the same number.
    request.correction_counts = waiting.counts(user)
    context = {
        "asked": asked,
        "counts": request.correction_counts,
        "rows": [_row(one, best.get(one.pk, []), asked, case, ticked) for one in shown],
        "page": found,
        "earlier": asked.address(p=found.previous_page_number()) if found.has_previous() else "",
        "later": asked.address(p=found.next_page_number()) if found.has_next() else "",
        "open": opened_now,
        "done": done if done is not None and not done.is_open else None,
        "entry": waiting.entry_address(done),
        "may_revoke": done is not None and done.state not in (Case.State.ACCEPTED, *Case.OPEN),
        "problem": problem,
        "decided": decided,
        "sections": Section.objects.order_by("sort_order", "title"),
        "gravities": Case.Gravity.choices,
        "labels": ChangeLabel.choices[:4],
        "origins": Correction.Origin.choices,
        "colleagues": rights.colleagues().distinct(),
        "ready": opened_now.answers if opened_now and is_ready else answers.answers_in(_language()),
        "shows": [(name, text) for name, text in _shows()],
        "untold": tasks.untold().count(),
        "looks": waiting.looks_waiting().count(),
        "may_tend_pile": rights.may_tend_pile(user),
        "keys_on": _keys_on(user),
    }
    return render(request, "corrections/desk/queue.html", context, status=status)


def _seen_by(user: User) -> None:
    if not rights.may_see(user):
        raise PermissionDenied


def _shows() -> list[tuple[str, str]]:
    return [
        (waiting.WAITING, _("Waiting")),
        (waiting.MINE, _("For you to check")),
        (waiting.CHECKING, _("Being checked")),
        (waiting.DECIDED, _("Decided")),
    ]


def _language() -> str:
    """The language in which ready answers are named for many cases at once; each reader gets her own."""
    return answers.languages()[0][0]


def _case(pk: str) -> Case | None:
    if not (pk.isascii() and pk.isdigit() and len(pk) < 12):
        return None
    return waiting.with_story(Case.objects.filter(pk=int(pk))).first()


def _page_of(rows: QuerySet[Case], asked: Asked, number: str, case: Case | None) -> Page:
    """The page that was asked for, else the one that the open case stands on."""
    pages = Paginator(rows, waiting.PAGE)
    if number or case is None or (asked.show == waiting.DECIDED and case.decided_at is None):
        return pages.get_page(number or 1)
    return pages.get_page(rows.filter(waiting.before(case, asked)).count() // waiting.PAGE + 1)


def _row(case: Case, wordings: list[Wording], asked: Asked, opened: Case | None, ticked: set[int] | None) -> Row:
    difference = wordings[0].difference if wordings else [Piece("same", case.named)]
    address = asked.address(case=case.pk)
    return Row(case, difference, len(wordings), address, case == opened, case.pk in (ticked or ()))


def _keys_on(user: User) -> bool:
    """Single keys are switched off where Wagtail's are: in one's account (WCAG 2.1.4)."""
    profile = getattr(user, "wagtail_userprofile", None)
    return bool(getattr(profile, "keyboard_shortcuts", True))
