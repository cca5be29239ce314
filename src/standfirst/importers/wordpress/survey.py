"""The first reading: is the file whole, and what must be known before the first story is written?"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from standfirst.importers.wordpress import kinds
from standfirst.importers.wordpress.access import RULES_ELSEWHERE, Rules
from standfirst.importers.wordpress.attachments import Attachments
from standfirst.importers.wordpress.builders import built
from standfirst.importers.wordpress.kinds import is_machinery, is_story
from standfirst.importers.wordpress.php import php_dict
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item, Term
from standfirst.importers.wordpress.seo import PRIMARY_CATEGORY
from standfirst.importers.wordpress.signatures import GUEST_KINDS, People
from standfirst.importers.wordpress.subtitles import KNOWN_FIELDS
from standfirst.kit.html import text_of

UNSORTED = frozenset(
    {
        *("uncategorized", "uncategorised", "без категорії", "без рубрики", "без категории", "sin categoría"),
        *("non classé", "sem categoria", "bez kategorii", "senza categoria", "allgemein", "kategorisiz", "misc"),
        *("не категоризовано", "некатегоризовано", "geen categorie", "ikke kategoriseret", "okategoriserade"),
    }
)
_MAX_FIELDS = 500


@dataclass
class Survey:
    """What the whole file holds besides its texts."""

    # How many are not a part of WordPress's own machinery.
    entries: int = 0
    attachments: Attachments = field(default_factory=Attachments)
    reusable: dict[int, str] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    # What Elementor's templates hold, by number.
    templates: dict[int, str] = field(default_factory=dict)
    people: People = field(default_factory=People)
    rules: Rules = field(default_factory=Rules)
    rules_elsewhere: set[str] = field(default_factory=set)
    # Numbers of posts that WPML names as the original of another.
    originals: set[int] = field(default_factory=set)
    sections: Counter[str] = field(default_factory=Counter)
    # Custom fields with words in them that we do not know, and in how many texts.
    fields: Counter[str] = field(default_factory=Counter)
    comments: int = 0
    comments_left_out: int = 0


def survey(reader: WxrReader) -> Survey:
    """Read the whole file once, changing nothing. Raises ImportRefused for a file that cannot be read to its end."""
    found = Survey()
    for item in reader.items():
        found.entries += not is_machinery(item.kind)
        if item.kind == "attachment":
            found.attachments.add(item)
        elif item.kind == "wp_block":
            if item.status == "publish":
                found.reusable[item.foreign_id] = item.content
        elif item.kind == "elementor_library":
            if item.status == "publish" and len(found.templates) < _MAX_FIELDS:
                found.templates[item.foreign_id] = built(item.content, item.meta).html or item.content
        elif item.kind == "memberpressrule":
            found.rules.add(item)
        elif item.kind == "tablepress_table":
            _add_table(found, item)
        elif item.kind in GUEST_KINDS:
            found.people.add_guest(item)
        elif is_story(item.kind) or item.kind == "page":
            _add_text(found, item, reader)
        if item.kind in RULES_ELSEWHERE:
            found.rules_elsewhere.add(RULES_ELSEWHERE[item.kind])
    found.people.authors = reader.authors
    return found


def is_unsorted(term: Term) -> bool:
    """Whether a category only says that a post has none."""
    return term.name.strip().lower() in UNSORTED or term.slug == "uncategorized"


def section_of(item: Item, terms: dict[tuple[str, str], Term]) -> Term | None:
    """The category a post stands in: the one marked as primary, else the first that says something.

    A kind of the paper's own may have categories of its own too ("news_category").
    """
    categories = [term for term in item.terms if term.domain == "category"]
    categories = categories or [term for term in item.terms if kinds.is_section(term.domain)]
    primary = {item.meta[key].strip() for key in PRIMARY_CATEGORY if item.meta.get(key)}
    if item.meta.get("td_post_theme_settings"):
        primary.add(str(php_dict(item.meta["td_post_theme_settings"]).get("td_primary_cat") or ""))
    for term in categories if primary else ():
        known = terms.get((term.domain, term.slug))
        if (known and str(known.foreign_id) in primary) or term.slug in primary:
            return term
    return next((term for term in categories if not is_unsorted(term)), categories[0] if categories else None)


def _add_text(found: Survey, item: Item, reader: WxrReader) -> None:
    kept = sum(comment.approved == "1" and comment.kind in ("", "comment") for comment in item.comments)
    found.comments += kept
    found.comments_left_out += len(item.comments) - kept
    original = item.meta.get("_icl_lang_duplicate_of", "").strip()
    if original.isascii() and original.isdigit():
        found.originals.add(int(original[:18]))
    if item.status == "publish":
        found.attachments.stands_above(item.foreign_id, item.meta.get("_thumbnail_id", "").strip())
    if is_story(item.kind):
        section = section_of(item, reader.terms)
        if section is not None:
            found.sections[section.slug] += 1
    for key, value in item.meta.items():
        if _has_words(key, value) and (key in found.fields or len(found.fields) < _MAX_FIELDS):
            found.fields[key] += 1


def _has_words(key: str, value: str) -> bool:
    if key.startswith(("_", "rank_math", "yoast", "jetpack", "ppma", "td_", "newspack", "essb", "wpil", "dsq")):
        return False
    if key in KNOWN_FIELDS or len(value) < 12 or value[:2] in ("a:", "O:", "{}", '["') or value[0] in '{["/#':
        return False
    return "://" not in value[:12] and re.match(r"(?:\W*[^\W\d_]{2,}){3}", text_of(value[:1000])) is not None


def _add_table(found: Survey, item: Item) -> None:
    """TablePress keeps each table as an entry of its own, its cells as JSON."""
    try:
        rows = json.loads(item.content)
    except (ValueError, RecursionError):
        return
    number = item.meta.get("_tablepress_export_table_id") or item.slug or str(item.foreign_id)
    if isinstance(rows, list) and len(found.tables) < 10_000:
        found.tables[number] = [[str(cell) for cell in row] for row in rows if isinstance(row, list)]
