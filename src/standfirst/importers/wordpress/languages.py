"""Which language a post is in, and which posts are one text in several: Polylang, WPML, qTranslate."""

from __future__ import annotations

import re

from standfirst.importers.wordpress.php import php_dict
from standfirst.importers.wordpress.records import Item, Term
from standfirst.kit.links import split

_LANGUAGE_FIELDS = (
    *("_wpml_import_language_code", "wpml_language", "_wpml_language", "wpml_language_code", "_icl_language"),
    *("_locale", "_language", "language_code", "post_language", "_translatepress_language", "_lang"),
)
_GROUP_FIELDS = ("_wpml_import_translation_group", "_wpml_trid", "wpml_trid", "trid", "_translation_group", "_trid")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$")
_ASKED = re.compile(r"(?:^|&)lang=([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)(?:&|$)")
_MIXED = re.compile(r"\[:([a-z]{2})\]|<!--:([a-z]{2})-->|\{:([a-z]{2})\}")
_ENDS = re.compile(r"\[:\]|<!--:-->|\{:\}")


def language_of(item: Item, known: frozenset[str], base: str = "") -> str:
    """The code a translation plugin gives it, else the one its address begins with; "" for neither.

    known: languages that an address may name by its first part. base: the folder the old site lay in.
    """
    for term in item.terms:
        if term.domain == "language" and term.slug:
            return term.slug.removeprefix("pll_")
    for key in _LANGUAGE_FIELDS:
        value = item.meta.get(key, "").strip()
        if value and _CODE.match(value):
            return value
    parts = split(item.link)
    asked = _ASKED.search(parts.query)
    if asked:
        return asked[1]
    path = parts.path.removeprefix(base).lstrip("/")
    first, slash, _rest = path.partition("/")
    return first if slash and first.lower() in known else ""


def translation_of(item: Item) -> str:
    """What all languages of one text have in common; "" for a text that stands alone."""
    for term in item.terms:
        if term.domain == "post_translations" and term.slug:
            return f"pll:{term.slug}"
    for key in _GROUP_FIELDS:
        value = item.meta.get(key, "").strip()
        if value and value != "0":
            return f"trid:{value[:100]}"
    original = item.meta.get("_icl_lang_duplicate_of", "").strip()
    return f"original:{original}" if original.isdigit() else ""


def lists_in_languages(terms: dict[tuple[str, str], Term]) -> dict[int, dict[str, Term]]:
    """Categories that are one in several languages (Polylang): for each one's number all of them by language."""
    by_number = {term.foreign_id: term for (domain, _slug), term in terms.items() if domain == "category"}
    found: dict[int, dict[str, Term]] = {}
    for term in terms.values():
        if term.domain == "term_translations" and term.description:
            numbers = {code: number for code, number in php_dict(term.description).items() if isinstance(number, int)}
            group = {code: by_number[number] for code, number in numbers.items() if number in by_number}
            found |= {number: group for number in numbers.values() if len(group) > 1}
    return found


def languages_in(text: str) -> list[str]:
    """The languages one text holds side by side (qTranslate), in their order; none for a usual text."""
    if "[:" not in text and "<!--:" not in text and "{:" not in text:
        return []
    found = dict.fromkeys(next(filter(None, match.groups())) for match in _MIXED.finditer(text))
    return list(found) if _ENDS.search(text) or len(found) > 1 else []


def part_in(text: str, language: str) -> str:
    """What such a text says in one language; what stands outside the marks belongs to all of them."""
    out: list[str] = []
    current, position = "", 0
    marks = sorted([*_MIXED.finditer(text), *_ENDS.finditer(text)], key=lambda match: match.start())
    for mark in [*marks, None]:
        part = text[position : mark.start() if mark else len(text)]
        if current in ("", language):
            out.append(part)
        if mark:
            current = next(filter(None, mark.groups()), "") if mark.re is _MIXED else ""
            position = mark.end()
    return "".join(out)
