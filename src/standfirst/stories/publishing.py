"""Publishing is one transaction (decision 8): Wagtail's own publish is several steps that can fail half-way."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The desk's screens that write pages: the editor, bulk actions, workflows, quick story.
WRITING_PREFIXES = ("/desk/pages/", "/desk/bulk/", "/desk/workflows/", "/desk/stories/", "/desk/api/")


class PublishInOneTransaction:
    """Wrap unsafe requests of page screens; an answer of 500 or an exception rolls everything back.

    Not ATOMIC_REQUESTS: with SQLite's IMMEDIATE that would take the write lock on every read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or not request.path_info.startswith(WRITING_PREFIXES):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            # Django turns a view's exception into a response before it reaches us.
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
