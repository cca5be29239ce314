"""Render an address as an anonymous reader would get it, through the site's own middleware and views."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import threading
import traceback
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone

from standfirst.press.shown import collecting

Headers = list[tuple[str, str]]
# Told anew with every answer, by whoever sends it.
_PASSING = frozenset({"etag", "content-length", "last-modified", "date", "vary", "expires", "content-encoding"})
# In the store's folder.
ORIGIN = "origin.txt"
_failing = threading.local()


@dataclass(frozen=True)
class Rendered:
    """What an address answers. keys: what it shows; until: when that stops being true by itself."""

    status: int
    headers: Headers
    body: bytes
    keys: frozenset[str]
    until: dt.datetime | None = None
    failure: str = ""
    # The database did not answer: nothing is wrong with the page.
    is_away: bool = False

    @property
    def location(self) -> str:
        return next((value for name, value in self.headers if name == "location"), "")

    @property
    def may_be_kept(self) -> bool:
        told = {name for name, _value in self.headers}
        control = next((value for name, value in self.headers if name == "cache-control"), "")
        return "no-store" not in control and "private" not in control and "set-cookie" not in told


class _Handler(BaseHandler):
    """Django's own chain without its per-request signals, which would close the caller's connection."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()


@cache
def _handler() -> _Handler:
    got_request_exception.connect(_note_failure, dispatch_uid="press.render")
    return _Handler()


def _note_failure(sender: Any, **_kwargs: Any) -> None:
    if getattr(_failing, "is_pressing", False):
        error = sys.exception()
        _failing.text = "".join(traceback.format_exception(error, limit=-6))[-2000:]
        _failing.is_away = isinstance(error, (OperationalError, InterfaceError))


def origin() -> tuple[str, str]:
    """Scheme and host of the paper: base_url alone, or else the address served (decision 13).

    A process that serves nothing, such as `press verify`, takes the address that the stored pages were pressed with.
    """
    base = urlsplit(
        str(settings.NEWSROOM.base_url)
        or os.environ.get("STANDFIRST_SERVED_AT", "")
        or _last_origin()
        or "http://localhost"
    )
    return base.scheme or "http", base.netloc or "localhost"


def _last_origin() -> str:
    try:
        return (settings.NEWSROOM.press_store / ORIGIN).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def note_origin() -> None:
    """Write down the address the pages are pressed with from now on."""
    settings.NEWSROOM.press_store.mkdir(parents=True, exist_ok=True)
    (settings.NEWSROOM.press_store / ORIGIN).write_text("://".join(origin()) + "\n", encoding="utf-8")


def render(path: str, query: str = "") -> Rendered:
    """The page at an address. Never raises for what a view does: that is a Rendered of status 500 with its cause."""
    scheme, host = origin()
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    handler = _handler()
    request = WSGIRequest(environ)
    request.urlconf = settings.PUBLIC_URLCONF
    before = get_urlconf()
    _failing.is_pressing, _failing.text, _failing.is_away = True, "", False
    try:
        # The desk may speak its colleague's time; the paper speaks its own.
        with collecting() as seen, timezone.override(None):
            response = handler.get_response(request)
            body = b"".join(response)
    finally:
        _failing.is_pressing = False
        set_urlconf(before)
    headers = [(name.lower(), value) for name, value in response.items() if name.lower() not in _PASSING]
    headers += [("set-cookie", morsel.OutputString()) for morsel in response.cookies.values()]
    status = response.status_code
    failure = (_failing.text or f"The page answered {status}.") if status >= 500 else ""
    return Rendered(
        status, headers, body, frozenset(seen.keys), seen.until, failure, bool(failure) and _failing.is_away
    )
