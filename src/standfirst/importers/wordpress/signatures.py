"""Who signed a post: co-authors, guests and hand-written bylines of the usual plugins, else its one author."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from standfirst.importers.records import OldAuthor
from standfirst.importers.wordpress.records import Author, Item
from standfirst.kit.html import text_of

GUEST_KINDS = frozenset({"guest-author", "guest_author", "ppma_author", "molongui_guestauthor"})
_BY = re.compile(r"^\s*(?:by|text by|story by|автор(?:ка|и)?:?|текст:?|von|par|por|di|przez)\s+", re.IGNORECASE)
_AND = re.compile(r"^(?:and|und|et|y|та|і|й|и|&)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|\||\s&\s|\s(?:and|und|et|y|та|і|й|и)\s)\s*")
# Fields in which a byline is written out by hand.
_WRITTEN = (
    *("guest-author", "guest_author", "byline", "_byline", "custom_byline", "author_byline", "custom_author"),
    *(
        "guest_author_name",
        "author_name_override",
        "_guest_author",
        "_cld_byline",
        "article_author",
        "post_author_name",
    ),
    *(
        "_bylines",
        "credit_author",
        "author_override",
        "_author_name",
        "td_source_author",
        "_molongui_guest_author_name",
    ),
)
_AUTHOR_MARK = re.compile(r"\[Author id=\"?(\d+)\"?\](.*?)\[/Author\]", re.DOTALL | re.IGNORECASE)


@dataclass
class People:
    """Everyone whom the file names. guests: names by each key a post may use; numbers: accounts by their number."""

    authors: dict[str, Author] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)

    def add_guest(self, item: Item) -> None:
        meta = item.meta
        full = f"{meta.get('cap-first_name', '')} {meta.get('cap-last_name', '')}".strip()
        name = meta.get("cap-display_name") or meta.get("_molongui_guest_author_display_name") or item.title or full
        keys = (item.slug, item.slug.removeprefix("cap-"), meta.get("cap-user_login", ""), f"guest-{item.foreign_id}")
        for key in keys:
            if key:
                self.guests[key] = name

    def signed(self, item: Item) -> list[OldAuthor]:
        """Those who signed a post, in the order readers saw."""
        return (
            self._by_hand(item)
            or self._by_plugin(item)
            or self._by_terms(item)
            or ([self._one(item.author)] if item.author else [])
        )

    def _by_hand(self, item: Item) -> list[OldAuthor]:
        if item.meta.get("_newspack_byline_active") in ("1", "true", "yes"):
            line = item.meta.get("_newspack_byline", "")
            names = [text_of(match[2]) for match in _AUTHOR_MARK.finditer(line[:5_000])]
            rest = _AUTHOR_MARK.sub(",", line[:5_000])
            names += [] if names and len(text_of(rest)) > 60 else names_in(rest)
            if names:
                return [self._named(name) for name in dict.fromkeys(names) if name]
        for key in _WRITTEN:
            value = item.meta.get(key, "")
            if value and len(value) < 300 and not value.isdigit() and not value.startswith(("a:", "{", "[")):
                names = names_in(value)
                if names:
                    return [self._named(name) for name in names]
        return []

    def _by_plugin(self, item: Item) -> list[OldAuthor]:
        """Molongui names accounts and guests by number."""
        found = []
        for value in item.meta_all("_molongui_author"):
            kind, _dash, number = value.partition("-")
            if kind == "guest" and value in self.guests:
                found.append(OldAuthor(key=value, name=self.guests[value]))
            elif kind == "user":
                author = next((a for a in self.authors.values() if str(a.foreign_id) == number), None)
                found += [self._one(author.login)] if author else []
        return found

    def _by_terms(self, item: Item) -> list[OldAuthor]:
        terms = [term for term in item.terms if term.domain in ("author", "byline", "ppma_author", "guest_author")]
        found = [self._one(term.slug.removeprefix("cap-"), term.name, guest=term.domain != "author") for term in terms]
        order = [name.strip() for name in item.meta.get("ppma_authors_name", "").split(",")]
        if len(order) > 1:
            found.sort(key=lambda author: order.index(author.name) if author.name in order else len(order))
        return list({author.key: author for author in found}.values())

    def _named(self, name: str) -> OldAuthor:
        """By the name as printed: the account of that name if there is one."""
        login = next((a.login for a in self.authors.values() if a.name.casefold() == name.casefold()), None)
        return self._one(login) if login else OldAuthor(key=f"name:{name.casefold()}"[:190], name=name[:150])

    def _one(self, key: str, given: str = "", *, guest: bool = False) -> OldAuthor:
        author = None if guest else self.authors.get(key) or self.authors.get(given)
        name = (author.name if author else "") or self.guests.get(key) or given or key
        # WordPress makes an author's address from the name of the account, as it would make a post's.
        nicename = (author.login if author else key).lower().replace("@", "").replace(".", "-").replace(" ", "-")
        addresses = [f"/author/{quote(nicename)}/"]
        if author and author.foreign_id:
            addresses.append(f"/?author={author.foreign_id}")
        return OldAuthor(key=key, name=text_of(name)[:150], addresses=tuple(addresses))


def names_in(line: str) -> list[str]:
    """The names of a byline: "By Jane Doe and Joe Roe" are two."""
    words = _BY.sub("", " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", line)).split()))
    names = [_AND.sub("", name.strip(" .,;:|")) for name in _BETWEEN.split(words)]
    return [name for name in dict.fromkeys(names) if re.search(r"[^\W\d_]{2,}", name) and len(name) < 80][:10]
