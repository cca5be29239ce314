"""No page of the desk opens without a second factor, except on this machine alone (contract, `make run`)."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from wagtail.users.models import UserProfile

from standfirst.kit.links import is_loopback

# What somebody may still open who has no second factor yet: setting one up, and leaving.
OPEN_PREFIXES = (
    "/desk/login/",
    "/desk/logout/",
    "/desk/inactive/",
    "/desk/reauthenticate/",
    "/desk/password_reset/",
    "/desk/security/",
    "/desk/jsi18n/",
)
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Set in a session when its owner adds a second factor there: she has just shown that she holds it.
MADE_HERE = "standfirst_second_factor_made"


def second_factor_required(request: HttpRequest) -> bool:
    """Always, but for a newsroom without a public address that is opened from the machine it runs on."""
    if settings.NEWSROOM.is_public:
        return True
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    here = is_loopback(request.META.get("REMOTE_ADDR") or "") and is_loopback(host)
    return getattr(request, "was_forwarded", True) or not here


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session, not just this account, has shown a second factor or a passkey."""
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return True
    return bool(request.session.get(MADE_HERE))


class SecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith("/desk/") or not request.user.is_authenticated:
            return self.get_response(request)
        if path.startswith(OPEN_PREFIXES):
            with translation.override(desk_language(request)):
                return self.get_response(request)
        if not second_factor_required(request):
            return self.get_response(request)
        if used_second_factor(request) and _has_second_factor(request):
            return self.get_response(request)
        if _has_second_factor(request):
            # Signed in before the account had a second factor: sign in anew, with it.
            from django.contrib.auth import logout

            logout(request)
            return redirect("account_login")
        return redirect("mfa_index")


def _has_second_factor(request: HttpRequest) -> bool:
    return Authenticator.objects.filter(user_id=request.user.pk, type__in=SECOND_FACTORS).exists()


def desk_language(request: HttpRequest) -> str:
    """The language this colleague chose for the desk, otherwise that of the address.

    Wagtail sees to it on its own screens only. Asked of any request, also one that was refused before it had a user.
    """
    user = getattr(request, "user", None)
    profile = UserProfile.objects.filter(user_id=user.pk).first() if user and user.is_authenticated else None
    return str(profile.get_preferred_language() if profile else translation.get_language() or settings.LANGUAGE_CODE)
