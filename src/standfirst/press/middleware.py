"""What a colleague has just changed is pressed before her screen returns."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from standfirst.press import queue
from standfirst.press.services import pressing_at_once

log = logging.getLogger("standfirst.press")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class PressBeforeAnswer:
    """Outside of every transaction: what the request committed is there to be pressed.

    The changed story's own page, and the removal of what was withdrawn; everything else is the background process's.
    Whatever fails here is done again there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _SAFE:
            return self.get_response(request)
        with pressing_at_once() as asked:
            response = self.get_response(request)
        if asked.paths or asked.is_urgent:
            try:
                queue.drain()
                for path in dict.fromkeys(asked.paths):
                    queue.press_and_tell(path)
            except Exception:
                log.exception("What was published could not be pressed at once; the background process does it.")
        return response
