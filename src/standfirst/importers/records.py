"""What the reader of any old system says of its texts, lists, names and pictures: one form for all of them.

A reader (`wordpress`, `ghost`, `pages`) knows its own system's file and nothing of our tables; `move` knows our tables
and nothing of old systems. Between them pass these records, and plain HTML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class OldList:
    """A section or a tag of the old system.

    key: what it is known by there, unique with its kind in one source ("category:world").
    addresses: where its list lay, path with query ("/category/world/", "/?cat=7"); its feeds and its further pages
    are found below them and need not be named.
    is_unsorted: it only says that a text stands nowhere ("Uncategorized"); its texts come into the section for news.
    names: its titles in other languages of the newsroom, as (language, title).
    description: what readers were told of it, for a section.
    languages: of those addresses that belong to one language alone, as (address, language).
    """

    key: str
    title: str
    slug: str = ""
    addresses: tuple[str, ...] = ()
    is_unsorted: bool = False
    names: tuple[tuple[str, str], ...] = ()
    description: str = ""
    languages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OldAuthor:
    """Whoever signed there. key: the account or guest, unique in one source. addresses: as in OldList."""

    key: str
    name: str
    addresses: tuple[str, ...] = ()


@dataclass
class PictureUse:
    """One use of a picture: where it lay, what the old system calls it, and its words here.

    src: an absolute address where one is known. attachment: its number in WordPress; 0 where there is none.
    file: its path below the folder of uploads ("2024/11/quay.jpg") where the old system says it.
    local: the picture itself, where it came with what is read (a saved page's own folder, an export's).
    credit and title belong to the picture itself, not to this use; used when it is made.
    """

    src: str
    attachment: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""
    title: str = ""
    file: str = ""
    local: Path | None = None


@dataclass
class Incoming:
    """One text on its way in.

    foreign_id: unique with its kind in one source. kind: post or page.
    link: its old address in full, as the report shows it. addresses: every old address of it, path with query, below
    the old site's root ("/2019/05/old-words/", "/?p=12"); the address in `link` need not be repeated.
    html: the content as plain HTML, with paragraphs, whatever stood in the old system (blocks, shortcodes, cards).
    published, changed: aware. None where the old system gives none.
    section: None: the section for news. tags: other sections it stood in belong here too.
    language: as the old system writes it ("uk", "uk_UA"), "" for the newsroom's first.
    translation_of: the same text for all languages of one story, "" for a text that stands alone.
    held_because: why it must not be public by itself, one sentence; "" when it was plainly public.
    leads_front: it was set above the others there (sticky, featured).
    changes: what became different on the way, one sentence each; the converter adds to it.
    line: where it stands in the file, 0 where lines mean nothing.
    """

    foreign_id: str
    kind: str
    title: str
    link: str = ""
    addresses: list[str] = field(default_factory=list)
    slug: str = ""
    html: str = ""
    standfirst: str = ""
    published: dt.datetime | None = None
    changed: dt.datetime | None = None
    language: str = ""
    translation_of: str = ""
    section: OldList | None = None
    tags: list[OldList] = field(default_factory=list)
    authors: list[OldAuthor] = field(default_factory=list)
    lead: PictureUse | None = None
    search_title: str = ""
    search_description: str = ""
    held_because: str = ""
    leads_front: bool = False
    changes: list[str] = field(default_factory=list)
    line: int = 0


@dataclass(frozen=True)
class LeftOut:
    """An entry that has no place here, and the sentence that says why."""

    foreign_id: str
    kind: str
    title: str
    why: str
    link: str = ""


@dataclass(frozen=True)
class Aside:
    """What has no room here yet and is kept in a file beside: comments, members.

    kind names the file; record is one line of JSON in it.
    """

    kind: str
    record: dict[str, Any]


class Source(Protocol):
    """An old system's file, opened and read once to its end, so that a broken one is refused before anything changes.

    name: what `ImportedItem.source` says: "wordpress:news.example". site_url: the old site's root, to know its own
    links and pictures by. total: how many entries `entries()` gives (asides not counted), for the bar.

    It may also have
    - `picture(use)`: what is known of a used picture, as a PictureUse with the picture's own words; None for nothing;
    - `outline()`: the same as `entries()` without `html`, where that is quicker;
    - `unused()`: after the last entry, the pictures and files that no entry used, each as LeftOut;
    - `notes`: sentences for the report; `counts`: figures for its totals. Both are read after the last entry.
    """

    name: str
    site_url: str
    total: int

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        """Every entry in the file's order, one at a time in memory, as often as asked.

        An entry that cannot be read (errors.UNREADABLE) is given as LeftOut; only ImportRefused may be raised.
        """
        ...
