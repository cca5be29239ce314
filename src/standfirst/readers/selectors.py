"""Who is reading, as far as she says so herself."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from standfirst.readers.models import Reader, Session

#: With https the prefix forbids other hosts and plain connections to set it (RFC 6265bis, 4.1.3.2).
PREFIX = "__Host-" if settings.NEWSROOM.base_url.startswith("https://") else ""
COOKIE = f"{PREFIX}sf-reader"


def mark_of(secret: str) -> str:
    """How a long random secret of a cookie is kept."""
    return hashlib.sha256(b"standfirst.readers.session" + secret.encode()).hexdigest()


def session_of(request: HttpRequest) -> Session | None:
    """The session whose key this browser holds; asked once per request."""
    known: Session | None
    if hasattr(request, "reader_session"):
        known = request.reader_session
        return known
    secret = request.COOKIES.get(COOKIE, "")
    found = None
    if 20 <= len(secret) <= 100:
        rows = Session.objects.select_related("reader")
        found = rows.filter(mark=mark_of(secret), expires_at__gt=timezone.now()).first()
    request.reader_session = found  # type: ignore[attr-defined]
    return found


def current(request: HttpRequest) -> Reader | None:
    session = session_of(request)
    return session.reader if session else None


def reader_with(email: str) -> Reader | None:
    """The reader with this address, as kit.mailaddress.normal writes it."""
    return Reader.objects.filter(email=email).first()
