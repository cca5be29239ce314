"""HTTP for letters. `letter_page` is the whole way of a form; rooms above use it for theirs."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfirst.letterbox import errors, guards, services
from standfirst.letterbox.forms import ContactForm, LetterForm
from standfirst.letterbox.models import Letter


def contact(request: HttpRequest) -> HttpResponse:
    return letter_page(
        request,
        form_class=ContactForm,
        template="letterbox/contact.html",
        thanks=reverse("letterbox:contact_thanks"),
        kind=Letter.Kind.CONTACT,
    )


def contact_thanks(request: HttpRequest) -> HttpResponse:
    return thanks_page(request)


def letter_page(
    request: HttpRequest,
    *,
    form_class: type[LetterForm],
    template: str,
    thanks: str,
    kind: str = "",
    about: dict[str, str] | None = None,
    initial: dict[str, str] | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form, or take what was sent in it: stored, and on to `thanks`; else the form again with all its words.

    kind: of the letter, unless the form has a field `kind`. about: about_path, about_block and quote as the
    paper knows them. A database that is away answers 503 with the sender's words on the page.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form: LetterForm | None = None
    about = about or {}
    # The form of one story does not open the form of another.
    purpose = f"{form_class.purpose}:{about.get('about_path', '')}"
    try:
        if request.method != "POST":
            form = form_class(initial=initial)
            return _shown(request, template, form, guards.token_make(purpose), context)
        guards.size_check(request)
        form = form_class(request.POST)
        return _taken(request, form, purpose, template, thanks, kind, about, context)
    except errors.TooLarge as refusal:
        # Nothing of it was read, so nothing of it can be shown again.
        empty = form_class(initial=initial)
        return _shown(request, template, empty, guards.token_make(purpose), context, refusal)
    except DatabaseError:
        return away(request, form)


def _taken(
    request: HttpRequest,
    form: LetterForm,
    purpose: str,
    template: str,
    thanks: str,
    kind: str,
    about: dict[str, str],
    context: dict[str, Any] | None,
) -> HttpResponse:
    token = str(form.data.get("token", ""))
    try:
        guards.origin_check(request)
        guards.token_check(token, purpose)
        if not form.is_valid():
            form.add_error(None, _("Your letter has not been sent yet: something below needs another look."))
            return _shown(request, template, form, token, context, status=422)
        guards.rate_check(request)
    except errors.LetterRefused as refusal:
        if isinstance(refusal, errors.TokenWrong | errors.TokenTooOld):
            token = guards.token_make(purpose)
        return _shown(request, template, form, token, context, refusal)
    typed = {name: value for name, value in form.cleaned_data.items() if name != guards.HONEYPOT}
    words = {"kind": kind, **typed, **{name: value for name, value in about.items() if value}}
    services.letter_receive(language=get_language() or "", is_spam=form.filled_by_machine, **words)
    answer = HttpResponseRedirect(thanks)
    answer.status_code = 303
    return _never_stored(answer)


def _shown(
    request: HttpRequest,
    template: str,
    form: LetterForm,
    token: str,
    context: dict[str, Any] | None,
    refusal: errors.LetterRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    form.give_token(token)
    if refusal:
        if not form.is_bound:
            form = type(form)({"token": token})
            # As if nothing had been asked: an empty form with one sentence above it.
            form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]
        form.add_error(None, words_for(refusal))
    response = render(
        request,
        template,
        {"form": form, "honeypot": guards.HONEYPOT, "action": request.get_full_path(), **(context or {})},
        status=refusal.status if refusal else status,
    )
    if isinstance(refusal, errors.TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return _never_stored(response)


def words_for(refusal: errors.LetterRefused) -> str:
    """What the sender is told: what happened, and what she can do."""
    if isinstance(refusal, errors.TokenTooYoung):
        return _("That was faster than a person writes. Your words are still here: please press the button once more.")
    if isinstance(refusal, errors.TokenTooOld):
        return _("This page was open for more than a day. Your words are still here: please send them once more.")
    if isinstance(refusal, errors.CameFromElsewhere):
        return _("This form was sent from another site. Your words are still here: please send them from this page.")
    if isinstance(refusal, errors.TooLarge):
        return _("That was more than a letter can hold. Please send the beginning, or a link to the whole.")
    if isinstance(refusal, errors.TooMany):
        minutes = max(1, round(refusal.retry_after / 60))
        return _(
            "Many letters have come from your connection. Your words are still here: "
            "please send them again in %(minutes)d minutes."
        ) % {"minutes": minutes}
    return _("We could not be sure that a person sent this. Your words are still here: please send them once more.")


def thanks_page(request: HttpRequest, context: dict[str, Any] | None = None) -> HttpResponse:
    try:
        return _never_stored(render(request, "letterbox/thanks.html", context))
    except DatabaseError:
        return away(request, None)


def away(request: HttpRequest, form: LetterForm | None) -> HttpResponse:
    """503 without the database: no frame, which would ask it; the sender's words to send again or to copy."""
    # No request: the context processors read the masthead.
    again = form if form is not None and form.is_bound else None
    html = loader.render_to_string(
        "letterbox/away.html", {"form": again, "kept": again.kept if again else "", "language": get_language()}
    )
    response = HttpResponse(html, status=503)
    response["Retry-After"] = "120"
    return _never_stored(response)


def _never_stored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
