"""What stands before every view: the host, the language by path, and sessions for the desk alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from standfirst.press.addresses import Live
from standfirst.press.negotiation import is_known_host
from standfirst.stories.blocks import EMBED_FRAMES

GetResponse = Callable[[HttpRequest], HttpResponse]

# Only below these does a request have a session, a user and a CSRF token.
PRIVATE_PREFIXES = ("/desk/",)

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)

PUBLIC_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; frame-src {frames}"
)
PERMISSIONS_POLICY = "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=()"


class TrustedProxy:
    """Believe X-Forwarded-For and -Proto from the newsroom's own proxies alone (decision 13).

    From anybody else they are dropped, so that no later code can read a header the sender wrote himself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted = settings.NEWSROOM.trusted_proxies

    def _is_trusted(self, address: str) -> bool:
        try:
            sender = ipaddress.ip_address(address.strip())
        except ValueError:
            return False
        return any(sender in network for network in self.trusted)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        forwarded = {name: meta.pop(name) for name in FORWARDED if name in meta}
        # Somebody stands between: no such request counts as made on this machine (people/middleware.py).
        request.was_forwarded = bool(forwarded)  # type: ignore[attr-defined]
        if forwarded and self._is_trusted(meta.get("REMOTE_ADDR", "")):
            # From the right: the first address that is not a proxy of ours is the reader's.
            for hop in reversed(forwarded.get("HTTP_X_FORWARDED_FOR", "").split(",")):
                try:
                    meta["REMOTE_ADDR"] = str(ipaddress.ip_address(hop.strip()))
                except ValueError:
                    break
                if not self._is_trusted(hop):
                    break
            if forwarded.get("HTTP_X_FORWARDED_PROTO", "").strip().lower() == "https":
                meta["wsgi.url_scheme"] = "https"
                request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
        return self.get_response(request)


class HostAndLanguage:
    """Refuse an unknown host with 421 before any look-up (decision 13); take the language from the path alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        base = urlsplit(settings.NEWSROOM.base_url)
        self.host = base.netloc.lower() if base.netloc else None
        self.prefixes = {f"/{code}/": code for code, _name in settings.LANGUAGES[1:]}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if not is_known_host(host, self.host):
            return HttpResponse(
                "This address is not served here.\n", status=421, content_type="text/plain; charset=utf-8"
            )
        first = request.path_info[: request.path_info.find("/", 1) + 1]
        language = self.prefixes.get(first, settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)


def is_account(request: HttpRequest) -> bool:
    """Whether this is a reader's own page: the one public place where a cookie may be set."""
    prefix = "" if request.LANGUAGE_CODE == settings.LANGUAGE_CODE else f"/{request.LANGUAGE_CODE}"
    return request.path_info.startswith(f"{prefix}/account/")


def is_private(request: HttpRequest) -> bool:
    return request.path_info.startswith(PRIVATE_PREFIXES)


class PublicOrPrivate:
    """Headers of the two halves of the house. Public pages get a strict policy and never a cookie (decision 17)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = PUBLIC_POLICY.format(frames=" ".join(EMBED_FRAMES))
        self.is_live = Live(code for code, _name in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_private(request):
            response = self.get_response(request)
            response.setdefault("Cache-Control", "no-store, private")
            response.setdefault("X-Robots-Tag", "noindex")
            response.setdefault("X-Frame-Options", "SAMEORIGIN")
            if "Content-Security-Policy" in response:
                # A preview is a public page, shown in a frame of the desk.
                policy = response["Content-Security-Policy"]
                response["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            return response
        request.user = AnonymousUser()
        # No CSRF cookie on public pages: the letterbox guards its own forms.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        if request.method in ("GET", "HEAD") or self.is_live(request.path_info):
            response = self.get_response(request)
        else:
            # What takes letters is live. A page takes nothing, and is not made for whoever tries.
            response = HttpResponseNotAllowed(
                ["GET", "HEAD"],
                "A page can be read, and nothing else can be done with it.\n",
                content_type="text/plain; charset=utf-8",
            )
        if not is_account(request):
            response.cookies.clear()
        # A form of ours may lead on to the companies its page names (patrons), and to nobody else.
        targets = "".join(f" {target}" for target in sorted(getattr(response, "form_targets", ())))
        policy = self.policy.replace("form-action 'self'", f"form-action 'self'{targets}")
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("Cache-Control", "no-cache")
        return response


class _DeskOnly:
    """A mixin: the middleware works below the desk's addresses and is not there elsewhere."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_private(request):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)


class DeskSession(_DeskOnly, SessionMiddleware):
    pass


class DeskCsrf(_DeskOnly, CsrfViewMiddleware):
    pass


class DeskAuthentication(_DeskOnly, AuthenticationMiddleware):
    pass


class DeskMessages(_DeskOnly, MessageMiddleware):
    pass
