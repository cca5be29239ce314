"""What a page says of its story in its own structure: JSON-LD first, then OpenGraph, microdata, names and times."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from standfirst.importers.pages.dates import moment_of
from standfirst.importers.pages.linked_data import LinkedData, address_of, linked_data, name_of
from standfirst.importers.pages.origins import day_in_address, tidy
from standfirst.importers.pages.tree import found_in
from standfirst.kit.html import text_of
from standfirst.kit.links import joined, split

_PUBLISHED = (
    *("article:published_time", "article:published", "og:article:published_time", "datepublished", "date"),
    *(
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "pubdate",
        "parsely-pub-date",
        "sailthru.date",
    ),
    *(
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "article.published",
        "cxenseparse:recs:publishtime",
    ),
    *("mediator_published_time", "originalpublicationdate", "article_date_original", "ptime", "vr:published_time"),
)
_CHANGED = ("article:modified_time", "og:updated_time", "lastmod", "last-modified", "dcterms.modified", "datemodified")
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|authors|author-name|author_name|post-author|article-author|"
    r"entry-author|avtor)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|published|pubdate|entry-date|post-date|article-date|timestamp|time)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SIGNED_WITH = re.compile(
    r"^\s*(?:by|author|authors|written by|text|words|photo|story by|автор(?:ка|и)?|текст|"
    r"підготу(?:вав|вала|вали)|автор текста)"
    r"\s*[:—–-]?\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|;|&|\||\band\b|(?<=\s)(?:та|і|й|и)(?=\s))\s*", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|www\.|@|^\d+$|^(?:admin|administrator|root|wpadmin|редактор сайту)$", re.IGNORECASE)
_AUTHOR_NAMES = ("author", "article:author", "dc.creator", "parsely-author", "byl")
_MAX_TAGS = 15
_MOST_LINKED = 8
_CATEGORY_PATH = re.compile(r"/categor(?:y|ies)/[^/]+/?$", re.IGNORECASE)
_TAG_PATH = re.compile(r"/tags?/[^/]+/?$", re.IGNORECASE)
_MAX_AUTHORS = 8


@dataclass
class Name:
    """A section, tag or person as the page prints it, and the address of its list."""

    words: str
    address: str = ""


@dataclass
class Facts:
    """is_day_only: the clock of `published` is not known. dated_by: a sentence where the date is a guess."""

    titles: list[str] = field(default_factory=list)
    site: str = ""
    description: str = ""
    published: dt.datetime | None = None
    is_day_only: bool = False
    dated_by: str = ""
    changed: dt.datetime | None = None
    authors: list[Name] = field(default_factory=list)
    section: Name | None = None
    tags: list[Name] = field(default_factory=list)
    picture: str = ""
    picture_alt: str = ""
    picture_caption: str = ""
    picture_credit: str = ""
    language: str = ""
    translations: dict[str, str] = field(default_factory=dict)
    address: str = ""
    other_addresses: list[str] = field(default_factory=list)
    body: str = ""
    is_story: bool = False
    is_paid: bool = False
    data: LinkedData = field(default_factory=LinkedData)


class Head:
    """The page's <meta> and <link>, looked up by name."""

    def __init__(self, document: etree._Element) -> None:
        self.names: dict[str, list[str]] = {}
        self.links: list[etree._Element] = []
        for element in document.iter("meta", "link"):
            if element.tag == "link":
                self.links.append(element)
                continue
            # Bodies have metas of microdata; those belong to whatever stands around them.
            if element.get("itemprop") and not (element.get("name") or element.get("property")):
                continue
            name = (element.get("property") or element.get("name") or element.get("http-equiv") or "").strip().lower()
            value = " ".join((element.get("content") or "").split())
            if name and value and len(self.names.setdefault(name, [])) < 60:
                self.names[name].append(value[:5000])

    def first(self, *names: str) -> str:
        return next((self.names[name][0] for name in names if self.names.get(name)), "")

    def link(self, rel: str) -> str:
        for element in self.links:
            if rel in (element.get("rel") or "").lower().split():
                return (element.get("href") or "").strip()
        return ""


