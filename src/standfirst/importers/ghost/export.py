"""A Ghost export as a source of texts: opened, read once to its end, then given entry by entry as often as asked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.translation import gettext as _

from standfirst.importers.errors import UNREADABLE, FileUnreadable, ImportRefused
from standfirst.importers.ghost.members import member_of_row, members_of_csv
from standfirst.importers.ghost.packed import PackedExport
from standfirst.importers.ghost.posts import Posts
from standfirst.importers.ghost.rows import Row, Rows
from standfirst.importers.ghost.survey import Survey, key_of, survey, words
from standfirst.importers.records import Aside, Incoming, LeftOut, PictureUse
from standfirst.kit.html import text_of
from standfirst.kit.links import split
from standfirst.kit.slugs import slugify_ascii

PERMALINK_NAMES = frozenset(
    {"slug", "id", "uuid", "year", "month", "day", "primary_tag", "primary_author", "author"}
)  # fmt: skip
_READERS_TABLES = frozenset({"members", "subscribers"})
_COMMENT = ("id", "post_id", "parent_id", "member_id", "status", "created_at", "edited_at")
_CODE = ("codeinjection_head", "codeinjection_foot", "ghost_head", "ghost_foot")


class GhostExport:
    """One export file, checked to its end. Raises ImportRefused with a sentence for what cannot be read.

    site: the old site's address, which the export does not say. permalinks: how addresses of posts were made there,
    where it was not `/{slug}/`. members: the list Ghost writes under Members, Export.
    """

    def __init__(
        self, file: Path, *, site: str = "", permalinks: Sequence[str] = (), members: Path | None = None
    ) -> None:
        self.site_url = _checked_site(site)
        self._permalinks = [_checked_permalink(pattern) for pattern in permalinks]
        self._packed = PackedExport(file)
        self._members = members
        self._survey: Survey = survey(Rows(self._packed))
        self.name = f"ghost:{_mark_of(self._survey)}"
        for _member in members_of_csv(members) if members else ():
            pass
        self._notes_ahead = list(self._notes())
        self._read = self._posts()
        self._left_out = list(self._things_left_out())
        self.total = self._survey.posts + len(self._left_out)

    @property
    def notes(self) -> list[str]:
        return [*self._notes_ahead, *self._read.spoken.notes()]

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        self._read = self._posts()
        return self._all(self._read, with_text=True)

    def outline(self) -> Iterator[Incoming | LeftOut | Aside]:
        """The same entries without their words, which take most of the time."""
        return self._all(self._posts(), with_text=False)

    def _all(self, posts: Posts, *, with_text: bool) -> Iterator[Incoming | LeftOut | Aside]:
        met: set[str] = set()
        for row in Rows(self._packed):
            if row.table == "posts":
                key = key_of(row.values)
                if key in met:
                    yield LeftOut(key, "post", _title(row), _("The export holds it twice."))
                    continue
                if key in self._survey.twice:
                    met.add(key)
                yield _read(posts, row, with_text=with_text)
            elif row.table in _READERS_TABLES and self._members is None:
                yield member_of_row(row.values, self._survey)
            elif row.table == "comments":
                yield _comment(row.values)
        if self._members is not None:
            yield from members_of_csv(self._members)
        yield from self._left_out

    def _posts(self) -> Posts:
        languages = [code.lower() for code, _name in settings.LANGUAGES]
        return Posts(self._survey, site_url=self.site_url, permalinks=self._permalinks, languages=languages)

    def _notes(self) -> Iterator[str]:
        if not self.site_url:
            yield _(
                "The export does not say where the old site stood. Name it with --site, and pictures can be downloaded."
            )
        kept = len(self._survey.sections)
        if kept < self._survey.first_tags:
            yield _(
                "%(count)d tags stood first on texts. The %(kept)d largest and those of the menu are sections, the "
                "others tags."
            ) % {"count": self._survey.first_tags, "kept": kept}
        posts = self._posts()
        for tag, count in self._survey.internal_sizes().items():
            if not posts.names_language(tag):
                yield _("The internal tag “%(name)s” was left out, of texts: %(count)d.") % {
                    "name": tag.name,
                    "count": count,
                }
        described = self._survey.described
        if described["tags"] or described["users"]:
            yield _(
                "What was said about tags (%(tags)d) and about authors (%(users)d) was left out: descriptions, "
                "portraits, links."
            ) % {"tags": described["tags"], "users": described["users"]}

    def picture(self, use: PictureUse) -> PictureUse | None:
        """The same picture by its path below content/images, which stays when the site's address changes."""
        path = unquote(split(use.src).path)
        found = re.search(r"(?:^|/)content/images/(.+)$", path)
        return replace(use, file=found[1]) if found else None

    def _things_left_out(self) -> Iterator[LeftOut]:
        found = self._survey
        for table, count in sorted(found.others.items()):
            if table in _READERS_TABLES or table == "comments":
                continue
            why = _("There is no place for it here (table “%(table)s”, rows: %(count)d).")
            yield LeftOut(table, "table", table, why % {"count": count, "table": table})
        for name in _CODE:
            if found.settings.get(name, "").strip():
                why = _("Code set into the head or foot of every page is not taken over.")
                yield LeftOut(name, "setting", name, why)
        if self._packed.has_pictures:
            why = _("The archive holds pictures too. Unpack it and name its folder with --media.")
            yield LeftOut("content/images", "folder", "content/images", why)


