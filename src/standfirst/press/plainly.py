"""Answers that need no page: redirects, and one plain sentence where even the error page is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from standfirst.press.memory import Answer, Headers

if TYPE_CHECKING:
    from standfirst.press.serve import OutcomeLike

REDIRECTS = frozenset({301, 302, 303, 307, 308})
RETRY_SECONDS = 30

_SENTENCES = {
    404: "There is no page at this address.\n",
    410: "What stood at this address was withdrawn.\n",
    421: "This address is not served here.\n",
    500: "This page could not be made. Please try again later.\n",
    503: "This page cannot be made at the moment. Please try again shortly.\n",
}
_PLAIN: Headers = [
    ("content-type", "text/plain; charset=utf-8"),
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'"),
]
# Of a page's headers: about its freshness, or about one very body.
_OF_A_GOOD_PAGE = frozenset({"etag", "cache-control", "cdn-cache-control", "last-modified"})
# What no public answer carries, whoever made it, and what the server writes itself.
_NEVER = frozenset({"set-cookie", "content-length", "date", "server", "connection", "transfer-encoding", "etag"})
# As Django writes it into a Location.
_SAFE = "/#%[]=:;$&()+,!?*@'~"


def answer(status: int) -> Answer:
    sentence = _SENTENCES.get(status, _SENTENCES[500])
    return Answer(status, headers_of_error(status, _PLAIN), sentence.encode())


def headers_of_error(status: int, headers: Headers) -> Headers:
    """The headers of a page that says what went wrong: nobody keeps it."""
    told = [(name, value) for name, value in headers if name not in _OF_A_GOOD_PAGE]
    told.append(("cache-control", "no-store" if status >= 500 else "no-cache"))
    if status == 503:
        told.append(("retry-after", str(RETRY_SECONDS)))
    return told


def redirect(status: int, target: str, query: str = "") -> Answer:
    location = quote(f"{target}?{query}" if query else target, safe=_SAFE)
    return Answer(
        status,
        [
            ("location", location),
            ("cache-control", "no-cache"),
            ("content-type", "text/html; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
        ],
    )


def redirect_as_told(outcome: OutcomeLike, path: str = "", query: str = "") -> Answer:
    """The redirect that a page answered with. What was asked is kept where only the slash was missing."""
    location = next((value for name, value in outcome.headers if name == "location"), "/")
    return redirect(outcome.status, location, query if location == path + "/" else "")


def headers_as_told(outcome: OutcomeLike) -> Headers:
    return [(name, value) for name, value in outcome.headers if name not in _NEVER]
