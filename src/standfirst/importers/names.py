"""Authors, sections and tags of the old site as bylines, sections and tags here: found, or made once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfirst.importers.leads import list_addresses_lead
from standfirst.importers.memory import Memory
from standfirst.importers.models import MoveEntry
from standfirst.importers.outline import Outline
from standfirst.importers.records import OldAuthor, OldList
from standfirst.importers.report import Report
from standfirst.kit.html import extract, text_of
from standfirst.kit.slugs import is_reserved, slugify_ascii
from standfirst.people.models import Byline
from standfirst.people.services import byline_add
from standfirst.stories.models import Section, Tag
from standfirst.stories.services import section_add, tags_set

# A menu holds this many sections; the others are there, but not in it.
MENU_LENGTH = 8
_UNSORTED = OldList(key="", title="", is_unsorted=True)


class Names:
    """Makes what is missing, remembers what it made, and leads the old list addresses to the new ones.

    base: the folder the old site lay in, such as /blog. menu: keys of the sections that belong into the menu.
    """

    def __init__(self, memory: Memory, report: Report, *, base: str = "") -> None:
        self._memory = memory
        self._report = report
        self._base = base
        self.menu: Collection[str] = ()
        self.outline: Outline | None = None
        self.start_again()

    def start_again(self) -> None:
        """Believe nothing but the database."""
        self._sections: dict[str, Section] = {}
        self._bylines: dict[str, Byline] = {}
        self._tags: dict[str, Tag] = {}
        self._known_sections = {s.title.casefold(): s for s in Section.objects.all()}
        self._known_sections |= {s.slug: s for s in Section.objects.all()}
        self._known_bylines = {b.name.casefold(): b for b in Byline.objects.all()}

    def section(self, old: OldList | None) -> Section:
        old = old or _UNSORTED
        if old.key not in self._sections:
            self._sections[old.key] = self._settle_section(old)
        return self._sections[old.key]

    def tags(self, olds: Sequence[OldList]) -> list[Tag]:
        found: list[Tag] = []
        for old in olds:
            if old.key not in self._tags:
                tag = self._settle_tag(old)
                if tag is None:
                    continue
                self._tags[old.key] = tag
            if self._tags[old.key] not in found:
                found.append(self._tags[old.key])
        return found

    def bylines(self, olds: Sequence[OldAuthor]) -> list[Byline]:
        found: list[Byline] = []
        for old in olds:
            if old.key not in self._bylines:
                self._bylines[old.key] = self._settle_byline(old)
            if self._bylines[old.key] not in found:
                found.append(self._bylines[old.key])
        return found

    def address(self, what: str, old: OldList | OldAuthor) -> str:
        """Where an old list is now, in the language that is active. what: section, tag or author."""
        if isinstance(old, OldAuthor):
            return str(self.bylines([old])[0].get_absolute_url())
        if what == "section":
            return str(self.section(old).get_absolute_url())
        tags = self.tags([old])
        return str(tags[0].get_absolute_url()) if tags else "/"

    def _settle_section(self, old: OldList) -> Section:
        title = _("News") if old.is_unsorted else (text_of(old.title) or unquote(old.slug))[:100]
        wanted = "news" if old.is_unsorted else unquote(old.slug) or title
        wanted = slugify_ascii(wanted, max_length=80, fallback="section")
        before = self._memory.get("section", old.key)
        section = before.object if before and isinstance(before.object, Section) else None
        section = section or self._known_sections.get(title.casefold()) or self._known_sections.get(wanted)
        if section is None:
            if is_reserved(wanted, languages=[code for code, _name in settings.LANGUAGES]):
                self._report.note(
                    _("The section “%(name)s” has the address of one of the paper's own pages; it is now “%(slug)s”.")
                    % {"name": title, "slug": f"{wanted}-section"}
                )
                wanted = f"{wanted}-section"
            section = section_add(
                title=title,
                slug=wanted,
                description=extract(text_of(old.description), 300),
                in_menu=old.key in self.menu,
                texts={code: {"title": text_of(name)[:100]} for code, name in old.names},
            )
            self._known_sections[title.casefold()] = self._known_sections[section.slug] = section
            self._report.count("sections")
        if old.is_unsorted:
            self._report.note(
                _("Texts without a section of their own stand in the section “%(title)s”.") % {"title": section.title}
            )
        if before is None:
            self._memory.remember("section", old.key, section)
        self._lead("section", old, title, section.get_absolute_url, is_new=before is None)
        return section

    def _settle_tag(self, old: OldList) -> Tag | None:
        tags = tags_set([text_of(old.title)]) or tags_set([unquote(old.slug)])
        if not tags:
            return None
        is_new = self._memory.get("tag", old.key) is None
        if is_new:
            self._memory.remember("tag", old.key, tags[0])
            self._report.count("tags")
        lists = self.outline.lists_at(self._base + address for address in old.addresses) if self.outline else {}
        if not any(what == "section" for what, _record in lists.values()):
            self._lead("tag", old, tags[0].name, tags[0].get_absolute_url, is_new=is_new)
        return tags[0]

    def _settle_byline(self, old: OldAuthor) -> Byline:
        name = (text_of(old.name) or text_of(unquote(old.key)) or _("The desk"))[:150]
        before = self._memory.get("author", old.key)
        byline = before.object if before and isinstance(before.object, Byline) else None
        byline = byline or self._known_bylines.get(name.casefold())
        if byline is None:
            byline = byline_add(name=name)
            self._known_bylines[name.casefold()] = byline
            self._report.count("bylines")
        if before is None:
            self._memory.remember("author", old.key, byline)
        # Every story asks for its bylines' names; once is enough.
        prefetch_related_objects([byline], "texts")
        self._lead("author", old, name, byline.get_absolute_url, is_new=before is None)
        return byline

    def _lead(self, kind: str, old: OldList | OldAuthor, title: str, where: Callable[[], str], *, is_new: bool) -> None:
        """Lead the old addresses to the list in the language of its texts; a list in several has one for each."""
        usual = self.outline.language_of(kind, old.key) if self.outline else settings.LANGUAGE_CODE
        own = dict(old.languages) if isinstance(old, OldList) else {}
        told: list[dict[str, Any]] = []
        for language, addresses in groupby(old.addresses, lambda address: own.get(address, usual)):
            with override(language):
                target = where()
            told += list_addresses_lead(list(addresses), self._base, target, is_section=kind == "section")
        if is_new and told:
            with override(usual):
                target = where()
            entry = MoveEntry(status=MoveEntry.Status.LIST, kind=kind, foreign_id=old.key, title=title, now=target)
            entry.details = {"addresses": told}
            self._report.add(entry)
            self._report.count("addresses", sum(bool(address["now"]) for address in told))
