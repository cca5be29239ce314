"""Old addresses that are a query on the front page, such as /?p=123: they must not be answered by the front."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from wagtail.contrib.redirects.models import Redirect

# What WordPress names in a query, the most exact first.
QUERY_NAMES = ("p", "page_id", "attachment_id", "cat", "tag", "author")
_PATHS = frozenset({"/", "/index.php"})


class OldQueryAddresses:
    """Leads /?p=123 and its kind to where the imported story is now; everything else goes on untouched.

    Wagtail's redirects come into play only where nothing answers, and the front page always answers. Whatever else
    stands in the query (a campaign's marks) does not matter.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if query and request.path_info in _PATHS and request.method in ("GET", "HEAD"):
            asked = dict(parse_qsl(query[:2000]))
            for name in QUERY_NAMES:
                if asked.get(name) and "\0" not in asked[name]:
                    old = Redirect.normalise_path(f"/?{name}={asked[name]}")[:255]
                    found = Redirect.objects.filter(old_path=old).first()
                    if found is not None and found.link:
                        kind = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
                        return kind(found.link)
        return self.get_response(request)
