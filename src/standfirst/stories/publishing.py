"""Publishing is one transaction (decision 8): Wagtail's own publish is several steps that can fail half-way."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from standfirst.stories.errors import NotReady

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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The gate refused on a way that has no form to say it on (bulk, workflow): undo, and say why."""
        if not request.path_info.startswith(WRITING_PREFIXES) or request.method in SAFE_METHODS:
            return None
        if isinstance(exception, NotReady):
            reasons = [str(problem.message) for problem in exception.problems]
        elif isinstance(exception, ValidationError):
            reasons = exception.messages
        else:
            return None
        transaction.set_rollback(True)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"success": False, "error_message": " ".join(reasons)}, status=400)
        for reason in dict.fromkeys(reasons):
            messages.error(request, reason)
        back = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
        return redirect(back if is_ours else "wagtailadmin_home")