class MembersAlone:
    """A list of members without an export."""

    name = "ghost:members"
    site_url = ""
    total = 0

    def __init__(self, file: Path) -> None:
        self._file = file
        for _member in members_of_csv(file):
            pass

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        yield from members_of_csv(self._file)


def open_source(
    files: Sequence[Path], *, site: str = "", permalinks: Sequence[str] = (), members: Path | None = None
) -> GhostExport | MembersAlone:
    """The export named, the list of members beside it, or that list alone.

    Raises ImportRefused when one of them cannot be read to its end.
    """
    lists = [file for file in files if file.suffix.lower() == ".csv"]
    exports = [file for file in files if file not in lists]
    lists += [members] if members else []
    if len(exports) > 1 or len(lists) > 1 or not files:
        raise FileUnreadable(_("Ghost exports one JSON file, and one list of members. Name each once."))
    if not exports:
        return MembersAlone(lists[0])
    return GhostExport(exports[0], site=site, permalinks=permalinks, members=lists[0] if lists else None)


def _read(posts: Posts, row: Row, *, with_text: bool) -> Incoming | LeftOut:
    try:
        return posts.incoming(row, with_text=with_text)
    except UNREADABLE as error:
        why = _("It could not be taken in (line %(line)d: %(error)s).") % {"line": row.line, "error": error}
        return LeftOut(key_of(row.values), "post", _title(row), why)


def _title(row: Row) -> str:
    return html.escape(words(row.values.get("title")), quote=False)


def _comment(values: dict[str, Any]) -> Aside:
    record = {name: values[name] for name in _COMMENT if values.get(name)}
    return Aside("comments", {**record, "text": text_of(words(values.get("html")))})


def _mark_of(found: Survey) -> str:
    """What tells this site from any other and never changes there; its title only where nothing else is."""
    for name in ("site_uuid", "public_hash", "db_hash", "dbHash"):
        mark = re.sub(r"[^A-Za-z0-9]", "", found.settings.get(name, ""))[:16]
        if mark:
            return mark.lower()
    return slugify_ascii(found.settings.get("title", ""), max_length=60, fallback="site")


def _checked_site(site: str) -> str:
    site = site.strip().rstrip("/")
    if not site:
        return ""
    parts = split(site)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"""[\s"'<>\\]""", site):
        raise ImportRefused(
            _("--site is “%(given)s”, which is no address of a site. Write it in full, such as https://news.example.")
            % {"given": site}
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _checked_permalink(pattern: str) -> str:
    names = set(re.findall(r"\{([^{}]*)\}", pattern))
    path = "/" + pattern.strip().strip("/") + "/"
    if not names & {"slug", "id", "uuid"} or names - PERMALINK_NAMES or re.search(r"[\s?#]", path):
        raise ImportRefused(
            _("--permalinks is “%(given)s”, which makes no addresses. Write it as Ghost's routes.yaml does, such as "
              "/{year}/{month}/{slug}/; known names are %(names)s.")
            % {"given": pattern, "names": ", ".join(sorted(PERMALINK_NAMES))}
        )  # fmt: skip
    return path
