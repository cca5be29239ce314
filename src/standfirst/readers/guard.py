"""Our cookies, and the guard of forms below them: SameSite, the sender's origin, and a token bound to the cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from standfirst.kit import mailaddress
from standfirst.letterbox import errors, guards
from standfirst.readers.errors import NotThisForm, TooManyCodes, TooManyTries
from standfirst.readers.selectors import COOKIE, PREFIX

#: Binds a code, or a passkey's challenge, to the browser that asked for it.
ASKED = f"{PREFIX}sf-asked"
SESSION_DAYS = 60
ASKED_SECONDS = 15 * 60

# Letters with codes: to one address, from one connection, and in all; and tries from one connection. (times, seconds)
CODES_TO_ONE = ((5, 3600), (12, 24 * 3600))
# Less than an address gets in all: one connection alone shuts nobody out.
CODES_TO_ONE_FROM_ONE = (3, 3600)
CODES_FROM_ONE = ((10, 600), (40, 24 * 3600))
CODES_IN_ALL = (120, 600)
TRIES_FROM_ONE = (40, 600)


# Cookies ------------------------------------------------------------------------------------------


def cookie_give(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=bool(PREFIX), httponly=True, samesite="Lax")


def cookie_take(response: HttpResponse, name: str) -> None:
    # A browser that knows the prefix drops what is not Secure, also when it is to be deleted.
    response.set_cookie(name, "", max_age=0, path="/", secure=bool(PREFIX), httponly=True, samesite="Lax")


def asked_with(request: HttpRequest) -> str:
    secret = request.COOKIES.get(ASKED, "")
    return secret if 20 <= len(secret) <= 100 else ""


def secret_made() -> str:
    return secrets.token_urlsafe(32)


# Forms --------------------------------------------------------------------------------------------


def form_token(request: HttpRequest, purpose: str) -> str:
    """What a form below our cookies carries: nobody without the cookie can work it out. "" without one."""
    secret = asked_with(request) if purpose in ASKED_FORMS else request.COOKIES.get(COOKIE, "")
    return form_token_for(secret, purpose) if secret else ""


#: Forms before the sign-in, bound to the browser that asked for a code.
ASKED_FORMS = ("code",)


def form_token_for(secret: str, purpose: str) -> str:
    key = hashlib.sha256(b"standfirst.readers.form" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{purpose}|{secret}".encode(), hashlib.sha256).hexdigest()[:32]


def form_check(request: HttpRequest, purpose: str, token: str | None = None) -> None:
    """Raise TooLarge, CameFromElsewhere or NotThisForm unless this browser sent our own form."""
    guards.size_check(request)
    guards.origin_check(request)
    given = request.POST.get("token", "") if token is None else token
    wanted = form_token(request, purpose)
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NotThisForm


# How often ----------------------------------------------------------------------------------------


def code_rate_check(request: HttpRequest, email: str) -> None:
    """Count a letter with a code; raise TooManyCodes. The connection first, so that one cannot use up an address."""
    to = f"codes to {mailaddress.normal(email)}"
    where = guards.network_of(request.META.get("REMOTE_ADDR", ""))
    try:
        for most, seconds in CODES_FROM_ONE:
            guards.count(f"codes from {where}", most, seconds, room="readers")
        guards.count(f"{to} from {where}", *CODES_TO_ONE_FROM_ONE, room="readers")
        for most, seconds in CODES_TO_ONE:
            guards.count(to, most, seconds, room="readers")
        guards.count("codes", *CODES_IN_ALL, room="readers")
    except errors.TooMany as refusal:
        raise TooManyCodes(retry_after=refusal.retry_after) from None


def try_rate_check(request: HttpRequest) -> None:
    """Count a try to get in; raise TooManyTries."""
    where = guards.network_of(request.META.get("REMOTE_ADDR", ""))
    try:
        guards.count(f"tries from {where}", *TRIES_FROM_ONE, room="readers")
    except errors.TooMany as refusal:
        raise TooManyTries(retry_after=refusal.retry_after) from None


# Where to go on -----------------------------------------------------------------------------------


def own_path(address: str) -> str:
    """An address to go on to after the sign-in, if it is one of the paper's own paths; else ""."""
    if not address.startswith("/") or len(address) > 300 or not url_has_allowed_host_and_scheme(address, None):
        return ""
    return address if urlsplit(address).path.isascii() else ""
