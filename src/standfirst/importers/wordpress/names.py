"""Authors, categories and tags of the old site as bylines, sections and tags here: found, or made once."""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from standfirst.importers.memory import Memory
from standfirst.importers.report import Report
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item, Term
from standfirst.importers.wordpress.survey import Survey, is_unsorted, section_of
from standfirst.kit.html import text_of
from standfirst.kit.links import split
from standfirst.kit.slugs import is_reserved, slugify_ascii
from standfirst.people.models import Byline
from standfirst.people.services import byline_add
from standfirst.stories.models import Section, Tag
from standfirst.stories.services import old_addresses_lead, section_add, tags_set

# A menu holds this many sections; the others are there, but not in it.
MENU_LENGTH = 8


class Names:
    """Makes what is missing, remembers what it made, and leads the old list addresses to the new ones."""

    def __init__(self, reader: WxrReader, survey: Survey, memory: Memory, report: Report) -> None:
        self._reader = reader
        self._survey = survey
        self._memory = memory
        self._report = report
        self._sections: dict[str, Section] = {}
        self._bylines: dict[str, Byline] = {}
        self._tags: dict[str, Tag] = {}
        self._known_sections = {s.title.casefold(): s for s in Section.objects.all()}
        self._known_sections |= {s.slug: s for s in Section.objects.all()}
        self._known_bylines = {b.name.casefold(): b for b in Byline.objects.all()}
        self._menu = {slug for slug, _count in survey.sections.most_common(MENU_LENGTH)}

    def section(self, item: Item) -> Section:
        term = section_of(item, self._reader.terms) or Term("category", "uncategorized", "Uncategorized")
        if term.slug not in self._sections:
            self._sections[term.slug] = self._settle_section(term)
        return self._sections[term.slug]

    def tags(self, item: Item) -> list[Tag]:
        """The post's tags, and the categories that are not its section."""
        section = section_of(item, self._reader.terms)
        terms = [
            term
            for term in item.terms
            if term.domain == "post_tag" or (term.domain == "category" and term != section and not is_unsorted(term))
        ]
        found: list[Tag] = []
        for term in terms:
            key = f"{term.domain}:{term.slug}"
            if key not in self._tags:
                self._tags[key] = self._settle_tag(term)
            if self._tags[key] not in found:
                found.append(self._tags[key])
        return found

    def bylines(self, item: Item) -> list[Byline]:
        """Who signed: the co-authors where a plugin keeps them, else the one author."""
        guests = [term for term in item.terms if term.domain == "author"]
        keys = [term.slug.removeprefix("cap-") for term in guests] or ([item.author] if item.author else [])
        names = {term.slug.removeprefix("cap-"): term.name for term in guests}
        found: list[Byline] = []
        for key in keys:
            if key not in self._bylines:
                self._bylines[key] = self._settle_byline(key, names.get(key, ""))
            if self._bylines[key] not in found:
                found.append(self._bylines[key])
        return found

    def _settle_section(self, term: Term) -> Section:
        unsorted = is_unsorted(term)
        title = _("News") if unsorted else (text_of(term.name) or unquote(term.slug))[:100]
        wanted = slugify_ascii("news" if unsorted else unquote(term.slug), max_length=80, fallback="section")
        before = self._memory.get("category", term.slug)
        section = before.object if before and isinstance(before.object, Section) else None
        section = section or self._known_sections.get(title.casefold()) or self._known_sections.get(wanted)
        if section is None:
            if is_reserved(wanted, languages=[code for code, _name in settings.LANGUAGES]):
                self._report.note(
                    _("The category “%(name)s” has the address of one of the paper's own pages; it is now “%(slug)s”.")
                    % {"name": title, "slug": f"{wanted}-section"}
                )
                wanted = f"{wanted}-section"
            section = section_add(title=title, slug=wanted, in_menu=term.slug in self._menu)
            self._known_sections[title.casefold()] = self._known_sections[section.slug] = section
            self._report.count("sections")
        if unsorted:
            self._report.note(
                _("Posts without a category of their own stand in the section “%(title)s”.") % {"title": section.title}
            )
        if before is None:
            self._memory.remember("category", term.slug, section)
        self._lead_lists("category", term, section.get_absolute_url())
        return section

    def _settle_tag(self, term: Term) -> Tag:
        tag = tags_set([text_of(term.name)]) or tags_set([unquote(term.slug)])
        before = self._memory.get(term.domain + "-tag", term.slug)
        if before is None:
            self._memory.remember(term.domain + "-tag", term.slug, tag[0])
            self._report.count("tags")
        self._lead_lists("tag" if term.domain == "post_tag" else "category", term, tag[0].get_absolute_url())
        return tag[0]

    def _settle_byline(self, key: str, given: str) -> Byline:
        author = self._reader.authors.get(key) or self._reader.authors.get(given)
        name = (author.name if author else "") or self._survey.guests.get(key) or given or unquote(key)
        name = (text_of(name) or _("The desk"))[:150]
        before = self._memory.get("author", key)
        byline = before.object if before and isinstance(before.object, Byline) else None
        byline = byline or self._known_bylines.get(name.casefold())
        if byline is None:
            byline = byline_add(name=name)
            self._known_bylines[name.casefold()] = byline
            self._report.count("bylines")
        if before is None:
            self._memory.remember("author", key, byline)
        # Every story asks for its bylines' names; once is enough.
        prefetch_related_objects([byline], "texts")
        # WordPress makes an author's address from the name of the account, as it would make a post's.
        nicename = key.lower().replace("@", "").replace(".", "-").replace(" ", "-")
        target = byline.get_absolute_url()
        leads = [(f"/author/{quote(nicename)}/", target), (f"/author/{quote(nicename)}/feed/", f"{target}feed/rss")]
        if author and author.foreign_id:
            leads.append((f"/?author={author.foreign_id}", target))
        self._lead(leads)
        return byline

    def _lead_lists(self, base: str, term: Term, target: str) -> None:
        """The old list's address, with its parents, its feed and its query."""
        path, domain = term.slug, "post_tag" if base == "tag" else "category"
        known = self._reader.terms.get((domain, term.slug))
        seen = {term.slug}
        while known and known.parent and known.parent not in seen and domain == "category":
            seen.add(known.parent)
            path = f"{known.parent}/{path}"
            known = self._reader.terms.get((domain, known.parent))
        leads = []
        for address in dict.fromkeys((path, term.slug)):
            leads += [(f"/{base}/{address}/", target), (f"/{base}/{address}/feed/", f"{target}feed/rss")]
        own = self._reader.terms.get((domain, term.slug))
        if base == "tag":
            leads.append((f"/?tag={term.slug}", target))
        elif own and own.foreign_id:
            leads.append((f"/?cat={own.foreign_id}", target))
        self._lead(leads)

    def _lead(self, leads: list[tuple[str, str]]) -> None:
        base = split(self._reader.site.url).path.rstrip("/")
        old_addresses_lead(leads=[(base + old, target) for old, target in leads])
