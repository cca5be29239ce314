"""Links between the texts of an archive, made links to pages of ours, so that they follow whatever moves here.

A text may link to one that comes later in the file. Its page is given its number before it exists: the number is
taken from the database's own sequence and remembered as awaited, and the page is written under it when its turn comes.
So a text is written once, with its links, and its first public version needs no second.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from standfirst.importers.arrivals import Coming
from standfirst.importers.memory import Memory
from standfirst.importers.models import ImportedItem
from standfirst.importers.names import Names
from standfirst.importers.outline import HELD, PUBLIC, Outline, Whose
from standfirst.importers.records import OldAuthor, OldList
from standfirst.kit import oldpaths
from standfirst.kit.links import split

AWAITED = "awaited"
_IN_LANGUAGE = f"?{oldpaths.LANGUAGE}="
_OWN = re.compile(r'<a href="(/[^"]*)">')


class Links:
    """Rewrites the links of one batch after another."""

    def __init__(self, outline: Outline, memory: Memory, names: Names) -> None:
        self._outline = outline
        self._memory = memory
        self._names = names

    def settle(self, comings: Sequence[Coming]) -> None:
        """Make the links in these texts' bodies lead to our pages and lists; what leads nowhere is noted with them."""
        found: dict[str, list[oldpaths.Shorter]] = {}
        for coming in comings:
            for address in _own_links(coming.arrival.body):
                if address not in found:
                    path, query = _apart(address)
                    key = oldpaths.plain_with_query(path, query)
                    bare, mark, _language = key.partition(_IN_LANGUAGE)
                    found[address] = [oldpaths.Shorter(key)] if "?" in key else []
                    if mark or "?" not in key:
                        found[address] += oldpaths.shorter(bare)
        if not found:
            return
        wanted = [form.path for forms in found.values() for form in forms]
        texts, lists = self._outline.texts_at(wanted), self._outline.lists_at(wanted)
        pages = self._pages([whose for whose in texts.values() if whose.state == PUBLIC])
        before = self._here_before([a for a, forms in found.items() if not any(f.path in texts for f in forms)])
        for coming in comings:
            self._rewrite(coming, found, texts, lists, pages, before)

    def awaited(self, comings: Iterable[Coming]) -> dict[tuple[str, str], ImportedItem]:
        """The numbers that were given out for these texts before they came: (kind, id there) → the note of it."""
        keys = {f"{coming.item.kind}:{coming.item.foreign_id}"[:200]: coming for coming in comings}
        rows = self._memory.get_many((AWAITED,), keys)
        return {(keys[row.foreign_id].item.kind, keys[row.foreign_id].item.foreign_id): row for row in rows.values()}

    def _rewrite(
        self,
        coming: Coming,
        found: dict[str, list[oldpaths.Shorter]],
        texts: dict[str, Whose],
        lists: dict[str, tuple[str, OldList | OldAuthor]],
        pages: dict[tuple[str, str], int],
        before: dict[str, int],
    ) -> None:
        def mend(match: re.Match[str]) -> str:
            address = html.unescape(match[1])
            fragment = split(address).fragment
            for form in found[address]:
                whose, listed = texts.get(form.path), lists.get(form.path)
                if whose is not None:
                    number = pages.get((whose.kind, whose.foreign_id))
                    if number is not None:
                        return _to_page(number, fragment)
                    self._leads_nowhere(coming, address, whose)
                    return match[0]
                if listed is not None:
                    with override(coming.arrival.language):
                        target = self._names.address(*listed) + ("feed/rss" if form.is_feed else "")
                    return f'<a href="{html.escape(target + (f"#{fragment}" if fragment else ""))}">'
            if address in before:
                return _to_page(before[address], fragment)
            if _is_told(found[address][0].path.partition(_IN_LANGUAGE)[0], address):
                coming.changes.append(_("Its link to %(address)s leads nowhere.") % {"address": address})
            return match[0]

        for block in coming.arrival.body:
            if block["type"] == "text":
                block["value"] = _OWN.sub(mend, block["value"])

    def _leads_nowhere(self, coming: Coming, address: str, whose: Whose) -> None:
        if whose.state == HELD:
            sentence = _("Its link to %(address)s leads nowhere yet: that text is a draft.")
        else:
            sentence = _("Its link to %(address)s leads nowhere: that text is not here.")
        coming.changes.append(sentence % {"address": address})

    def _pages(self, wanted: Sequence[Whose]) -> dict[tuple[str, str], int]:
        """The number of each text's page: the one it has, or one kept for it."""
        keys = list(dict.fromkeys((whose.kind, whose.foreign_id) for whose in wanted))
        ids = [foreign_id for _kind, foreign_id in keys]
        rows = self._memory.get_many(("post", "page"), ids)
        here = {key: row.object_id for key in keys if (row := rows.get((key[0], key[1][:200]))) and row.object_id}
        alive = set(Page.objects.filter(pk__in=here.values()).values_list("pk", flat=True))
        numbers: dict[tuple[str, str], int] = {key: pk for key, pk in here.items() if pk in alive}
        unknown = [key for key in keys if key not in here]
        if unknown:
            names = {f"{kind}:{foreign_id}"[:200]: (kind, foreign_id) for kind, foreign_id in unknown}
            for row in self._memory.get_many((AWAITED,), names).values():
                numbers[names[row.foreign_id]] = int(row.object_id or 0)
            new = [name for name, key in names.items() if key not in numbers]
            for name, number in zip(new, keep_numbers(len(new)), strict=True):
                numbers[names[name]] = number
                self._memory.remember_number(AWAITED, name, number)
        return numbers

    def _here_before(self, addresses: Sequence[str]) -> dict[str, int]:
        """Pages that came from here once and are no longer in this file, by the old addresses that lead to them."""
        wanted: dict[str, str] = {}
        for address in addresses:
            path, query = _apart(address)
            wanted.setdefault(Redirect.normalise_path(f"{path}?{query}" if query else path)[:255], address)
        rows = Redirect.objects.filter(old_path__in=list(wanted), redirect_page__isnull=False)
        return {wanted[old]: pk for old, pk in rows.values_list("old_path", "redirect_page_id")}


def keep_numbers(count: int) -> list[int]:
    """Numbers for pages that nobody else will be given."""
    if not count:
        return []
    table = Page._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = int(cursor.fetchone()[0])
            return list(range(last - count + 1, last + 1))
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(row[0]) for row in cursor.fetchall()]


def _own_links(body: Iterable[dict[str, Any]]) -> list[str]:
    """Addresses of the old site itself, as HtmlReader leaves them: paths from the root."""
    return [html.unescape(found) for block in body if block["type"] == "text" for found in _OWN.findall(block["value"])]


def _apart(address: str) -> tuple[str, str]:
    parts = split(address)
    return parts.path or "/", parts.query


def _is_told(path: str, address: str) -> bool:
    """Whether to say that a link leads nowhere: a rule leads dates on, and of files it is said where they are found."""
    is_own_feed = path.rstrip("/") in ("/feed", "/feed/rss", "/feed/atom", "/feed/rss2")
    if path == "/" or is_own_feed:
        return False
    return oldpaths.dated(path) is None and not oldpaths.is_file(split(address).path)


def _to_page(number: int, fragment: str) -> str:
    place = f' href="#{html.escape(fragment)}"' if fragment else ""
    return f'<a linktype="page" id="{number}"{place}>'
