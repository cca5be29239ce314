"""Signing in by a code, and out again."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfirst.letterbox import guards
from standfirst.letterbox.errors import LetterRefused, TokenTooYoung
from standfirst.letterbox.views import words_for
from standfirst.readers import guard, letters, services
from standfirst.readers.device import device_in_words
from standfirst.readers.doors import private, see_other, signed_in
from standfirst.readers.forms import CodeForm, SignInForm
from standfirst.readers.models import Reader, Session
from standfirst.readers.selectors import COOKIE, session_of


@private("GET", "HEAD", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same for every address; whether it has an account is not even looked up."""
    session = session_of(request)
    if request.method != "POST":
        initial = {"next": guard.own_path(request.GET.get("next", ""))}
        if session:
            initial["email"] = session.reader.email
        return sign_in_page(request, SignInForm(initial=initial))
    form = SignInForm()
    try:
        guards.size_check(request)
        form = SignInForm(request.POST)
        guards.origin_check(request)
        # A browser that fills in the address by itself is as fast as a machine.
        with contextlib.suppress(TokenTooYoung):
            guards.token_check(str(form.data.get("token", "")), SignInForm.purpose)
        if not form.is_valid():
            return sign_in_page(request, form, status=422)
        guard.code_rate_check(request, form.cleaned_data["email"])
        browser = guard.secret_made()
        if not form.filled_by_machine:
            send_code(request, email=form.cleaned_data["email"], browser=browser)
    except LetterRefused as refusal:
        return sign_in_page(request, form, refusal)
    return to_code(reverse("readers:code"), browser, form.cleaned_data["next"])


def sign_in_page(
    request: HttpRequest, form: SignInForm, refusal: LetterRefused | None = None, status: int = 200
) -> HttpResponse:
    form.give_token(guards.token_make(SignInForm.purpose))
    session = session_of(request)
    context = {
        "form": form,
        "reader": session.reader if session else None,
        "honeypot": guards.HONEYPOT,
        "action": reverse("readers:sign_in"),
    }
    return with_refusal(request, "readers/sign_in.html", context, refusal, status)


def with_refusal(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: LetterRefused | None, status: int = 200
) -> HttpResponse:
    """A page that may begin with the sentence why something was not done."""
    context = {**context, "refusal": words_for(refusal) if refusal else ""}
    response = render(request, template, context, status=refusal.status if refusal else status)
    if refusal and refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def send_code(
    request: HttpRequest, *, email: str, browser: str, purpose: str = "sign-in", reader: Reader | None = None
) -> None:
    """Make a code for this browser and post it."""
    code = services.code_ask(
        email=email, browser=browser, purpose=purpose, reader=reader, instead=guard.asked_with(request)
    )
    is_change = purpose != "sign-in"
    form = reverse("readers:address_code" if is_change else "readers:code")
    letters.code_send(
        email=email, code=code, language=get_language() or "en", form=absolute(request, form), is_change=is_change
    )


def absolute(request: HttpRequest, path: str) -> str:
    """A path with the scheme and host that the paper is reached at; alone ("") they are its origin."""
    return (settings.NEWSROOM.base_url or f"{request.scheme}://{request.get_host()}") + path


def to_code(address: str, browser: str, on: str = "") -> HttpResponse:
    """On to the form for the code, with the cookie that ties it to this browser."""
    on = guard.own_path(on)
    response = see_other(f"{address}?{urlencode({'next': on})}" if on else address)
    guard.cookie_give(response, guard.ASKED, browser, guard.ASKED_SECONDS)
    return response


@private("GET", "HEAD", "POST")
def code(request: HttpRequest) -> HttpResponse:
    """The form for the code. Opening it, as programs that look through mail do, signs nobody in."""
    template = "readers/code.html"
    if request.method != "POST":
        return code_page(request, template, CodeForm(initial={"next": guard.own_path(request.GET.get("next", ""))}))
    form = CodeForm(request.POST)
    try:
        guard.form_check(request, "code")
        guard.try_rate_check(request)
        if not form.is_valid():
            return code_page(request, template, form, status=422)
        email = services.code_use(browser=guard.asked_with(request), typed=form.cleaned_data["code"])
    except LetterRefused as refusal:
        return code_page(request, template, form, refusal)
    reader = services.reader_confirmed(email=email, language=get_language() or "")
    return begun(request, reader, see_other(guard.own_path(form.cleaned_data["next"]) or reverse("readers:account")))


def code_page(
    request: HttpRequest, template: str, form: CodeForm, refusal: LetterRefused | None = None, status: int = 200
) -> HttpResponse:
    token = guard.form_token(request, "code")
    context = {"form": form, "token": token, "has_asked": bool(guard.asked_with(request))}
    return with_refusal(request, template, context, refusal, status)


def begun(request: HttpRequest, reader: Reader, response: HttpResponse) -> HttpResponse:
    """Sign this browser in, under a key that nobody knew before."""
    secret = services.session_begin(
        reader=reader,
        device=device_in_words(request.headers.get("User-Agent", "")),
        instead=request.COOKIES.get(COOKIE, "")[:100],
    )
    guard.cookie_give(response, COOKIE, secret, guard.SESSION_DAYS * 86_400)
    guard.cookie_take(response, guard.ASKED)
    return response


@signed_in("POST", purpose="sign-out")
def sign_out(request: HttpRequest, session: Session) -> HttpResponse:
    """Sign out here; with `where` = all, everywhere; with a number, in that browser of hers."""
    where = request.POST.get("where", "here")
    rows = session.reader.sessions
    if where == "all":
        services.sessions_end(reader=session.reader)
    elif where.isdecimal() and int(where) != session.pk:
        if other := rows.filter(pk=int(where[:18])).first():
            services.session_end(session=other)
        return see_other(f"{reverse('readers:account')}#sessions")
    else:
        services.session_end(session=session)
    response = see_other(reverse("readers:signed_out"))
    guard.cookie_take(response, COOKIE)
    return response


@private("GET", "HEAD")
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "readers/signed_out.html")


@private("GET")
def here(request: HttpRequest) -> HttpResponse:
    """Who is reading, for theme/personal.js; 401 for nobody."""
    session = session_of(request)
    if session is None:
        return JsonResponse({}, status=401)
    links = [{"text": _("Your account"), "href": reverse("readers:account")}]
    return JsonResponse({"name": session.reader.name, "links": links, "style": static("theme/personal.css")})
