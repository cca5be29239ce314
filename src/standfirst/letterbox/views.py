"""HTTP for letters. `form_taken` and `FormPage` are the way of any form; rooms above use them for theirs.

All of it works while the database is away: pages are then drawn without the frame, which reads it, and letters wait
in the spool.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template import loader
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from standfirst.letterbox import errors, guards, services, spool
from standfirst.letterbox.forms import ContactForm, GuardedForm
from standfirst.letterbox.models import Letter

# Says to the page of thanks that the letter waits; nothing else about it is said in an address.
WAITING = "waiting"

log = logging.getLogger("standfirst.letterbox")

Form = TypeVar("Form", bound=GuardedForm)


def contact(request: HttpRequest) -> HttpResponse:
    """The form of a letter; what was sent in it is stored, and leads on to thanks, or comes back with all its words.

    While the database is away a plain page holds the form, and what is sent waits in the spool.
    """
    purpose = f"{ContactForm.purpose}:"
    page = FormPage(request, "letterbox/contact.html", is_rush=request.method != "POST" and guards.is_rush(request))

    def fresh(refusal: errors.LetterRefused | None = None) -> HttpResponse:
        return page.shown(ContactForm(), guards.token_make(purpose), refusal)

    def again(form: GuardedForm, token: str, refusal: errors.LetterRefused | None) -> HttpResponse:
        if refusal is None:
            form.add_error(None, _("Your letter has not been sent yet: something below needs another look."))
        return page.shown(form, token, refusal, status=422)

    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST":
        return fresh()
    return form_taken(request, form_class=ContactForm, purpose=purpose, keep=_kept, fresh=fresh, again=again)


def contact_thanks(request: HttpRequest) -> HttpResponse:
    """Thanks; while the database is away, or when the letter waits for it, on a plain page that says so."""
    thanks, plain = "letterbox/thanks.html", "letterbox/plain_thanks.html"
    return drawn(request, thanks, plain, {}, is_away=WAITING in request.GET)


def form_taken(
    request: HttpRequest,
    *,
    form_class: type[Form],
    purpose: str,
    keep: Callable[[Form], str],
    fresh: Callable[[errors.LetterRefused], HttpResponse],
    again: Callable[[Form, str, errors.LetterRefused | None], HttpResponse],
    of_one: tuple[tuple[int, int], ...] = guards.RATES_OF_ONE,
) -> HttpResponse:
    """The way of everything that strangers send by a form: past each guard in turn, kept, and on to what `keep` says.

    keep: keeps it, raises LetterRefused, and returns where its sender is led. fresh: an empty form, when nothing was
    read. again: the form as it was filled in, with its token and what it was refused for (None: something in it).
    """
    try:
        guards.size_check(request)
    except errors.TooLarge as refusal:
        # Nothing of it was read, so nothing of it can be shown again.
        return fresh(refusal)
    form = form_class(request.POST)
    token, refused = str(form.data.get("token", "")), None
    try:
        guards.origin_check(request)
        guards.token_check(token, purpose)
        if form.is_valid():
            guards.rate_check(request, of_one=of_one)
            answer = HttpResponseRedirect(keep(form))
            answer.status_code = 303
            return never_stored(answer)
    except errors.LetterRefused as refusal:
        refused = refusal
        if isinstance(refusal, errors.TokenWrong | errors.TokenTooOld):
            token = guards.token_make(purpose)
    return again(form, token, refused)


def _kept(form: GuardedForm) -> str:
    """Put the letter on the desk, or into the spool while the database is away; returns the address of thanks.

    Raises SpoolRefused when neither takes it.
    """
    typed = {name: value for name, value in form.cleaned_data.items() if name != guards.HONEYPOT}
    kind, language = Letter.Kind.CONTACT.value, get_language() or ""
    letter = {"kind": kind, **typed, "language": language, "is_spam": form.filled_by_machine}
    thanks = reverse("letterbox:contact_thanks")
    if kept_or_waiting(lambda: services.letter_receive(**letter), kind="letter", payload=letter):
        return f"{thanks}?{WAITING}=1"
    return thanks


def kept_or_waiting(keep: Callable[[], object], *, kind: str, payload: dict[str, Any]) -> bool:
    """Keep what a stranger sent, or put it into the spool while the database is away; returns whether it waits there.

    Raises SpoolRefused when neither takes it, and what `keep` refuses with.
    """
    try:
        keep()
    except Error as away:
        try:
            spool.spool_put(data=settings.NEWSROOM.data, kind=kind, payload=payload)
        except errors.SpoolRefused as refusal:
            log.error("A %s was refused, the database being away (%s). %s", kind, type(away).__name__, refusal)
            raise
        log.warning("A %s went to the spool, the database being away (%s).", kind, type(away).__name__)
        return True
    return False


class FormPage:
    """The page of a form: inside the frame, or plain while the database is away."""

    def __init__(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any] | None = None,
        *,
        plain: str = "letterbox/plain_form.html",
        is_away: bool = False,
        is_rush: bool = False,
    ) -> None:
        """is_rush: too many open it to draw the frame for each."""
        self._request, self._template, self._plain = request, template, plain
        self._context, self._is_away = {"is_rush": is_rush} | (context or {}), is_away or is_rush

    def shown(
        self, form: GuardedForm, token: str, refusal: errors.LetterRefused | None = None, status: int = 200
    ) -> HttpResponse:
        """The form with this token in it, all that was typed, and what it was refused for."""
        form.give_token(token)
        if refusal:
            if not form.is_bound:
                # As if nothing had been asked: an empty form with one sentence above it.
                form.data, form.is_bound = {"token": token}, True
                form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]
            form.add_error(None, words_for(refusal))
        context = {"form": form, "honeypot": guards.HONEYPOT, "action": self._request.get_full_path(), **self._context}
        is_away = self._is_away or isinstance(refusal, errors.SpoolRefused)
        response = drawn(self._request, self._template, self._plain, context, is_away=is_away)
        response.status_code = refusal.status if refusal else status
        if refusal and refusal.retry_after:
            response["Retry-After"] = str(refusal.retry_after)
        return response


def words_for(refusal: errors.LetterRefused) -> str:
    """What the sender is told: what happened, and what she can do."""
    if refusal.words:
        return refusal.words
    if isinstance(refusal, errors.TokenTooYoung):
        return _("That was faster than a person writes. Your words are still here: please press the button once more.")
    if isinstance(refusal, errors.TokenTooOld):
        return _("This page was open for more than a day. Your words are still here: please send them once more.")
    if isinstance(refusal, errors.CameFromElsewhere):
        return _("This form was sent from another site. Your words are still here: please send them from this page.")
    if isinstance(refusal, errors.TooLarge):
        return _("That was more than a letter can hold. Please send the beginning, or a link to the whole.")
    if isinstance(refusal, errors.TooManyOfAll):
        return _(
            "Very many letters are coming in just now. Your words are still here: please send them again in a minute."
        )
    if isinstance(refusal, errors.TooMany):
        minutes = max(1, round(refusal.retry_after / 60))
        return ngettext(
            "Many letters have come from your connection. Your words are still here: "
            "please send them again in %(minutes)d minute.",
            "Many letters have come from your connection. Your words are still here: "
            "please send them again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    if isinstance(refusal, errors.SpoolBusy):
        return _(
            "Our database is away just now, and very many letters are coming in. Your words are still here: "
            "please send them again in a minute."
        )
    if isinstance(refusal, errors.SpoolFull):
        return _(
            "Our database is away just now, and the place where letters wait for it is full, so yours has not "
            "arrived. Your words are still here: please send them again later, or copy them."
        )
    if isinstance(refusal, errors.SpoolRefused):
        return _(
            "Our database is away just now and nothing else could keep your letter, so it has not arrived. "
            "Your words are still here: please send them again in a few minutes, or copy them."
        )
    return _("We could not be sure that a person sent this. Your words are still here: please send them once more.")


def drawn(request: HttpRequest, template: str, plain: str, context: dict[str, Any], *, is_away: bool) -> HttpResponse:
    """A page inside the frame; while the database is away the plain one, which asks it nothing. Never stored."""
    if not is_away:
        try:
            return never_stored(HttpResponse(loader.render_to_string(template, context, request)))
        except Error:
            pass
    # No request: the context processors read the masthead.
    return never_stored(HttpResponse(loader.render_to_string(plain, context)))


def never_stored(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of every cache: it holds a token, or what one reader wrote."""
    response["Cache-Control"] = "no-store"
    return response
