"""The four calls that readers/passkeys.js makes, and the small forms for the passkeys there are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from standfirst.letterbox import guards
from standfirst.letterbox.errors import LetterRefused
from standfirst.letterbox.views import words_for
from standfirst.readers import guard, services
from standfirst.readers.device import device_in_words
from standfirst.readers.doors import private, see_other, signed_in
from standfirst.readers.models import Session
from standfirst.readers.selectors import COOKIE
from standfirst.readers.services import passkeys
from standfirst.readers.views import absolute, begun


def _where(request: HttpRequest, browser: str) -> dict[str, str]:
    return {"origin": absolute(request, ""), "paper": settings.NEWSROOM.name, "browser": browser}


def _refused(refusal: LetterRefused) -> JsonResponse:
    return JsonResponse({"error": words_for(refusal)}, status=refusal.status)


@private("POST")
def ask(request: HttpRequest) -> HttpResponse:
    """A challenge for whoever wants to sign in."""
    try:
        guards.origin_check(request)
        guard.try_rate_check(request)
    except LetterRefused as refusal:
        return _refused(refusal)
    # The one of a code that is under way stays, or that code would be worth nothing.
    browser = guard.asked_with(request) or guard.secret_made()
    response = JsonResponse(passkeys.ask(**_where(request, browser)))
    guard.cookie_give(response, guard.ASKED, browser, guard.ASKED_SECONDS)
    return response


@private("POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The device's answer: signed in, and where to go on."""
    try:
        guards.size_check(request)
        guards.origin_check(request)
        guard.try_rate_check(request)
        browser = guard.asked_with(request)
        reader = services.passkey_used(answer=request.POST.get("answer", ""), **_where(request, browser))
    except LetterRefused as refusal:
        return _refused(refusal)
    reader = services.reader_confirmed(email=reader.email, language=get_language() or "")
    go_on = guard.own_path(request.POST.get("next", "")) or reverse("readers:account")
    return begun(request, reader, JsonResponse({"next": go_on}))


@signed_in("POST", fresh=True, purpose="passkeys")
def offer(request: HttpRequest, session: Session) -> HttpResponse:
    """What the device needs to make a passkey."""
    return JsonResponse(passkeys.offer(reader=session.reader, **_where(request, request.COOKIES[COOKIE])))


@signed_in("POST", fresh=True, purpose="passkeys")
def add(request: HttpRequest, session: Session) -> HttpResponse:
    """The passkey it has made. Its name is the device's until she gives it another."""
    try:
        services.passkey_add(
            reader=session.reader,
            answer=request.POST.get("answer", ""),
            name=device_in_words(request.headers.get("User-Agent", "")),
            **_where(request, request.COOKIES[COOKIE]),
        )
    except LetterRefused as refusal:
        return _refused(refusal)
    return JsonResponse({"next": f"{reverse('readers:account')}?saved=passkey#signing-in"})


@signed_in("POST", purpose="passkeys")
def change(request: HttpRequest, session: Session, pk: int) -> HttpResponse:
    passkey = get_object_or_404(session.reader.passkeys, pk=pk)
    if request.POST.get("act") == "remove":
        services.passkey_remove(passkey=passkey)
    else:
        services.passkey_rename(passkey=passkey, name=request.POST.get("name", ""))
    return see_other(f"{reverse('readers:account')}?saved=passkey#signing-in")
