"""Running text: stable paragraph ids on the way in, safe HTML with resolved links on the way out.

A paragraph's id is the editor's own block key (Draftail's, `data-block-key`), kept through every edit and
repaired on save when it is missing or doubled (decision 3). Readers' pages carry it as `id="p-KEY"`.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
import uuid
from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from standfirst.kit.html import clean_passage
from standfirst.press.shown import shows

KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
BLOCK_TAGS = "p|h2|h3|h4|ul|ol|li|blockquote|hr"
_opening = re.compile(rf"<({BLOCK_TAGS})\b([^>]*)>", re.IGNORECASE)
_borders = re.compile(r"(</(?:p|h2|h3|h4|li|ul|ol|blockquote)>)\s*(?=<(?:p|h2|h3|h4|li|ul|ol|blockquote|hr)\b)")
_inner_list = re.compile(r"([^>\s]|</(?:a|b|i|strong|em|s|sub|sup)>)\s*(?=<[uo]l\b)")
_break = re.compile(r"<br\s*/?>\s*")
_key_anywhere = re.compile(r'data-block-key=\\?"([^"\\]*)')
_key = re.compile(r'\s*data-block-key="([^"]*)"')
# Elements that carry a key of Draftail's; lists do not, their items do.
_keyed = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})
_link = re.compile(r"<a\b([^>]*)>", re.IGNORECASE)
_attribute = re.compile(r'([a-z-]+)="([^"]*)"')


def new_key() -> str:
    """A block key as Draftail makes them: five letters or digits."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(5))


def repair_keys(html: str, seen: set[str]) -> str:
    """Give every block of rich text a key of its own. `seen`: keys used so far in the story; is added to."""

    def mend(match: re.Match[str]) -> str:
        tag, attributes = match.group(1), match.group(2)
        if tag.lower() not in _keyed:
            return match.group(0)
        found = _key.search(attributes)
        key = found.group(1) if found else ""
        if key and key not in seen:
            seen.add(key)
            return match.group(0)
        while not key or key in seen:
            key = new_key()
        seen.add(key)
        return f'<{tag}{_key.sub("", attributes)} data-block-key="{key}">'

    return _opening.sub(mend, html)


def repair_stream(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as plain data with every block id and paragraph key present and unique in the story."""
    seen_keys: set[str] = set()
    seen_ids: set[str] = set()
    repaired = []
    for block in blocks:
        block = dict(block)
        if not block.get("id") or block["id"] in seen_ids:
            block["id"] = str(uuid.uuid4())
        seen_ids.add(block["id"])
        value = block.get("value")
        if block["type"] == "text" and isinstance(value, str):
            block["value"] = repair_keys(value, seen_keys)
        elif block["type"] in ("fact_box", "update_note") and isinstance(value, dict) and value.get("text"):
            block["value"] = {**value, "text": repair_keys(str(value["text"]), seen_keys)}
        repaired.append(block)
    return repaired


def repair_beside(html: str, blocks: Iterable[dict[str, Any]]) -> str:
    """Rich text that stands outside the blocks of its story, with every key present and unlike theirs."""
    return repair_keys(html, set(_key_anywhere.findall(json.dumps(list(blocks), default=str)))) if html else html


class LinkTargets:
    """Public addresses of the pages and files that rich text links to, fetched once per page of the paper."""

    def __init__(self, texts: Iterable[str]) -> None:
        pages: set[int] = set()
        documents: set[int] = set()
        for text in texts:
            for attributes in _link.findall(text):
                found = dict(_attribute.findall(attributes))
                if found.get("id", "").isdigit():
                    (documents if found.get("linktype") == "document" else pages).add(int(found["id"]))
        self.pages: dict[int, str] = {}
        self.documents: dict[int, str] = {}
        # What is linked and not public now comes back as a link when it is.
        shows(*(f"{kind}:{pk}" for pk in pages for kind in ("story", "standing", "home")))
        shows(*(f"document:{pk}" for pk in documents))
        if pages:
            from standfirst.stories.models import StoryPage

            # Most links lead to stories, whose address is stored: no page has to be built for it.
            linked = StoryPage.objects.filter(pk__in=pages, live=True, public_path__isnull=False)
            self.pages.update(linked.order_by().values_list("pk", "public_path"))
            pages -= set(self.pages)
        if pages:
            for page in Page.objects.filter(pk__in=pages, live=True).defer_streamfields().specific():
                address = getattr(page, "public_address", None)
                if address:
                    self.pages[page.pk] = address
        if documents:
            from standfirst.stories.models import NewsDocument

            self.documents = {d.pk: d.file.url for d in NewsDocument.objects.filter(pk__in=documents)}

    def resolve(self, html: str) -> str:
        """`<a linktype="page" id="3">` becomes a link to the page's address; dead ones lose the link, not the words."""

        def mend(match: re.Match[str]) -> str:
            found = dict(_attribute.findall(match.group(1)))
            kind = found.get("linktype")
            if not kind:
                return match.group(0)
            where = self.documents if kind == "document" else self.pages
            number = found.get("id", "")
            address = where.get(int(number)) if number.isdigit() else None
            # A place on that page: what is stored is escaped already.
            place = found.get("href", "")
            return f'<a href="{escape(address)}{place if place.startswith("#") else ""}">' if address else "<a>"

        return _link.sub(mend, html)


def to_readers(html: str, targets: LinkTargets) -> SafeString:
    """Rich text as readers get it: links resolved, cleaned by the allow-list once more, keys as ids, and letters that
    were pasted in parts as one, so that programs that compare letter by letter find the words of `passages`."""
    # The keys pass the cleaner as class-less ids made of the key alone.
    cleaned = unicodedata.normalize("NFC", _lined(clean_passage(targets.resolve(html), stored=True)))
    return mark_safe(re.sub(r'data-block-key="([a-zA-Z0-9_-]{1,40})"', r'id="p-\1"', cleaned))  # noqa: S308


def _lined(html: str) -> str:
    """One line end between two paragraphs and a space at a line break: then the text of the elements, as programs read
    it that do not draw them, is the text of `passages`."""
    return _break.sub("<br> ", _inner_list.sub(r"\1\n", _borders.sub(r"\1\n", html)))
