"""Whether rich text is what the desk writes, letter for letter: cleaning would change its spelling and no more."""

from __future__ import annotations

import re
from html import unescape

from standfirst.kit.html import PASSAGE_TAGS, clean_passage
from standfirst.kit.links import safe_href

_TAG = re.compile(r"<(/?)([a-z0-9]+)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_VALUES = {
    "data-block-key": re.compile(r"[A-Za-z0-9_-]{1,36}"),
    "linktype": re.compile(r"page|document"),
    "id": re.compile(r"[0-9]{1,12}"),
}
_ONLY_ON_LINKS = frozenset({"href", "linktype", "id"})


def is_passage(html: str) -> bool:
    """Whether the text holds nothing but tags, attributes and addresses that story text may hold.

    Strict: what a browser might read in another way than we do is no passage.
    """
    if "\0" in html or "<" in _TAG.sub("", html):
        return False
    return all(_is_good(tag, attributes) for _slash, tag, attributes in _TAG.findall(html))


def _is_good(tag: str, attributes: str) -> bool:
    if tag not in PASSAGE_TAGS:
        return False
    for name, value in _ATTRIBUTE.findall(attributes):
        if name in _ONLY_ON_LINKS and tag != "a":
            return False
        if name == "href":
            if safe_href(unescape(value)) is None:
                return False
        elif name not in _VALUES or not _VALUES[name].fullmatch(value):
            return False
    return True


def as_passage(html: str) -> tuple[str, bool]:
    """The text as it may be stored, and whether it had to be cleaned."""
    if is_passage(html):
        return html, False
    return clean_passage(html, stored=True), True