def facts_of(document: etree._Element, *, origin: str = "") -> Facts:
    """All that a page says of its story. origin: where it was saved from, to complete relative addresses."""
    head, data = Head(document), linked_data(document)
    facts = Facts(data=data, site=text_of(head.first("og:site_name")))
    _addresses(facts, head, data, origin)
    base = facts.address or origin
    facts.titles = list(
        dict.fromkeys(
            filter(
                None,
                (
                    text_of(data.words("headline")),
                    _itemprop_text(document, "headline"),
                    text_of(head.first("og:title", "twitter:title", "dc.title")),
                    " ".join("".join(map(str, document.findtext(".//title") or "")).split()),
                ),
            )
        )
    )
    facts.description = text_of(
        data.words("description") or head.first("og:description", "description", "twitter:description")
    )
    facts.language = (
        data.words("inLanguage")
        or (document.get("lang") or document.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
        or head.first("og:locale", "content-language", "language")
    )
    _translations(facts, head, base)
    _dates(facts, document, head, data)
    _authors(facts, document, head, data, base)
    _section_and_tags(facts, document, head, data, base)
    _picture(facts, head, data, base)
    body = data.article.get("articleBody")
    facts.body = body if isinstance(body, str) else ""
    kinds = {value.lower() for value in head.names.get("og:type", [])}
    tiers = head.names.get("article:content_tier", []) + head.names.get("og:article:content_tier", [])
    facts.is_paid = data.is_paid or any(tier.lower() in ("locked", "metered") for tier in tiers)
    facts.is_story = bool(data.article) or "article" in kinds or bool(found_in(document, _ARTICLE_ITEM))
    return facts


_ARTICLE_ITEM = ".//*[@itemscope and (contains(@itemtype, 'Article') or contains(@itemtype, 'BlogPosting'))]"


def _addresses(facts: Facts, head: Head, data: LinkedData, origin: str) -> None:
    said = [head.link("canonical"), head.first("og:url"), address_of(data.article.get("mainEntityOfPage"))]
    said += [address_of(data.article.get("url")), origin]
    base = origin or next((one for one in said if one.startswith("http")), "")
    known = [address for one in said if one and (address := tidy(joined(base, one)))]
    # Themes that were set up in haste call every page by the address of the home page.
    inner = [address for address in known if split(address).path.strip("/") or split(address).query]
    facts.address = next(iter(inner or known), "")
    host = _host(facts.address)
    others = [*inner, tidy(joined(base, head.link("shortlink"))), tidy(joined(base, head.link("amphtml")))]
    facts.other_addresses = [
        one for one in dict.fromkeys(others) if one and one != facts.address and _host(one) == host and _has_place(one)
    ]


def _has_place(address: str) -> bool:
    parts = split(address)
    return bool(parts.path.strip("/") or parts.query)


def _host(address: str) -> str:
    return (split(address).hostname or "").removeprefix("www.").removeprefix("m.")


def _translations(facts: Facts, head: Head, base: str) -> None:
    for element in head.links:
        code = (element.get("hreflang") or "").strip()
        if "alternate" in (element.get("rel") or "").lower() and code and code.lower() != "x-default":
            address = tidy(joined(base, element.get("href") or ""))
            if address and len(facts.translations) < 40:
                facts.translations.setdefault(code, address)


def _dates(facts: Facts, document: etree._Element, head: Head, data: LinkedData) -> None:
    said: list[str] = data.values("datePublished") + data.values("dateCreated")
    said += [value for name in _PUBLISHED for value in head.names.get(name, [])]
    said += _itemprops(document, "datePublished")
    times = list(document.iter("time"))
    times.sort(key=lambda one: not ("pubdate" in one.attrib or "publish" in (one.get("class") or "").lower()))
    said += [one.get("datetime") or "" for one in times[:5] if "updat" not in (one.get("class") or "").lower()]
    for value in said:
        found = moment_of(value) if isinstance(value, str) else None
        if found:
            facts.published, has_clock = found
            facts.is_day_only = not has_clock
            break
    else:
        _guess_date(facts, document, times)
    for value in [*data.values("dateModified"), *[v for n in _CHANGED for v in head.names.get(n, [])]]:
        found = moment_of(value) if isinstance(value, str) else None
        if found and (facts.published is None or found[0] >= facts.published):
            facts.changed = found[0]
            break


def _guess_date(facts: Facts, document: etree._Element, times: list[etree._Element]) -> None:
    """What the page prints for people, else what its address says."""
    printed = [_text(one) for one in times[:5]]
    for element in document.iter("span", "div", "p", "li", "a", "em", "small", "td", "abbr"):
        if len(printed) > 20:
            break
        if _DATE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}") and len(_text(element)) < 80:
            printed += [_text(element), element.get("title") or ""]
    for words in printed:
        found = moment_of(words, words=True)
        if found:
            facts.published, has_clock = found
            facts.is_day_only = not has_clock
            facts.dated_by = _("Its date was read from its page: “%(words)s”.") % {"words": words[:60]}
            return
    day = day_in_address(facts.address)
    found = moment_of(day.isoformat()) if day else None
    if found and day:
        facts.published, facts.is_day_only = found[0], True
        facts.dated_by = _("Its date was read from its address: %(day)s.") % {"day": day.isoformat()}


