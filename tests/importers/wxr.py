"""Exports for the tests: small ones written here, and an independent reader of real ones."""

from __future__ import annotations

import html
import lzma
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
REAL = DATA / "wordpress-export.xml.xz"

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old Paper</title><link>https://old.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[olena]]></wp:author_login>
<wp:author_email><![CDATA[secret@old.example]]></wp:author_email>
<wp:author_display_name><![CDATA[Олена Приклад]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>6</wp:term_id><wp:category_nicename>world</wp:category_nicename>
<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[World]]></wp:cat_name></wp:category>
<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>asia</wp:category_nicename>
<wp:category_parent>world</wp:category_parent><wp:cat_name><![CDATA[Asia]]></wp:cat_name></wp:category>
"""
TAIL = "</channel></rss>\n"


def item(
    number: int,
    title: str = "A bridge is closed",
    content: str = "<p>Two bearings failed.</p>",
    *,
    link: str | None = None,
    kind: str = "post",
    status: str = "publish",
    slug: str | None = None,
    when: str = "2024-11-04 09:30:00",
    excerpt: str = "",
    author: str = "olena",
    password: str = "",
    extra: str = "",
    categories: tuple[tuple[str, str, str], ...] = (("category", "world", "World"),),
    meta: dict[str, str] | None = None,
) -> str:
    slug = f"post-{number}" if slug is None else slug
    terms = "".join(f'<category domain="{d}" nicename="{s}"><![CDATA[{n}]]></category>' for d, s, n in categories)
    values = "".join(
        f"<wp:postmeta><wp:meta_key>{k}</wp:meta_key><wp:meta_value><![CDATA[{v}]]></wp:meta_value></wp:postmeta>"
        for k, v in (meta or {}).items()
    )
    return f"""<item><title><![CDATA[{title}]]></title><link>{link or f"https://old.example/{slug}/"}</link>
<pubDate>Mon, 04 Nov 2024 09:30:00 +0000</pubDate><dc:creator><![CDATA[{author}]]></dc:creator>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{when}</wp:post_date><wp:post_date_gmt>{when}</wp:post_date_gmt>
<wp:post_modified_gmt>{when}</wp:post_modified_gmt><wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_parent>0</wp:post_parent><wp:post_type>{kind}</wp:post_type><wp:post_password>{password}</wp:post_password>
<wp:is_sticky>0</wp:is_sticky>{terms}{values}{extra}</item>
"""


def attachment(number: int, file: str, *, caption: str = "", alt: str = "", parent: int = 0) -> str:
    extra = f"<wp:attachment_url>https://old.example/wp-content/uploads/{file}</wp:attachment_url>"
    text = item(
        number,
        file.rsplit("/", 1)[-1],
        "",
        kind="attachment",
        status="inherit",
        excerpt=caption,
        extra=extra,
        categories=(),
        meta={"_wp_attached_file": file, "_wp_attachment_image_alt": alt},
    )
    return text.replace("<wp:post_parent>0<", f"<wp:post_parent>{parent}<")


def export(tmp_path: Path, *items: str, name: str = "export.xml", head: str = HEAD) -> Path:
    file = tmp_path / name
    file.write_text(head + "".join(items) + TAIL, encoding="utf-8")
    return file


def sample(tmp_path: Path) -> Path:
    """The real export cut down: everything special in it, its attachments, and twenty of its thousand plain posts."""
    text = lzma.decompress(REAL.read_bytes()).decode()
    items = re.findall(r"\t<item>.*?</item>\n", text, re.DOTALL)
    plain_posts = [one for one in items if "/article-0" in one]
    left_out = set(plain_posts[20:])
    file = tmp_path / "sample.xml"
    head, tail = text[: text.index(items[0])], text[text.rindex("</item>") + 7 :]
    file.write_text(head + "".join(one for one in items if one not in left_out) + tail, encoding="utf-8")
    return file


@dataclass(frozen=True)
class Seen:
    """A post as the independent reader sees it."""

    number: int
    title: str
    path: str
    author: str
    date: str
    text: str
    excerpt: str
    public: bool
    kind: str


def seen_in(file: Path) -> list[Seen]:
    """Every post and page of an export, read with nothing of ours: the standard library's parser and a few patterns."""
    data = file.read_bytes()
    if file.suffix == ".xz":
        data = lzma.decompress(data)
    # The one character of this file that XML forbids.
    data = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", data)
    channel = ET.fromstring(data).find("channel")
    wp = "{http://wordpress.org/export/1.2/}"
    authors = {
        node.findtext(f"{wp}author_login"): node.findtext(f"{wp}author_display_name")
        for node in channel.iter(f"{wp}author")
    }
    found = []
    for node in channel.iter("item"):
        kind = node.findtext(f"{wp}post_type")
        if kind not in ("post", "page"):
            continue
        content = node.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
        found.append(
            Seen(
                number=int(node.findtext(f"{wp}post_id")),
                title=plain(node.findtext("title") or ""),
                path=re.sub(r"^https?://[^/]+", "", node.findtext("link") or ""),
                author=authors.get(node.findtext("{http://purl.org/dc/elements/1.1/}creator"), ""),
                date=node.findtext(f"{wp}post_date_gmt") or "",
                text=plain(content),
                excerpt=plain(node.findtext("{http://wordpress.org/export/1.2/excerpt/}encoded") or ""),
                public=node.findtext(f"{wp}status") == "publish" and not node.findtext(f"{wp}post_password"),
                kind=kind,
            )
        )
    return found


def plain(text: str) -> str:
    """Words alone: no tags, no shortcodes, no white space, so that only what is said is compared."""
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"\[/?(?:caption|gallery|unknown_shortcode)[^\]]*\]", "", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\s+", "", text)
