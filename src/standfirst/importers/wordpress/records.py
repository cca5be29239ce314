"""What a WXR file holds, as plain records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Term:
    """A category, a tag, or a name of a plugin's own list. domain: category, post_tag, language, author …"""

    domain: str
    slug: str
    name: str
    foreign_id: int = 0
    parent: str = ""
    # What readers were told of it; some plugins keep their own data there.
    description: str = ""


@dataclass(frozen=True)
class Author:
    foreign_id: int
    login: str
    display_name: str
    first_name: str = ""
    last_name: str = ""

    @property
    def name(self) -> str:
        full = f"{self.first_name} {self.last_name}".strip()
        return full if full and self.display_name in ("", self.login) else self.display_name or self.login


@dataclass(frozen=True)
class Comment:
    """A reader's words below a post. No address of hers and no number of her machine is ever read."""

    foreign_id: int
    parent: int
    author: str
    date: dt.datetime | None
    text: str
    kind: str = ""
    approved: str = "1"


@dataclass
class Item:
    """One <item>: a post, a page, an attachment, or something else. Texts as they were, dates aware or None."""

    foreign_id: int
    kind: str
    status: str
    title: str
    link: str
    guid: str = ""
    slug: str = ""
    author: str = ""
    content: str = ""
    excerpt: str = ""
    published: dt.datetime | None = None
    changed: dt.datetime | None = None
    # A local time without a zone, when the export gives no GMT time.
    published_local: dt.datetime | None = None
    parent: int = 0
    has_password: bool = False
    is_sticky: bool = False
    attachment_url: str = ""
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    # Values of custom fields that stand there more than once, after the first.
    more_meta: list[tuple[str, str]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    line: int = 0
    # The language, where one item holds several and this is not its first.
    variant: str = ""

    def meta_all(self, key: str) -> list[str]:
        first = [self.meta[key]] if key in self.meta else []
        return first + [value for name, value in self.more_meta if name == key]

    @property
    def key(self) -> str:
        """What it is known by in the old system: its number, or its address where the export gives none."""
        known = str(self.foreign_id) if self.foreign_id else (self.guid or self.link or self.title)[:180]
        return f"{known}-{self.variant}" if self.variant else known


@dataclass
class Site:
    """What stands at the head of the file."""

    title: str = ""
    url: str = ""
    language: str = ""
    version: str = ""
