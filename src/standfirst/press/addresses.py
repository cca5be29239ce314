"""What can be told from an address alone: whether it may be stored, whether it is live, what kind of page it is.

Imports no Django, so that the outermost layer can decide before anything else is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Pages the readers never ask for by name: error pages and maps, pressed like any other, served only by us.
INTERNAL = "/-/"
# Before the address of a withdrawn page: what readers are told of it in particular, where there is something to tell.
INTERNAL_GONE = f"{INTERNAL}gone"

# Our own addresses have no other letters. Whatever looks different is nobody's page and never becomes a file name.
_STORABLE = re.compile(r"/(?:(?:[a-z0-9][a-z0-9._-]{0,119}|\.well-known|-)/){0,10}(?:[a-z0-9][a-z0-9._-]{0,119})?")
LONGEST = 400
#: Before a page's address, with a letter's number and our mark: a link that is counted (mailroom/links.py).
COUNTED = "/newsletters/to/"
#: The same with the page it leads to, for a web server that stands before an app that is away. Own pages alone.
COUNTED_LINK = COUNTED + r"[0-9]{1,12}[.][A-Za-z0-9_-]{16}(/(?:[a-z0-9][a-z0-9._-]*/?)*)"

# Live: they reach Django and are never stored (contract.md, "Addresses"). The same below every language.
_LIVE_FIRST = frozenset(
    {"desk", "account", "search", "suggestions", "contact", "newsletters", "hooks", "api", "u", "healthz", "readyz"}
)
_LIVE_FIRST_ONLY = frozenset({"healthz", "readyz", "metrics", "oembed"})
_LIVE = re.compile(
    r"/\d{4}/\d\d/\d\d/[^/]+/suggest(?:/.*)?"
    r"|/\d{4}/\d\d/\d\d/[^/]+/reuse/request(?:/.*)?"
    r"|/reuse/verify/.*"
    r"|/documents/.*"
    # The page itself and its text edition are pressed; what is below is one reader's. Written out, because Caddy's
    # expressions know no looking ahead.
    r"|/support/(?:join|mine|receipts|sandbox)/.*",
    re.DOTALL,
)

# Kind → what its addresses look like. Each kind has one fixed set of headers (decision 12); the first that fits.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("internal-map", re.compile(r"/-/.*\.map")),
    ("colours", re.compile(r"/(?:.*/)?colours-[0-9a-f]{6}-[0-9a-f]{6}\.css")),
    ("feed-atom", re.compile(r"/(?:.*/)?feed(?:/|\.)atom")),
    ("feed-rss", re.compile(r"/(?:.*/)?feed(?:/|\.)rss")),
    ("feed-json", re.compile(r"/(?:.*/)?feed(?:/|\.)json")),
    ("xml", re.compile(r"/.*\.xml")),
    ("json", re.compile(r"/.*\.json")),
    ("text", re.compile(r"/.*\.txt")),
    ("csv", re.compile(r"/.*\.csv")),
    ("page", re.compile(r"/(?:.*/)?")),
)
KINDS = tuple(name for name, _pattern in _KINDS)


def is_storable(path: str) -> bool:
    """Whether a page at this address may be kept as a file; everything else is answered, but never kept."""
    return is_plausible(path) and kind_of(path) is not None


def is_plausible(path: str) -> bool:
    """Whether an address looks like one of ours at all, of a kind that is stored or not."""
    return (
        len(path) <= LONGEST
        and _STORABLE.fullmatch(path) is not None
        and not path.endswith((".gz", ".br", "/index.html"))
    )


def kind_of(path: str) -> str | None:
    """The kind of page at an address, which fixes its headers; None for an address of no kind."""
    for name, pattern in _KINDS:
        if pattern.fullmatch(path):
            return name
    return None


def patterns() -> list[tuple[str, str]]:
    """Each kind of page and what its addresses look like, the first that fits decides."""
    return [(name, pattern.pattern) for name, pattern in _KINDS]


def live_pattern(languages: Iterable[str]) -> str:
    """What `Live` tells, as one regular expression over the whole address, for a web server's configuration."""
    codes = "|".join(list(languages)[1:])
    first = "|".join(sorted(_LIVE_FIRST))
    alone = "|".join(sorted(_LIVE_FIRST_ONLY))
    return f"{f'(?:/(?:{codes}))?' if codes else ''}(?:/(?:{first})/.*|/(?:{alone})|{_LIVE.pattern})"


class Live:
    """Tells the addresses that must reach Django every time."""

    def __init__(self, languages: Iterable[str]) -> None:
        # The first language has no prefix.
        self._prefixes = tuple(f"/{code}/" for code in list(languages)[1:])

    def __call__(self, path: str) -> bool:
        for prefix in self._prefixes:
            if path.startswith(prefix):
                path = path[len(prefix) - 1 :]
                break
        first, slash, _rest = path[1:].partition("/")
        if first in _LIVE_FIRST_ONLY and not slash:
            return True
        return (first in _LIVE_FIRST and bool(slash)) or _LIVE.fullmatch(path) is not None


def text_of(path: str) -> str | None:
    """Where the text edition of a page lies, or None for what has none (and for text editions themselves)."""
    if not path.endswith("/") or path.endswith("/text/") or path.startswith(INTERNAL):
        return None
    return f"{path}text/"
