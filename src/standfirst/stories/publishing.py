"""Publishing is one transaction (decision 8): Wagtail's own publish is several steps that can fail half-way."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.models import Page

from standfirst.stories.errors import NotReady
from standfirst.stories.models import WordEdit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The desk's screens that write pages: the editor, bulk actions, workflows, quick story.
WRITING_PREFIXES = ("/desk/pages/", "/desk/bulk/", "/desk/workflows/", "/desk/stories/", "/desk/api/")


# How much of a story's corrections a form that is being opened knows; None: nobody asked before the story was read.
words_seen: ContextVar[int | None] = ContextVar("words_seen", default=None)


def _writes(request: HttpRequest) -> bool:
    return request.method not in SAFE_METHODS and request.path_info.startswith(WRITING_PREFIXES)


class PublishInOneTransaction:
    """Wrap unsafe requests of page screens; an answer of 500 or an exception rolls everything back.

    Not ATOMIC_REQUESTS: with SQLite's IMMEDIATE that would take the write lock on every read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _writes(request):
            token = words_seen.set(None)
            try:
                return self.get_response(request)
            finally:
                words_seen.reset(token)
        # Before it waits for others: stories.once asks whether it was overtaken.
        request.arrived_at = timezone.now()  # type: ignore[attr-defined]
        with transaction.atomic():
            response = self.get_response(request)
            # Django turns a view's exception into a response before it reaches us.
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Two requests that write one page, or new pages into one folder, wait for one another.

        What the second one reads is what the first one left. SQLite has one writer at a time anyway.
        """
        if request.method in SAFE_METHODS and "page_id" in kwargs and request.path_info.startswith(WRITING_PREFIXES):
            words_seen.set(WordEdit.newest_of(kwargs["page_id"]))
        pages = [kwargs[name] for name in ("page_id", "parent_page_id") if name in kwargs]
        if pages and _writes(request) and connection.features.has_select_for_update:
            list(Page.objects.select_for_update().filter(pk__in=pages).order_by("pk").values_list("pk"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The gate refused on a way that has no form to say it on (bulk, workflow): undo, and say why."""
        if not _writes(request):
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
