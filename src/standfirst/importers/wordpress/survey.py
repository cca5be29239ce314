"""The first reading: is the file whole, and what must be known before the first story is written?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item, Term

_PHP_TEXT = re.compile(r's:6:"credit";s:\d+:"([^"]*)"|s:9:"copyright";s:\d+:"([^"]*)"')
UNSORTED = frozenset(
    {
        *("uncategorized", "uncategorised", "без категорії", "без рубрики", "без категории", "sin categoría"),
        *("non classé", "sem categoria", "bez kategorii", "senza categoria", "allgemein", "kategorisiz", "misc"),
    }
)


@dataclass(frozen=True)
class Attachment:
    foreign_id: int
    file: str
    url: str
    title: str
    caption: str
    alt: str
    credit: str
    parent: int
    is_picture: bool


@dataclass
class Survey:
    """What the whole file holds besides its texts."""

    items: int = 0
    public: int = 0
    attachments: dict[int, Attachment] = field(default_factory=dict)
    by_parent: dict[int, list[int]] = field(default_factory=dict)
    by_file: dict[str, int] = field(default_factory=dict)
    reusable: dict[int, str] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)
    sections: Counter[str] = field(default_factory=Counter)
    comments: int = 0


def survey(reader: WxrReader) -> Survey:
    """Read the whole file once, changing nothing. Raises ImportRefused for a file that cannot be read to its end."""
    found = Survey()
    for item in reader.items():
        found.items += 1
        found.comments += item.comments
        if item.kind == "attachment":
            _add_attachment(found, item)
        elif item.kind == "wp_block" and item.status == "publish":
            found.reusable[item.foreign_id] = item.content
        elif item.kind == "guest-author":
            name = item.meta.get("cap-display_name") or item.title
            for key in (item.slug, item.slug.removeprefix("cap-"), item.meta.get("cap-user_login", "")):
                if key:
                    found.guests[key] = name
        elif item.kind == "post":
            section = section_of(item, reader.terms)
            if section is not None:
                found.sections[section.slug] += 1
            found.public += item.status == "publish" and not item.has_password
    return found


def is_unsorted(term: Term) -> bool:
    """Whether a category only says that a post has none."""
    return term.name.strip().lower() in UNSORTED or term.slug == "uncategorized"


def section_of(item: Item, terms: dict[tuple[str, str], Term]) -> Term | None:
    """The category a post stands in: the one marked as primary, else the first that says something."""
    categories = [term for term in item.terms if term.domain == "category"]
    primary = item.meta.get("_yoast_wpseo_primary_category") or item.meta.get("rank_math_primary_category") or ""
    for term in categories:
        known = terms.get(("category", term.slug))
        if known and primary == str(known.foreign_id):
            return term
    return next((term for term in categories if not is_unsorted(term)), categories[0] if categories else None)


def _add_attachment(found: Survey, item: Item) -> None:
    file = item.meta.get("_wp_attached_file", "")
    credit = _PHP_TEXT.search(item.meta.get("_wp_attachment_metadata", ""))
    attachment = Attachment(
        foreign_id=item.foreign_id,
        file=file,
        url=item.attachment_url or item.guid,
        title=item.title,
        caption=item.excerpt,
        alt=item.meta.get("_wp_attachment_image_alt", ""),
        credit=(credit[1] or credit[2] or "") if credit else "",
        parent=item.parent,
        is_picture=bool(re.search(r"\.(?:jpe?g|png|webp|gif|avif|bmp|tiff?|heic)$", file or item.attachment_url, re.I)),
    )
    found.attachments[item.foreign_id] = attachment
    if attachment.is_picture and item.parent:
        found.by_parent.setdefault(item.parent, []).append(item.foreign_id)
    for name in (file, attachment.url):
        if name:
            found.by_file.setdefault(name, item.foreign_id)
