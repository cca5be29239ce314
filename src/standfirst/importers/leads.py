"""Each text's old addresses, led to its page; and those that the old site as a whole answered at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from standfirst.importers.oldaddresses import Standing, is_ours, what_stands
from standfirst.importers.outline import old_addresses
from standfirst.kit import oldpaths
from standfirst.kit.slugs import is_reserved
from standfirst.stories.models import StoryPage
from standfirst.stories.services import old_addresses_lead

if TYPE_CHECKING:
    from standfirst.importers.arrivals import Coming

LONGEST = 255
# Below these the paper has pages that editors make; what is none of them may lead on. Below other names of the house
# nothing may lead away, now or later.
_SHARED = frozenset({"about", "page", "text", "feed", "tags", "authors", "archive", "newsletter", "s", "m", "u"})
# As WordPress and its plugins call what search engines have been told of.
_SITEMAPS = ("sitemap_index.xml", "wp-sitemap.xml")
_FRONT_FEEDS = {"rss2": "rss", "rss": "rss", "atom": "atom", "rdf": "rss", "comments-rss2": "rss"}


def addresses_lead(came: Sequence[tuple[Coming, Any]], base: str) -> int:
    """Lead the old addresses of texts to their pages, and note each with its text. Returns how many lead somewhere.

    base: the folder the old site lay in, such as /blog.
    """
    leads: list[tuple[str, Any]] = []
    by_path: dict[str, tuple[Coming, str]] = {}
    count = 0
    asked = {old: _standing(old) for coming, _page in came for old in old_addresses(coming.item, base)}
    strangers = _strangers(asked.values())
    standing = what_stands()
    for coming, page in came:
        # A story that was withdrawn keeps its address, and says there that it was.
        now = (page.public_address or None) if page.live or isinstance(page, StoryPage) else None
        for old in old_addresses(coming.item, base):
            address: dict[str, Any] = {"old": old, "now": now}
            coming.addresses.append(address)
            path = Redirect.normalise_path(old)
            if now and oldpaths.plain(old) == oldpaths.plain(now) and "?" not in old:
                count += 1  # it is where it was
                continue
            why = _why_not(old, path, strangers.get(asked[old]), page, standing)
            if why:
                address |= {"now": None, "why": why}
                coming.changes.append(why)
                continue
            by_path[path] = (coming, old)
            leads.append((old, page))
            plain = oldpaths.plain(old)
            if "?" not in old and plain != path and len(plain) <= LONGEST:
                leads.append((plain, page))  # in small letters, by which the rule asks
            count += bool(now)
    for path in old_addresses_lead(leads=leads):
        if path in by_path:
            coming, old = by_path[path]
            why = _elsewhere(old)
            coming.changes.append(why)
            for address in coming.addresses:
                if address["old"] == old:
                    count -= bool(address["now"])
                    address |= {"now": None, "why": why}
    return count


def list_addresses_lead(
    addresses: Iterable[str], base: str, target: str, *, is_section: bool = False
) -> list[dict[str, Any]]:
    """Lead an old list's addresses to ours. Its feeds and further pages follow by rule.

    is_section: it goes before a tag of the same name, to which the addresses may lead already.
    Returns each address with where it leads, as `Coming.addresses` does.
    """
    told: list[dict[str, Any]] = []
    leads = []
    for address in addresses:
        old = base + address
        told.append({"old": old, "now": target})
        if "?" not in old and oldpaths.plain(old) == oldpaths.plain(target):
            continue
        if "?" not in old and is_ours(old):
            told[-1] |= {"now": None, "why": _belongs(old)}
        else:
            leads.append((old, target))
    if is_section:
        paths = [Redirect.normalise_path(old) for old, _target in leads]
        Redirect.objects.filter(old_path__in=paths, redirect_link__contains="/tags/").delete()
    elsewhere = set(old_addresses_lead(leads=leads))
    for one in told:
        if Redirect.normalise_path(one["old"]) in elsewhere:
            one |= {"now": None, "why": _elsewhere(one["old"])}
    return told


def site_addresses_lead(base: str) -> None:
    """The old front's feeds that are a query, its list for search engines; and its folder, where it had one."""
    leads = [(f"{base}/?feed={asked}", f"/feed/{form}") for asked, form in _FRONT_FEEDS.items()]
    leads += [(f"{base}/{name}", "/sitemap.xml") for name in _SITEMAPS]
    leads += [(f"{base}/?{oldpaths.LANGUAGE}={code}", f"/{code}/") for code, _name in settings.LANGUAGES[1:]]
    if base:
        leads.append((base, "/"))
    old_addresses_lead(leads=leads)


def _belongs(old: str) -> str:
    return _("Its old address %(address)s now belongs to the paper itself.") % {"address": old}


def _elsewhere(old: str) -> str:
    return _("The old address %(path)s already leads elsewhere and was left so.") % {"path": old}


def _standing(old: str) -> str:
    """The address of ours that an old one is written like."""
    return f"{oldpaths.plain(old)}/" if "?" not in old else ""


def _strangers(addresses: Iterable[str]) -> dict[str, int]:
    """Stories of ours that stand at these very addresses."""
    wanted = {address for address in addresses if address}
    return dict(StoryPage.objects.filter(public_path__in=wanted).values_list("public_path", "pk"))


def _why_not(old: str, path: str, stranger: int | None, page: Any, standing: Standing) -> str:
    """Why an old address cannot lead on; "" when it can."""
    if len(path) > LONGEST:
        return _("Its old address %(address)s… is too long to be kept.") % {"address": old[:100]}
    if "?" in old:
        return ""
    parts = oldpaths.plain(old).strip("/").split("/")
    if stranger is not None and stranger != page.pk:
        return _("At its old address %(address)s stands another story now.") % {"address": old}
    first = parts[0]
    if first and not first.isdigit() and is_reserved(first) and (len(parts) == 1 or first not in _SHARED):
        return _belongs(old)
    if first.isdigit():
        return ""  # a story's, which was asked for above, or nobody's
    return _belongs(old) if is_ours(old, standing) else ""
