"""A post's content, block markup or classic, as plain HTML: blocks, shortcodes and paragraphs written out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.wordpress.autop import autop
from standfirst.importers.wordpress.shortcodes import shortcodes_to_html

_BLOCK = re.compile(r"\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(\{.*\}\s+)?(/)?", re.DOTALL)
# Blocks that WordPress fills when it shows them; the export holds nothing of theirs.
_SILENT = frozenset({"spacer", "separator", "more", "nextpage", "core/more", "post-title", "post-date", "tag-cloud"})
_EMPTY_GALLERY = '<div class="sf-gallery" data-ids=""></div>'


class Markup:
    """Writes out the contents of one site's posts.

    reusable: the contents of reusable blocks by id. gallery_of: the attachments uploaded to a post, for [gallery].
    """

    def __init__(
        self, *, reusable: dict[int, str] | None = None, gallery_of: Callable[[int], list[int]] | None = None
    ) -> None:
        self.reusable = reusable or {}
        self.gallery_of = gallery_of or (lambda post: [])

    def html(self, content: str, *, post: int = 0) -> tuple[str, list[str]]:
        """(plain HTML, what was changed or left out, one sentence each). Never raises for bad markup."""
        changes: list[str] = []
        written = self._markup(content, changes, depth=0)
        if _EMPTY_GALLERY in written:
            ids = ",".join(map(str, self.gallery_of(post)))
            written = written.replace(_EMPTY_GALLERY, f'<div class="sf-gallery" data-ids="{ids}"></div>')
        return written, list(dict.fromkeys(changes))

    def _markup(self, content: str, changes: list[str], *, depth: int) -> str:
        """The content as plain HTML: block comments resolved, classic parts with their paragraphs."""
        content = content.replace("\r\n", "\n")
        if "<!-- wp:" not in content:
            return autop(self._shortcodes(content, changes))
        out: list[str] = []
        position = 0
        open_blocks: list[str] = []

        def text(part: str) -> str:
            part = self._shortcodes(part, changes)
            # Between blocks, and in the two blocks made for it, stands classic text.
            is_classic = not open_blocks or open_blocks[-1] in ("freeform", "shortcode")
            return autop(part) if is_classic else part

        for start, end, match in _block_marks(content):
            out.append(text(content[position:start]))
            position = end
            closing, name, data, single = match[1], match[2].removeprefix("core/"), match[3], match[4]
            is_embed = name == "embed" or name.startswith("core-embed/")
            if closing:
                if open_blocks:
                    open_blocks.pop()
                out.append("</div>" if is_embed else "")
                continue
            values = _json(data)
            if single:
                out.append(self._single_block(name, values, changes, depth))
                continue
            open_blocks.append(name)
            if is_embed:
                url = values.get("url")
                mark = f' data-url="{html.escape(url)}"' if isinstance(url, str) else ""
                out.append(f'<div class="sf-embed"{mark}>')
        out.append(text(content[position:]))
        return "".join(out)

    def _single_block(self, name: str, values: dict[str, Any], changes: list[str], depth: int) -> str:
        if name == "block":
            number = values.get("ref")
            if isinstance(number, int) and number in self.reusable and depth < 3:
                return self._markup(self.reusable[number], changes, depth=depth + 1)
            changes.append(_("A reusable block that the export does not hold was left out."))
        elif name == "embed" and isinstance(values.get("url"), str):
            return f'<div class="sf-embed" data-url="{html.escape(values["url"])}"></div>'
        elif name not in _SILENT:
            changes.append(_("The block “%(name)s”, which WordPress filled in itself, was left out.") % {"name": name})
        return ""

    def _shortcodes(self, text: str, changes: list[str]) -> str:
        return shortcodes_to_html(
            text,
            lambda name: changes.append(
                _("The shortcode [%(name)s] was taken out; the words inside it were kept.") % {"name": name}
            ),
        )


def _block_marks(content: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """WordPress's block comments: where each begins and ends, and what it says. Never reads a text twice."""
    start = content.find("<!--")
    while start >= 0 and (end := content.find("-->", start)) >= 0:
        match = _BLOCK.fullmatch(content, start + 4, end)
        if match:
            yield start, end + 3, match
        start = content.find("<!--", end)


def _json(data: str | None) -> dict[str, Any]:
    try:
        values = json.loads(data or "{}")
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
