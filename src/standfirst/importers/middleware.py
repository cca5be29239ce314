"""Old addresses: each leads in one hop to where its page is now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect

from standfirst.importers.oldaddresses import FRONTS, Lead, path_leads, query_leads


class OldAddresses:
    """Leads on what nothing answers, and a query on the front page such as /?p=123, which the front would answer.

    It does what Wagtail's own redirects do, and what goes beyond them: chains in one hop, and the rules for addresses
    that are endless.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        is_reading = request.method in ("GET", "HEAD")
        if query and request.path_info in FRONTS and is_reading:
            led = query_leads(request.path_info, query)
            if led is not None:
                return _redirect(led)
        response = self.get_response(request)
        if response.status_code == 404 and is_reading and not request.path_info.startswith(("/desk/", "/-/")):
            led = path_leads(request.path_info, query)
            if led is not None:
                return _redirect(led)
        return response


def _redirect(led: Lead) -> HttpResponse:
    return HttpResponsePermanentRedirect(led.target) if led.is_permanent else HttpResponseRedirect(led.target)
