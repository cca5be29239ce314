"""Where old addresses lead: two maps on disk that our layer and nginx both read (decision 12).

A line is `"/old/address" "/new/address/";`. The key is the address as Wagtail's redirects keep it: no slash at the
end, parts of the query sorted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from standfirst.kit import oldpaths

PERMANENT = "/-/moved.map"
TEMPORARY = "/-/moved-temporarily.map"

# What old systems name in a query of the front page, the most exact first; whatever else occurs comes after.
# `feed` stands for the front's own feed.
QUERY_NAMES = (*oldpaths.QUERY_NAMES, "feed", oldpaths.LANGUAGE)
# Both are the front page to WordPress.
FRONT = ("/", "/index.php")

_LINE = re.compile(r'^"((?:[^"\\]|\\.)*)"\s+"((?:[^"\\]|\\.)*)";$', re.MULTILINE)
_LONGEST_QUERY = 2000
_STORY = re.compile(r"/(?:[a-z]{2,3}(?:-[a-z0-9]+)*/)?\d{4}/\d\d/\d\d/[^/]+/")
# Wagtail keeps letters of other scripts as they are, and what is no letter of ours percent-encoded.
_SAFE = "/!*'();:@&=+$,~"
_ASCII_TO_QUOTE = re.compile(r"[\x00-\x20\x7f\"%<>?#\[\]\\^`{|}]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"\\<>^`{|}]")


@dataclass(frozen=True)
class Moved:
    """Both maps. names: for each path, the sets of parameter names that lead somewhere, the most exact first."""

    targets: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @property
    def paths_with_query(self) -> set[str]:
        """Addresses whose query matters, as they may be asked for."""
        known = {form for path in self.names for form in (path, f"{path}/")} - {"//"}
        return known | set(FRONT) if known & set(FRONT) else known

    def find(self, path: str) -> tuple[int, str] | None:
        """Where a path without a query leads: (301 or 302, target)."""
        bare = _bare(path)
        quoted = _ASCII_TO_QUOTE.sub(lambda found: quote(found[0]), bare)
        # Last, as an old system would have understood it: in capitals, with slashes doubled, encoded twice.
        for form in (bare, quoted, quote(bare, safe=_SAFE), oldpaths.plain(path)):
            found = self.targets.get(form)
            if found is not None:
                return found
        return None

    def find_by_ending(self, path: str, is_page: Callable[[str], bool]) -> tuple[int, str] | None:
        """Feeds, further pages and other forms of an old address lead where it leads (`kit.oldpaths`).

        is_page: whether a page of ours lies at an address; what stands below it is not the old one's. The feed of an
        old list is for Django to find.
        """
        for form in oldpaths.shorter(oldpaths.plain(path))[1:]:
            found = self.targets.get(form.path)
            if found is not None:
                is_known = not is_page(f"{form.path}/") and (not form.is_feed or _STORY.fullmatch(found[1]))
                return found if is_known else None
        return None

    def find_query(self, path: str, query: str) -> tuple[int, str] | None:
        """Where a path leads with the parameters that matter there; campaign marks and the like do not."""
        bare = _bare(path)
        places = FRONT if bare in FRONT else (bare,)
        sought = [(place, names) for place in places for names in self.names.get(place, ())]
        if not sought:
            return None
        asked = dict(parse_qsl(query[:_LONGEST_QUERY], keep_blank_values=True))
        for place, names in sought:
            if all(name in asked for name in names):
                found = self.targets.get(f"{place}?{'&'.join(sorted(f'{name}={asked[name]}' for name in names))}")
                if found is not None:
                    return found
        return None


def read(permanent: str, temporary: str) -> Moved:
    """Understand the two maps; lines that are none are passed over, and so are targets that could break a header."""
    targets: dict[str, tuple[int, str]] = {}
    names: dict[str, set[tuple[str, ...]]] = {}
    for status, text in ((302, temporary), (301, permanent)):
        for key, target in _LINE.findall(text):
            key, target = _plain(key), _plain(target)
            if _UNSAFE.search(target) or not target.startswith(("/", "https://", "http://")):
                continue
            targets[key] = (status, target)
            path, mark, query = key.partition("?")
            if mark:
                names.setdefault(path, set()).add(tuple(name for name, _value in parse_qsl(query, True)))
    return Moved(targets, {path: tuple(sorted(sets, key=_exactness)) for path, sets in names.items()})


def _bare(path: str) -> str:
    return path[:-1] if path.endswith("/") and len(path) > 1 else path


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _exactness(names: tuple[str, ...]) -> tuple[int, list[int], tuple[str, ...]]:
    rank = [QUERY_NAMES.index(name) if name in QUERY_NAMES else len(QUERY_NAMES) for name in names]
    return -len(names), rank, names
