"""Signing up, confirming, choosing, leaving. No cookie anywhere; a link alone never changes anything, a POST does."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from standfirst.letterbox import errors, guards, spool
from standfirst.letterbox.forms import GuardedForm
from standfirst.letterbox.views import WAITING, FormPage, drawn, form_taken, kept_or_waiting, words_for
from standfirst.mailroom import links, selectors, services, tokens
from standfirst.mailroom.forms import WORDING, SignUpForm
from standfirst.mailroom.models import Subscription
from standfirst.press.addresses import is_plausible

PLAIN = "mailroom/plain.html"
ONE_CLICK = "One-Click"

log = logging.getLogger("standfirst.mailroom")


# Signing up ---------------------------------------------------------------------------------------


def sign_up(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        mailings = selectors.mailings()
    except Error:
        return _plain(request, _away(), 503)
    if not mailings:
        raise Http404
    page = FormPage(request, "mailroom/newsletters.html", {"wording": WORDING, "mailings": mailings}, plain=PLAIN)
    form_class: Any = partial(SignUpForm, mailings=mailings)

    def fresh(refusal: errors.LetterRefused | None = None) -> HttpResponse:
        asked = [one.key for one in mailings if one.key == request.GET.get("letter")]
        return page.shown(
            form_class(initial={"mailings": asked} if asked else None), guards.token_make(SignUpForm.purpose), refusal
        )

    def again(form: GuardedForm, token: str, refusal: errors.LetterRefused | None) -> HttpResponse:
        return page.shown(form, token, refusal, status=422)

    def keep(form: GuardedForm) -> str:
        waits = False if form.filled_by_machine else _asked(request, form)
        # The same answer whether the address is known, new, or a machine's.
        return reverse("newsletters:thanks") + (f"?{WAITING}=1" if waits else "")

    if request.method != "POST":
        return fresh()
    return form_taken(request, form_class=form_class, purpose=SignUpForm.purpose, keep=keep, fresh=fresh, again=again)


def _asked(request: HttpRequest, form: GuardedForm) -> bool:
    """Write down what the reader asks for; returns whether it waits in the spool. Raises SpoolRefused."""
    asked: dict[str, Any] = {
        "email": form.cleaned_data["email"],
        "language": get_language() or settings.LANGUAGE_CODE,
        "page": request.path,
        "wording": str(WORDING),
    }
    keys = form.cleaned_data["mailings"]

    def keep() -> None:
        for key in keys:
            services.subscribe(mailing=key, **asked)

    return kept_or_waiting(keep, kind="subscribe", payload={**asked, "mailings": keys})


def thanks(request: HttpRequest) -> HttpResponse:
    return _private(
        drawn(request, "mailroom/thanks.html", PLAIN, {"sentence": _thanks()}, is_away=WAITING in request.GET)
    )


def _thanks() -> str:
    return gettext(
        "If you do not get these letters yet, a mail with a link is on its way. Open it and press the button: only "
        "then are you on the list."
    )


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing, so that machines that open links confirm nothing."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not tokens.is_ours(token, tokens.CONFIRM):
        return _private(_plain(request, _unknown_link(), 404))
    try:
        found = selectors.subscription_at(token)
        if found is None:
            return _private(_plain(request, _unknown_link(), 404))
        if request.method == "POST":
            _guarded(request)
            services.subscriptions_confirm(email=found.email)
            found.refresh_from_db()
        everything = list(selectors.subscriptions_of(found.email))
        context = {
            "is_done": found.state == Subscription.State.ACTIVE,
            "has_left": found.state == Subscription.State.LEFT,
            "waiting": [one.mailing for one in everything if one.state == Subscription.State.PENDING],
            "active": [one.mailing for one in everything if one.state == Subscription.State.ACTIVE],
            "action": request.path,
            "leave": f"/u/{tokens.token_of(found.key, tokens.LEAVE)}",
        }
        return _private(drawn(request, "mailroom/confirm.html", PLAIN, context, is_away=False))
    except errors.LetterRefused as refusal:
        return _private(_plain(request, words_for(refusal), refusal.status))
    except Error:
        return _private(_plain(request, _away(), 503))


# Leaving and choosing -----------------------------------------------------------------------------


def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One click of RFC 8058, and the page behind the link in every letter.

    A POST that says `List-Unsubscribe=One-Click` comes from a mail program: no login, cookie, origin or question, and
    200 at once. While the database is away it waits in the spool.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    wants_out = False
    try:
        guards.size_check(request)
        wants_out = request.method == "POST" and request.POST.get("List-Unsubscribe") == ONE_CLICK
        found = selectors.subscription_at(token)
    except errors.TooLarge as refusal:
        return _private(_plain(request, words_for(refusal), refusal.status))
    except Error:
        return _private(_leave_later(request, token) if wants_out else _plain(request, _away(), 503))
    if found is None:
        # Forgotten since, or never there: whoever wants out is out.
        known = tokens.is_ours(token, tokens.LEAVE)
        return _private(_plain(request, _unknown_link(), 200 if known and request.method == "POST" else 404))
    with override(found.language):
        try:
            return _private(_left(request, found, wants_out=wants_out))
        except errors.LetterRefused as refusal:
            return _private(_plain(request, words_for(refusal), refusal.status))
        except Error:
            return _private(_leave_later(request, token) if wants_out else _plain(request, _away(), 503))


def _left(request: HttpRequest, found: Subscription, *, wants_out: bool) -> HttpResponse:
    said = ""
    if wants_out:
        found = services.unsubscribe(subscription=found)
        said = gettext("You have left: we send you no more of “%(mailing)s”.") % {"mailing": found.mailing.name_in()}
    elif request.method == "POST":
        _guarded(request)
        services.preferences_set(
            email=found.email,
            mailings=set(request.POST.getlist("mailings")),
            language=request.POST.get("language", "") if _is_language(request) else found.language,
            page=request.path.partition("/u/")[1],
            wording=str(WORDING),
        )
        said = gettext("Your choice is kept.")
    active = {one.mailing_id for one in selectors.subscriptions_of(found.email) if one.state == "active"}
    choices = [(one, one.pk in active) for one in selectors.mailings(is_open=False) if one.is_open or one.pk in active]
    found.refresh_from_db()
    context = {
        "said": said,
        "sentence": said,
        "subscription": found,
        "is_active": found.state == Subscription.State.ACTIVE,
        "choices": choices,
        "address": _masked(found.email),
        "action": request.path,
        "languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else [],
        "wording": WORDING,
    }
    request.LANGUAGE_CODE = found.language
    return drawn(request, "mailroom/leave.html", PLAIN, context, is_away=False)


def _leave_later(request: HttpRequest, token: str) -> HttpResponse:
    """The database is away: keep the wish to leave. Any other choice is refused kindly."""
    if not tokens.is_ours(token, tokens.LEAVE):
        return _plain(request, _away(), 503)
    try:
        spool.spool_put(data=settings.NEWSROOM.data, kind="unsubscribe", payload={"key": tokens.key_in(token)})
    except errors.SpoolRefused as refusal:
        log.error("Somebody wanted to leave and could not, the database being away: %s", refusal)
        return _plain(request, _away(), 503)
    return _plain(request, gettext("You have left. Our database is away just now; it will know in a moment."), 200)


def _is_language(request: HttpRequest) -> bool:
    return request.POST.get("language") in dict(settings.LANGUAGES)


def _masked(email: str) -> str:
    """Enough of an address to know it by, and not enough to copy."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


