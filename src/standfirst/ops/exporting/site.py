"""The paper as plain files: every page that readers can reach, and what those pages load, for any web server.

Pages come out of the press's store where they lie ready, and are rendered where they do not. Then every link of every
page is followed, so nothing that one can click to is missing but what only a running newsroom can answer.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Q
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone

from standfirst.kit.exports import Out
from standfirst.press.addresses import INTERNAL, Live, is_storable
from standfirst.press.catalogue import all_ahead
from standfirst.press.models import PageKey, PressedPage, Refresh, key_number
from standfirst.press.pressing import the_store
from standfirst.press.render import origin, render
from standfirst.press.shown import FRAME

FOLDER = "site/"
_LINK = re.compile(rb'(?:href|src|content|action)="(/[^"#?]*)|<loc>(/[^<#?]*)')
_ASSET = re.compile(rb"/[sm]/[^\s\"'<>(),\\&#?]+")
_CSS = re.compile(rb"url\(\s*[\"']?([^\"')]+)")
_SCRIPT = re.compile(rb"[\"'](\.{1,2}/[^\"']+\.m?js)[\"']")
_TEXTUAL = (".css", ".js", ".mjs")


class Site:
    def __init__(self, out: Out, *, step: Callable[[], None], more: Callable[[int], None]) -> None:
        self._out = out
        self._step = step
        self._more = more
        self._is_live = Live(settings.NEWSROOM.languages)
        self._origin = "://".join(origin()).encode()
        self._assets: set[str] = set()
        self._fresh = _fresh()

    def write(self) -> None:
        before = get_urlconf()
        set_urlconf(settings.PUBLIC_URLCONF)
        try:
            wanted = deque(sorted(path for path in all_ahead() | self._fresh if self._is_page(path)))
            seen = set(wanted)
            self._more(len(wanted))
            while wanted:
                path = wanted.popleft()
                body = self._body(path)
                self._step()
                if body is None:
                    continue
                self._out.data(FOLDER + file_of(path), body)
                self._out.count("pages")
                found = sorted(self._links(body) - seen)
                seen.update(found)
                wanted.extend(found)
                self._more(len(found))
            self._not_found()
            self._write_assets()
        finally:
            set_urlconf(before)

    def _is_page(self, path: str) -> bool:
        return is_storable(path) and not path.startswith(INTERNAL) and not self._is_live(path)

    def _body(self, path: str) -> bytes | None:
        if path in self._fresh:
            stored = the_store().read(path)
            if stored is not None:
                return stored
        rendered = render(path)
        if rendered.status >= 500:
            self._out.missing(f"{FOLDER}{file_of(path)}: the page could not be made.")
        return rendered.body if rendered.status == 200 and rendered.may_be_kept else None

    def _links(self, body: bytes) -> set[str]:
        """Addresses of pages that a page names; what it loads is kept for the end."""
        # Some addresses are told in full: in feeds, in sitemaps, to search engines.
        local = body.replace(self._origin + b"/", b"/")
        for asset in _ASSET.findall(local):
            self._assets.add(unquote(asset.decode("utf-8", "replace")))
        found = set()
        for one, other in _LINK.findall(local):
            path = unescape((one or other).decode("utf-8", "replace"))
            if self._is_page(path) and not path.startswith(("/s/", "/m/")):
                found.add(path)
        return found

    def _not_found(self) -> None:
        """What most web servers show by themselves when there is no such page."""
        rendered = render(f"{INTERNAL}404/")
        if rendered.status in (200, 404) and rendered.body:
            self._links(rendered.body)
            self._out.data(f"{FOLDER}404.html", rendered.body)

    def _write_assets(self) -> None:
        """Each file once, however many pages, style sheets and scripts load it."""
        waiting, seen = sorted(self._assets), set(self._assets)
        while waiting:
            name = waiting.pop(0)
            source = _source(name)
            if source is None:
                self._out.missing(f"{FOLDER}{name[1:]}: a page loads it and it is not there.")
            elif self._out.file(FOLDER + name[1:], source) and name.endswith(_TEXTUAL):
                for found in _loads(name, source):
                    if found not in seen:
                        seen.add(found)
                        waiting.append(found)


def _fresh() -> set[str]:
    """The pages that lie ready as they should be: nothing they show was changed since, not even a moment ago."""
    pages = PressedPage.objects.filter(status=200, wanted_at=None)
    pages = pages.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.now()))
    found = set(pages.values_list("path", flat=True))
    for keys, paths in Refresh.objects.filter(number__isnull=True).values_list("keys", "paths"):
        if FRAME in keys:
            return set()
        tied = PageKey.objects.filter(key__in=[key_number(key) for key in keys]).values("page")
        found -= {*paths, *PressedPage.objects.filter(pk__in=tied).values_list("path", flat=True)}
    return found


def _loads(name: str, source: Path) -> Iterator[str]:
    """What a style sheet or script loads on its own, as addresses."""
    text = source.read_bytes()
    for found in (_CSS if name.endswith(".css") else _SCRIPT).findall(text):
        address = found.decode("utf-8", "replace").partition("#")[0].partition("?")[0]
        if address and not address.startswith(("data:", "http:", "https:", "//")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _source(address: str) -> Path | None:
    """The file behind an address below /s/ or /m/; None for one that leads out or is not there."""
    parts = address.split("/")[2:]
    if not parts or any(not part or part.startswith(".") or "\0" in part for part in parts):
        return None
    root = Path(settings.STATIC_ROOT if address.startswith("/s/") else settings.MEDIA_ROOT)
    file = root.joinpath(*parts)
    if file.is_file() and file.resolve().is_relative_to(root.resolve()):
        return file
    found = finders.find("/".join(parts)) if address.startswith("/s/") else None
    return Path(found) if found else None


def file_of(path: str) -> str:
    return path[1:] + "index.html" if path.endswith("/") else path[1:]
