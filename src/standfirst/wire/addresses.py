"""Absolute addresses, for where a standard wants them: from base_url alone, or else the host served (decision 13)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def base(request: HttpRequest | None = None) -> str:
    """Scheme and host without a slash at the end, such as https://news.example."""
    own = str(settings.NEWSROOM.base_url)
    if own:
        return own
    if request is None:
        return "http://localhost"
    return f"{request.scheme}://{request.get_host()}"


def absolute(path: str, request: HttpRequest | None = None) -> str:
    """An own path as an absolute address; an address that is absolute already stays."""
    if path.startswith("/") and not path.startswith("//"):
        return base(request) + path
    return path


def authority() -> str:
    """The name in tag: addresses of feeds (RFC 4151). Of base_url alone, so that ids do not follow the host asked."""
    return urlsplit(str(settings.NEWSROOM.base_url)).hostname or "standfirst.invalid"
