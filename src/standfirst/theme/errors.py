"""Pages for what went wrong, inside the frame where it can still be drawn."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from standfirst.fronts.selectors import masthead
from standfirst.people.middleware import desk_language
from standfirst.theme.context import at_desk
from standfirst.theme.templatetags.theme_tags import colours_url


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if at_desk(request):
        return _plain(request, "missing", 404)
    return render(request, "404.html", status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, "refused", 403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, "unreadable", 400)


def unproved(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the desk's token (`CSRF_FAILURE_VIEW`); the public pages ask for none."""
    return _plain(request, "unproved", 403)


def _plain(request: HttpRequest, page: str, status: int) -> HttpResponse:
    """A page without masthead and menu, for colleagues, strangers at the door and requests that came to nothing."""
    with translation.override(desk_language(request)):
        return render(request, f"people/desk/{page}.html", status=status)


_SAID = {404: "404.html", 410: "stories/withdrawn.html", 503: "503.html"}


def addresses_ahead() -> Iterator[str]:
    """Error pages and the newsroom's colours, for the press."""
    for code, _name in settings.LANGUAGES:
        between = "" if code == settings.LANGUAGE_CODE else f"{code}/"
        yield from (f"/-/{between}{status}/" for status in _SAID)
    colours = colours_url(masthead())
    if colours:
        yield colours


def said(request: HttpRequest, status: int, language: str = "") -> HttpResponse:
    """An error page for the press, which keeps it for when nothing else can be asked. See /-/ in press/ROOM.md."""
    language = language or settings.LANGUAGE_CODE
    if status not in _SAID or language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        request.LANGUAGE_CODE = language
        # Its status is told by whoever sends it.
        return render(request, _SAID[status])


def broken(request: HttpRequest) -> HttpResponse:
    # No context processors: whatever broke may break them too.
    if not _is_away(sys.exception()):
        return HttpResponseServerError(loader.render_to_string("500.html"))
    answer = HttpResponse(loader.render_to_string("away.html", {"at_desk": at_desk(request)}), status=503)
    answer["Retry-After"] = "60"
    answer["Cache-Control"] = "no-store"
    return answer


def _is_away(error: BaseException | None) -> bool:
    """Whether the database does not answer, or nothing can be written: nobody's fault in the code, and it passes."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return isinstance(error, OperationalError | InterfaceError)
