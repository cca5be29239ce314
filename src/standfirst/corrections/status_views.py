"""A reader's private page about what she sent: `/suggestions/TOKEN/`. Whoever has its address may read and change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from standfirst.corrections import selectors, services
from standfirst.corrections.annotation import annotation_of
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.receipts import was_given
from standfirst.corrections.services.cases import root_of
from standfirst.corrections.views import JSON, wants_json
from standfirst.letterbox import errors, guards, spool
from standfirst.letterbox.views import drawn, words_for

TEMPLATE, PLAIN = "corrections/status.html", "corrections/plain_status.html"
ANNOTATION = "application/ld+json"
FORGET_ADDRESS, FORGET = "forget-address", "forget"


def status(request: HttpRequest, token: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        suggestion = selectors.suggestion_at(token)
        if suggestion is None:
            return _private(_not_there(request, token, is_away=False))
        if request.method == "POST":
            return _private(_changed(request, suggestion))
        if wants_json(request, ANNOTATION, JSON):
            return _private(_as_json(request, suggestion))
        return _private(_shown(request, suggestion))
    except Error:
        return _private(_not_there(request, token, is_away=True))


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps it, no machine lists it, and no link from it tells its address."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Vary"] = "Accept"
    return response


def _shown(request: HttpRequest, suggestion: Suggestion, *, refusal: str = "", code: int = 200) -> HttpResponse:
    case = root_of(suggestion.case)
    context: dict[str, Any] = {
        "suggestion": suggestion,
        "about": suggestion.case.story,
        "case": case,
        "state": state_in_words(suggestion, case),
        "correction_path": f"/corrections/{case.correction.number}/" if case.correction else "",
        "refusal": refusal,
        "FORGET_ADDRESS": FORGET_ADDRESS,
        "FORGET": FORGET,
    }
    response = drawn(request, TEMPLATE, PLAIN, context, is_away=False)
    response.status_code = code
    return response


def _changed(request: HttpRequest, suggestion: Suggestion) -> HttpResponse:
    try:
        guards.size_check(request)
        guards.origin_check(request)
    except errors.LetterRefused as refusal:
        return _shown(request, suggestion, refusal=words_for(refusal), code=refusal.status)
    act = request.POST.get("act")
    if act == FORGET_ADDRESS:
        services.suggestion_forget_address(suggestion=suggestion)
    elif act == FORGET:
        services.suggestion_forget(suggestion=suggestion)
    else:
        said = _("Nothing was changed: the page did not say what to forget. Please press one of its buttons.")
        return _shown(request, suggestion, refusal=said, code=400)
    answer = HttpResponseRedirect(request.path)
    answer.status_code = 303
    return answer


def _not_there(request: HttpRequest, token: str, *, is_away: bool) -> HttpResponse:
    """The page about a suggestion that nobody can look up, or that does not exist."""
    is_waiting = was_given(token) and (is_away or bool(spool.spool_waiting(data=settings.NEWSROOM.data)))
    code = 200 if is_waiting else (503 if is_away else 404)
    if wants_json(request, ANNOTATION, JSON):
        if is_waiting:
            return JsonResponse({"standfirst": {"state": "waiting"}})
        return JsonResponse({"error": sentence_for_nothing(is_away=is_away)}, status=code)
    context = {"is_waiting": is_waiting, "sentence": "" if is_waiting else sentence_for_nothing(is_away=is_away)}
    response = drawn(request, "corrections/status_unknown.html", PLAIN, context, is_away=is_away)
    response.status_code = code
    return response


def sentence_for_nothing(*, is_away: bool) -> str:
    if is_away:
        return _("Our database is away just now, so this page cannot be looked up. Please try again in a few minutes.")
    return _(
        "There is no suggestion at this address. Look whether all of it was copied. What was spam is deleted after a "
        "while. If you miss something, write to us."
    )


def state_in_words(suggestion: Suggestion, case: Case) -> str:
    """What became of it, as a reader understands it. case: the one that decides (of a duplicate, the other)."""
    if suggestion.is_spam:
        return _("The form was filled in as only machines do, so this lies aside. If you are a person, write to us.")
    return {
        Case.State.NEW: _("We have it. No editor has decided about it yet."),
        Case.State.CHECKING: _("An editor is checking it."),
        Case.State.ACCEPTED: _("You were right: the story has been changed. Thank you."),
        Case.State.DECLINED: _("An editor has looked at it, and the words stay as they are."),
        Case.State.DUPLICATE: _("An editor has looked at it: this had been reported and decided before."),
        Case.State.SPAM: _("An editor has laid this aside. If you think that this was a mistake, write to us."),
    }[Case.State(case.state)]


def _as_json(request: HttpRequest, suggestion: Suggestion) -> HttpResponse:
    case = root_of(suggestion.case)
    base = settings.NEWSROOM.base_url or f"{request.scheme}://{request.get_host()}"
    story = suggestion.case.story
    made = annotation_of(suggestion, address=f"{base}{request.path}", source=f"{base}{story.public_path}")
    made["standfirst"] = {
        "number": suggestion.number,
        "state": "spam" if suggestion.is_spam else case.state,
        "words": state_in_words(suggestion, case),
        "answer": case.answer,
        "correction": f"{base}/corrections/{case.correction.number}/" if case.correction else None,
    }
    kind = request.get_preferred_type([ANNOTATION, JSON])
    return JsonResponse(made, content_type=ANNOTATION if kind == ANNOTATION else JSON)
