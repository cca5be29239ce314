"""What every view of this room passes through: never stored, kind while the database is away, guarded forms."""

from __future__ import annotations

import datetime as dt
import functools
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone

from standfirst.letterbox.errors import LetterRefused
from standfirst.letterbox.views import words_for
from standfirst.readers import guard, services
from standfirst.readers.models import Session
from standfirst.readers.selectors import COOKIE, session_of

log = logging.getLogger("standfirst.readers")

View = Callable[..., HttpResponse]
#: Whoever is about to change how she signs in, or to erase all, has signed in within this time.
FRESH = dt.timedelta(minutes=30)


def private(*methods: str) -> Callable[[View], View]:
    """A page for one reader: kept by nobody, and a kind refusal while the database is away."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                response = view(request, *args, **kwargs)
            except Error as error:
                log.warning("A reader's page was refused, the database being away (%s).", type(error).__name__)
                response = away()
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
            # With no referrer at all browsers would send no origin with our forms either.
            response["Referrer-Policy"] = "same-origin"
            response["Vary"] = "Cookie"
            return response

        return answered

    return wrap


def away() -> HttpResponse:
    # No request: the frame reads the database.
    response = HttpResponse(loader.render_to_string("readers/away.html"), status=503)
    response["Retry-After"] = "120"
    return response


def signed_in(*methods: str, fresh: bool = False, purpose: str = "") -> Callable[[View], View]:
    """A page for whoever is signed in: the view gets (request, session). Others go to the sign-in and come back.

    fresh: the sign-in is younger than FRESH. purpose: what a POST must carry the token for.
    """

    def wrap(view: View) -> View:
        @private(*methods)
        @functools.wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            session = session_of(request)
            if session is None or (fresh and not is_fresh(session)):
                # What was typed is not carried along: she comes back to the page, not to its button.
                back = request.path if "GET" in methods else reverse("readers:account")
                return see_other(f"{reverse('readers:sign_in')}?{urlencode({'next': back})}")
            if request.method == "POST" and purpose:
                try:
                    guard.form_check(request, purpose)
                except LetterRefused as refusal:
                    return refused(request, refusal)
            response = view(request, session, *args, **kwargs)
            if not response.cookies and services.session_seen(session=session):
                guard.cookie_give(response, COOKIE, request.COOKIES[COOKIE], guard.SESSION_DAYS * 86_400)
            return response

        return answered

    return wrap


def is_fresh(session: Session) -> bool:
    return session.begun_at > timezone.now() - FRESH


def refused(request: HttpRequest, refusal: LetterRefused) -> HttpResponse:
    """A page that says in one sentence why nothing was done, and leads back."""
    context = {"sentence": words_for(refusal), "address": reverse("readers:account")}
    return render(request, "readers/refused.html", context, status=refusal.status)


def see_other(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer
