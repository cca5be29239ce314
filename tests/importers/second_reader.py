"""An export read a second way, with patterns alone: no parser, and nothing of ours."""

from __future__ import annotations

import html
import lzma
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

_ITEM = re.compile(r"<item>(.*?)</item>", re.DOTALL)
_FIELD = r"<{name}(?: [^>]*)?>(?:\s*<!\[CDATA\[(.*?)\]\]>\s*|([^<]*))</{name}>"
_TERM = re.compile(r'<category domain="([^"]*)" nicename="([^"]*)"><!\[CDATA\[(.*?)\]\]></category>', re.DOTALL)
_META = re.compile(
    r"<wp:meta_key>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</wp:meta_key>\s*<wp:meta_value><!\[CDATA\[(.*?)\]\]></wp:meta_value>",
    re.DOTALL,
)


@dataclass
class Read:
    """One item. words: what a reader would read of it; pictures: file names in the order of the text."""

    number: int
    kind: str
    status: str
    title: str
    path: str
    date: str
    author: str
    words: str
    html: str
    slug: str = ""
    password: str = ""
    categories: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return self.status == "publish" and not self.password

    @property
    def links(self) -> list[str]:
        return [html.unescape(found) for found in re.findall(r'<a [^>]*href="(https?://[^"]*)"', self.html)]


def read_again(file: Path) -> list[Read]:
    data = file.read_bytes()
    text = (lzma.decompress(data) if file.suffix == ".xz" else data).decode("utf-8", "replace")
    names = {
        _in(author, "wp:author_login"): _in(author, "wp:author_display_name")
        for author in re.findall(r"<wp:author>(.*?)</wp:author>", text, re.DOTALL)
    }
    found = []
    for match in _ITEM.finditer(text.replace("]]]]><![CDATA[>", "\N{MEDIUM SHADE}")):
        item = re.sub(r"<wp:comment>.*?</wp:comment>", "", match[1], flags=re.DOTALL)
        content = _in(item, "content:encoded")
        terms = _TERM.findall(item)
        found.append(
            Read(
                number=int(_in(item, "wp:post_id")),
                kind=_in(item, "wp:post_type"),
                status=_in(item, "wp:status"),
                title=_in(item, "title"),
                path=re.sub(r"^https?://[^/]+", "", _in(item, "link")),
                date=_in(item, "wp:post_date_gmt"),
                author=names.get(_in(item, "dc:creator"), ""),
                words=words(content),
                html=content,
                slug=unquote(_in(item, "wp:post_name")),
                password=_in(item, "wp:post_password"),
                categories={slug: html.unescape(name) for domain, slug, name in terms if domain == "category"},
                tags={slug: html.unescape(name) for domain, slug, name in terms if domain == "post_tag"},
                meta=dict(_META.findall(item)),
            )
        )
    return found


def words(content: str) -> str:
    """The letters, figures and signs of a text without anything between them."""
    content = re.sub(
        r"(?s)<script.*?</script>|<!--.*?-->|\[/?(?:caption|gallery|unknown_shortcode)[^\]]*\]", "", content
    )
    content = content.replace("\N{MEDIUM SHADE}", "]]>")
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", content)).split())


def _in(item: str, name: str) -> str:
    found = re.search(_FIELD.format(name=name), item, re.DOTALL)
    return (found[1] if found[1] is not None else found[2]).strip() if found else ""
