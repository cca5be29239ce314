"""Text editions: the address of a page's own, and links of a text page that lead to text pages.

The rule is one for the whole paper: the text edition of a page stands one step below it, at `text/`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

BELOW = "text/"
_link = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)"')
_paragraph_id = re.compile(r' id="p-[a-zA-Z0-9_-]+"')


def text_address(address: str) -> str:
    """The text edition of a page of ours; any other address, and one whose page has none, as it is.

    An address of ours may be written with the newsroom's own host, as people paste it.
    """
    base = settings.NEWSROOM.base_url.rstrip("/")
    own = address[len(base) :] if base and address.startswith(f"{base}/") else address
    if not own.startswith("/") or own.startswith("//"):
        return address
    parts = urlsplit(own)
    if parts.query:
        return address
    first = parts.path.split("/")[1]
    language = first if first in dict(settings.LANGUAGES[1:]) else settings.LANGUAGE_CODE
    # Addresses are matched in their own language, whichever is read.
    with translation.override(language):
        try:
            page, text = resolve(parts.path).view_name, resolve(parts.path + BELOW).view_name
        except Resolver404:
            return address
    if text != f"{page}_text":
        return address
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}{BELOW}{fragment}"


def with_text_links(html: str) -> str:
    """Clean running text for a text edition: links within the paper lead to text, and no marks for machines."""
    return _paragraph_id.sub("", _link.sub(lambda found: f'{found[1]}{text_address(found[2])}"', html))