def _authors(facts: Facts, document: etree._Element, head: Head, data: LinkedData, base: str) -> None:
    publishers = {name_of(one).casefold() for one in data.values("publisher")} | {facts.site.casefold()}
    found: list[Name] = []
    for value in data.values("author") + data.values("creator"):
        is_house = isinstance(value, dict) and "Person" not in str(value.get("@type", "Person"))
        for name in _names(name_of(value)):
            if not (is_house and name.casefold() in publishers):
                found.append(Name(name, tidy(joined(base, address_of(value))) if isinstance(value, dict) else ""))
    for ask in (_marked_authors, _meta_authors, _printed_authors):
        if found:
            break
        found = [name for name in ask(document, head, base) if name.words.casefold() not in publishers]
    unique: dict[str, Name] = {}
    for one in found:
        unique.setdefault(one.words.casefold(), one)
    facts.authors = list(unique.values())[:_MAX_AUTHORS]


def _marked_authors(document: etree._Element, head: Head, base: str) -> list[Name]:
    """In microdata, or by the link to the author's own page."""
    for path in (
        ".//*[@itemprop='author']//*[@itemprop='name']",
        ".//*[@itemprop='author'] | .//a[contains(concat(' ', @rel, ' '), ' author ')]",
    ):
        found = [name for element in found_in(document, path)[:20] for name in _signed_by(element, base)]
        if found:
            return found
    return []


def _meta_authors(document: etree._Element, head: Head, base: str) -> list[Name]:
    said = [one for key in _AUTHOR_NAMES for one in head.names.get(key, [])]
    return [Name(name) for one in said for name in _names(one)]


def _printed_authors(document: etree._Element, head: Head, base: str) -> list[Name]:
    for element in document.iter("a", "span", "p", "div", "address", "strong", "em", "li"):
        if _BYLINE_CLASS.search(element.get("class") or "") and 3 < len(_text(element)) < 100:
            found = _signed_by(element, base)
            if found:
                return found
    return []


def _signed_by(element: etree._Element, base: str) -> list[Name]:
    link = element if element.tag == "a" else next(element.iter("a"), None)
    address = tidy(joined(base, link.get("href") or "")) if link is not None else ""
    return [Name(name, address) for name in _names(_text(element))]


def _names(said: str) -> list[str]:
    said = _SIGNED_WITH.sub("", " ".join(said.split()))
    if not said or len(said) > 200 or _NO_NAME.search(said):
        return []
    names = [part.strip(" .,:—–-") for part in _BETWEEN.split(f"{said}")]
    return [name[:150] for name in names if 2 <= len(name) <= 80 and any(char.isalpha() for char in name)]


