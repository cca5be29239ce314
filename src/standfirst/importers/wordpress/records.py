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
    comments: int = 0
    line: int = 0

    @property
    def key(self) -> str:
        """What it is known by in the old system: its number, or its address where the export gives none."""
        return str(self.foreign_id) if self.foreign_id else (self.guid or self.link or self.title)[:200]


@dataclass
class Site:
    """What stands at the head of the file."""

    title: str = ""
    url: str = ""
    language: str = ""
    version: str = ""
