"""Titles and descriptions for search engines, as the usual plugins keep them, with their variables resolved."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass

from standfirst.importers.wordpress.php import php_dict
from standfirst.kit.html import extract, text_of

MAX_TITLE = 255
MAX_DESCRIPTION = 500
_TITLES = (
    *("_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title", "_seopress_titles_title"),
    *("_genesis_title", "jetpack_seo_html_title", "_su_title", "_metaseo_metatitle", "_wds_title", "_sq_title"),
)
_DESCRIPTIONS = (
    *("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description", "_aioseop_description"),
    *("_seopress_titles_desc", "_genesis_description", "advanced_seo_description", "_su_description"),
    *("_metaseo_metadesc", "_wds_metadesc", "_sq_description", "_msp_description"),
)
PRIMARY_CATEGORY = (
    *("_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat"),
    *("_primary_term_category", "_aioseo_primary_category", "_primary_category", "epc_primary_category"),
    *("_csco_primary_category", "primary_category"),
)
# %%title%% (Yoast, SEOPress), %title%, %customfield(x)% (Rank Math), #post_title (All in One), {{ post.title }} (Slim)
_VARIABLE = re.compile(
    r"%%([a-z0-9_-]{1,60})%%|%([a-z][a-z0-9_]{1,40})(?:\([^()%]{0,100}\))?%|#([a-z]+_[a-z_]{1,40})|\{\{\s*([a-z._]{1,40})\s*\}\}",
    re.IGNORECASE,
)
_NAMES = {
    **dict.fromkeys(("title", "post_title", "post.title", "page_title", "single_title"), "title"),
    **dict.fromkeys(("excerpt", "excerpt_only", "post_excerpt", "post.excerpt", "wc_shortdesc"), "excerpt"),
    **dict.fromkeys(("category", "primary_category", "post_category", "categories", "taxonomy_title"), "section"),
    **dict.fromkeys(("name", "author", "post_author", "author_name", "post.author"), "author"),
    **dict.fromkeys(("date", "post_date", "post.date"), "date"),
    **dict.fromkeys(("post_year",), "year"),
    **dict.fromkeys(("sep", "separator", "separator_sa"), "sep"),
}
_NETWORKS = re.compile(
    r"_yoast_wpseo_(?:opengraph|twitter)-(?:title|description|image)|rank_math_(?:facebook|twitter)_(?:title|description|image)"
    r"|_seopress_social_(?:fb|twitter)_(?:title|desc|img)|_aioseo_(?:og|twitter)_(?:title|description)"
    r"|_open_graph_(?:title|description|image)|_twitter_(?:title|description|image)|_social_image_url"
)
_SOURCES = {
    "td_post_theme_settings": (("td_source", "td_source_url"), ("td_via", "td_via_url")),
    "jnews_single_post": (("source_name", "source_url"), ("via_name", "via_url")),
}
_EDGES = " \t\n-–—|·•»/:,~*"
_MAX_FIELD = 5_000


@dataclass(frozen=True)
class Said:
    """What variables stand for in one post."""

    title: str
    excerpt: str = ""
    section: str = ""
    author: str = ""
    published: dt.datetime | None = None


def search_words(meta: dict[str, str], said: Said) -> tuple[str, str]:
    """(title, description); "" where there is none of its own, as when it only repeats the headline and the site."""
    slim = php_dict(meta["slim_seo"]) if meta.get("slim_seo") else {}
    title = _first(meta, _TITLES) or str(slim.get("title") or "")
    description = _first(meta, _DESCRIPTIONS) or str(slim.get("description") or "")
    title = resolved(title, said)
    if title.casefold() == said.title.casefold():
        title = ""
    return extract(title, MAX_TITLE), extract(resolved(description, said), MAX_DESCRIPTION)


def resolved(words: str, said: Said) -> str:
    """Words without variables: what we know is put in, the rest (site, page number, separator) goes."""

    def value(match: re.Match[str]) -> str:
        name = _NAMES.get(next(part for part in match.groups() if part).lower(), "")
        if name == "date":
            return f"{said.published:%Y-%m-%d}" if said.published else ""
        if name == "year":
            return f"{said.published:%Y}" if said.published else ""
        return "–" if name == "sep" else str(getattr(said, name, ""))

    text, count = _VARIABLE.subn(value, text_of(words[:_MAX_FIELD]))
    # What stood only to part the title from the name of the site goes with it.
    return " ".join((text.strip(_EDGES) if count else text).split())


def keeps_away(meta: dict[str, str]) -> bool:
    """Whether search engines were asked to leave it out."""
    robots = meta.get("rank_math_robots", "")
    return (
        meta.get("_yoast_wpseo_meta-robots-noindex") == "1"
        or meta.get("_seopress_robots_index") == "yes"
        or meta.get("_genesis_noindex") == "1"
        or meta.get("_aioseop_noindex") == "on"
        or "noindex" in robots
    )


def says_otherwise_to_networks(meta: dict[str, str]) -> bool:
    """Whether a text had a title, a line or a picture of its own for Facebook, X and the like."""
    return any(_NETWORKS.fullmatch(key) and value.strip() not in ("", "0") for key, value in meta.items())


def source_named(meta: dict[str, str]) -> str:
    """The lines below a text in which a theme named where it came from, and by whose way; "" for none."""
    lines = []
    for field, pairs in _SOURCES.items():
        packed = php_dict(meta[field]) if meta.get(field) else {}
        for name, address in pairs:
            words, url = (" ".join(text_of(str(packed.get(key) or "")).split()) for key in (name, address))
            if words:
                said = html.escape(words, quote=False)
                is_link = url.startswith(("http://", "https://"))
                lines.append(f'<p><a href="{html.escape(url)}">{said}</a></p>' if is_link else f"<p>{said}</p>")
    return "".join(lines)


def canonical_of(meta: dict[str, str]) -> str:
    """The address elsewhere that the text named as its original."""
    keys = ("_yoast_wpseo_canonical", "rank_math_canonical_url", "_seopress_robots_canonical", "_genesis_canonical_uri")
    return _first(meta, keys)


def _first(meta: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((meta[key].strip() for key in keys if meta.get(key, "").strip()), "")