def _section_and_tags(facts: Facts, document: etree._Element, head: Head, data: LinkedData, base: str) -> None:
    lists = {
        _text(a).casefold(): tidy(joined(base, a.get("href") or "")) for a in document.iter("a") if len(_text(a)) < 80
    }
    crumbs = [(name, tidy(joined(base, address))) for name, address in data.crumbs] or _printed_crumbs(document, base)
    # The first leads home and the last is the story itself.
    inner = [
        (name, address)
        for name, address in crumbs
        if split(address).path.strip("/") and address != facts.address and name not in facts.titles
    ]
    marked = [
        Name(_text(a), tidy(joined(base, a.get("href") or "")))
        for a in found_in(document, ".//a[contains(concat(' ', @rel, ' '), ' category ')]")
        if _text(a)
    ]
    said = [str(v) for v in data.values("articleSection") if isinstance(v, str)] or head.names.get(
        "article:section", []
    )
    if said:
        words = text_of(said[0])
        facts.section = Name(words[:100], next((a for n, a in inner if n.casefold() == words.casefold()), ""))
        facts.section.address = facts.section.address or lists.get(words.casefold(), "")
    elif inner:
        facts.section = Name(inner[0][0][:100], inner[0][1])
    elif marked := marked or _links_below(document, _CATEGORY_PATH, base):
        facts.section = marked[0]
    tags: list[Name] = []
    for value in data.values("keywords"):
        parts = [name_of(value)] if isinstance(value, dict) else str(value).split(",")
        tags += [Name(text_of(part)) for part in parts]
    tags += [Name(text_of(one)) for one in head.names.get("article:tag", [])]
    printed = [
        a
        for a in found_in(document, ".//a[contains(concat(' ', @rel, ' '), ' tag ')]")
        if "category" not in (a.get("rel") or "")
    ]
    tags += [Name(_text(a).lstrip("#"), tidy(joined(base, a.get("href") or ""))) for a in printed]
    tags = tags or _links_below(document, _TAG_PATH, base)
    if not tags:
        said = head.first("news_keywords", "keywords").split(",")
        # More than a handful is written for search engines, not for readers.
        tags = [Name(text_of(one)) for one in said] if 0 < len(said) <= 10 else []
    unique: dict[str, Name] = {}
    for tag in tags:
        key = tag.words.casefold()
        if 1 < len(tag.words) <= 60 and key != (facts.section.words.casefold() if facts.section else ""):
            known = unique.setdefault(key, tag)
            known.address = known.address or tag.address or lists.get(key, "")
    facts.tags = list(unique.values())[:_MAX_TAGS]


def _links_below(document: etree._Element, path: re.Pattern[str], base: str) -> list[Name]:
    """The few lists that a text itself links to by addresses such as /news/category/Transport; none for a menu."""
    found: dict[str, Name] = {}
    for link in document.iter("a"):
        if not any(up.tag == "article" for up in link.iterancestors()):
            continue
        if any(up.tag in ("nav", "aside", "p") for up in link.iterancestors()):
            continue
        address, words = tidy(joined(base, link.get("href") or "")), _text(link).lstrip("#")
        if words and len(words) < 60 and path.search(split(address).path):
            found.setdefault(words.casefold(), Name(words, address))
    return list(found.values()) if len(found) <= _MOST_LINKED else []


def _printed_crumbs(document: etree._Element, base: str) -> list[tuple[str, str]]:
    for box in found_in(document, ".//*[contains(@class, 'breadcrumb') or contains(@class, 'crumbs')]"):
        found = [(_text(a), tidy(joined(base, a.get("href") or ""))) for a in box.iter("a")]
        if found:
            return [one for one in found if one[0]][:12]
    return []


def _picture(facts: Facts, head: Head, data: LinkedData, base: str) -> None:
    for value in data.values("image"):
        address = address_of(value)
        if address:
            facts.picture = joined(base, address)
            if isinstance(value, dict):
                facts.picture_caption = text_of(str(value.get("caption") or value.get("description") or ""))
                facts.picture_credit = text_of(str(value.get("creditText") or value.get("copyrightNotice") or ""))
            break
    shared = head.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    facts.picture = facts.picture or (joined(base, shared) if shared else "")
    facts.picture_alt = text_of(head.first("og:image:alt", "twitter:image:alt"))


def _itemprops(document: etree._Element, name: str) -> list[str]:
    return [
        (one.get("content") or one.get("datetime") or (one.get("title") if one.tag == "abbr" else "") or _text(one))[
            :500
        ]
        for one in found_in(document, f".//*[@itemprop='{name}']")[:5]
    ]


def _itemprop_text(document: etree._Element, name: str) -> str:
    return next((" ".join(value.split()) for value in _itemprops(document, name) if value.strip()), "")


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