# A link of a letter that is counted ---------------------------------------------------------------


class Followed(HttpResponseRedirect):
    """Leads on first and counts afterwards, so that nobody waits for the database."""

    count: Any = None

    def close(self) -> None:
        if self.count is not None:
            self.count()
        super().close()


def follow(request: HttpRequest, letter: str, mark: str, path: str) -> HttpResponse:
    """Lead on to the page that a link of a letter names, and count it where that is switched on.

    Only links that we have marked, or that stand in that letter, lead on by themselves; no other is made to.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if not links.is_ours(int(letter), mark, path):
        try:
            # Made under another secret: before it was changed, or the newsroom was moved.
            is_known = selectors.is_link_of(int(letter), path)
        except Error:
            is_known = False
        if not is_known:
            return _private(_plain(request, _not_in_a_letter(), 404, onward=path if is_plausible(path) else ""))
    answer = Followed(path)
    is_guess = "prefetch" in f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}".lower()
    if request.method == "GET" and not is_guess:
        answer.count = partial(_count, int(letter), path)
    return _private(answer)


def _count(letter: int, path: str) -> None:
    try:
        services.link_followed(letter_id=letter, path=path)
    except Error as error:
        log.info("A link of letter %s was followed and not counted, the database being away: %s", letter, error)


def _not_in_a_letter() -> str:
    return gettext("We know of no letter with this link. If there is such a page, you find it here:")


# What all of them have ----------------------------------------------------------------------------


def _guarded(request: HttpRequest) -> None:
    """For forms that need no time token, because whoever knows their address may send them. Raises LetterRefused."""
    guards.size_check(request)
    guards.origin_check(request)


def _plain(request: HttpRequest, sentence: str, status: int, *, onward: str = "") -> HttpResponse:
    context = {"sentence": sentence, "onward": onward}
    answer = drawn(request, "mailroom/said.html", PLAIN, context, is_away=status == 503)
    answer.status_code = status
    return answer


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps it, no machine lists it, and no link from it tells its address."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _away() -> str:
    return gettext("Our database is away just now, so this cannot be done. Please try again in a few minutes.")


def _unknown_link() -> str:
    return gettext(
        "This link is not known here any more. If you still get letters that you do not want, use the link in the "
        "newest one, or write to us."
    )
