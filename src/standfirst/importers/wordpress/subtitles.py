"""The line under the headline: the field of the usual plugins and themes, else the excerpt."""

from __future__ import annotations

from standfirst.importers.wordpress.php import php_dict
from standfirst.kit.html import text_of

_FIELDS = (
    *("standfirst", "_standfirst", "newspack_post_subtitle", "wps_subtitle", "_wps_subtitle", "subtitle", "_subtitle"),
    *("dek", "_dek", "deck", "_deck", "post_subtitle", "_post_subtitle", "sub_title", "_sub_title", "sub_headline"),
    *("subheading", "subhead", "sub_heading", "lede", "lead", "lead_text", "post_lead", "intro", "intro_text", "lid"),
    *("kss_subtitle", "secondary_title", "_secondary_title", "_bunyad_sub_title", "penci_post_sub_title", "teaser"),
    *("article_subtitle", "article_lead", "anreisser", "vorspann", "chapo", "chapeau", "entradilla", "bajada"),
    *("wpsubtitle", "_wpsubtitle", "csco_subtitle", "_smart_subtitle", "st_subtitle", "headline_sub"),
)
_PACKED = {"td_post_theme_settings": "td_subtitle", "jnews_single_post": "subtitle", "_soledad_meta": "sub_title"}
# Fields that have a place here, or are read elsewhere.
KNOWN_FIELDS = frozenset(
    {
        *_FIELDS,
        *("footnotes", "guest-author", "guest_author", "byline", "custom_byline", "author_byline", "custom_author"),
        *("guest_author_name", "author_name_override", "article_author", "post_author_name", "author_override"),
        *("credit_author", "panels_data", "enclosure", "advanced_seo_description", "slim_seo", "tve_updated_post"),
    }
)


def standfirst_of(excerpt: str, meta: dict[str, str]) -> tuple[str, str]:
    """(what stood under the headline, the excerpt if that is something else)."""
    words = next((text_of(meta[key]) for key in _FIELDS if _is_text(meta.get(key, ""))), "")
    if not words:
        for key, name in _PACKED.items():
            value = php_dict(meta[key]).get(name) if meta.get(key) else None
            if isinstance(value, str) and _is_text(value):
                words = text_of(value)
                break
    own = text_of(excerpt)
    if not words or words == own:
        return own, ""
    return words, own


def _is_text(value: str) -> bool:
    words = value.strip()
    return bool(words) and not words.isdigit() and not words.startswith(("a:", "O:", "{", "[", "http", "field_"))
