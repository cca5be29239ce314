"""Texts that a page builder keeps in a custom field instead of in the post: Elementor, Bricks, Oxygen and others."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from standfirst.importers.wordpress.php import php_dict, php_value
from standfirst.kit.html import text_of

# A builder's field may be this long; other fields are a plugin's own store.
FIELDS = {
    "_elementor_data": "Elementor",
    "_bricks_page_content_2": "Bricks",
    "tve_updated_post": "Thrive",
    **dict.fromkeys(("ct_builder_json", "_ct_builder_json"), "Oxygen"),
    **dict.fromkeys(("ct_builder_shortcodes", "_ct_builder_shortcodes"), "Oxygen"),
    **dict.fromkeys(("_breakdance_data", "breakdance_data"), "Breakdance"),
    "_fl_builder_data": "Beaver Builder",
    "panels_data": "SiteOrigin",
}
_FILMS = (
    "_format_video_embed",
    "_format_audio_embed",
    "_video_url",
    "video_url",
    "featured_video",
    "_featured_video_url",
)
_FILM = re.compile(r"https?://[^\s<>\"']{5,500}$")
_MAX_DEPTH = 40
# Settings in which people write words, by the end of their names: builders' add-ons put their own before it.
_OF_WORDS = re.compile(
    r"(?:^|_)(?:title|text|(?:sub_?)?heading|headline|header_col|editor|desc|description|content|caption|label|name|job"
    r"|price|quote|question|answer|address|html|author|message|intro|info|item|button)s?(?:_(?:[a-d]|\d{1,2}))?$"
)
_HEADINGS = re.compile(r"(?:^|_)(?:title|heading|headline|question)(?:_text)?(?:_[a-d])?$")
_LINKED = ("text", "button", "button_text")
# Choices of the editor's are written small: "center", "h3", "1.5em".
_NO_WORDS = re.compile(r"(?:https?:|#[0-9a-fA-F]{3,8}$|\{).*|[a-z0-9_.%-]*", re.DOTALL)
_STRICT = frozenset({"title", "heading", "text", "editor", "content", "caption", "description", "price", "ct_content"})
_SHORT_SETTINGS = frozenset({"yes", "no", "none", "default", "custom", "inherit", "auto", "left", "right", "center"})
# Widgets that said nothing of their own.
_QUIET = re.compile(
    r"^(?:spacer|divider|icon|menu-anchor|share-|social-|theme-|post-|nav-menu|breadcrumb|table-of-contents|site-|search"
    r"|login|author-box|sidebar|wp-widget-(?:search|meta|nav))"
)


@dataclass
class Built:
    """A builder's text as HTML, "" where the post's own content says as much; lost: widgets that kept nothing here."""

    html: str = ""
    builder: str = ""
    lost: list[str] = field(default_factory=list)


def built(content: str, meta: dict[str, str], templates: Mapping[int, str] | None = None) -> Built:
    """What a builder keeps of a post in its custom fields. templates: what its templates hold, by number."""
    for key, name in FIELDS.items():
        if not meta.get(key):
            continue
        if key == "_elementor_data" and meta.get("_elementor_edit_mode", "builder") != "builder":
            continue
        lost: list[str] = []
        made = _read(key, meta[key], templates or {}, lost)
        theirs, own = len(text_of(made)), len(text_of(content))
        has_pictures = "<img" in made and "<img" not in content and "wp:" not in content
        is_shown = "<img" in made or "sf-embed" in made
        if (theirs and (theirs > own or (has_pictures and theirs > own * 0.8))) or (is_shown and not own):
            return Built(made, name, lost)
    return Built()


def fields_text(content: str, meta: dict[str, str]) -> tuple[str, list[str]]:
    """(the words of custom fields, their names), for a post whose whole text stands in fields of ACF; else ("", [])."""
    if text_of(content):
        return "", []
    used = [
        key
        for key, value in meta.items()
        if meta.get(f"_{key}", "").startswith("field_") and value[:2] not in ("a:", "O:") and _says(key, value)
    ]
    return "".join(_words(key, meta[key]) for key in used), used


def with_film(content: str, meta: dict[str, str]) -> str:
    """The content with the film that a theme showed above it, in the place of a picture."""
    packed = php_dict(meta["td_post_video"]) if meta.get("td_post_video") else {}
    given = [str(packed.get("td_video") or ""), *(meta.get(key, "") for key in _FILMS)]
    url = next((value.strip() for value in given if _FILM.match(value.strip())), "")
    if not url or url in content:
        return content
    shown = f'<div class="sf-embed" data-url="{html.escape(url)}"></div>'
    return f"<!-- wp:html -->{shown}<!-- /wp:html -->{content}" if "<!-- wp:" in content else f"{shown}\n\n{content}"


def _read(key: str, value: str, templates: Mapping[int, str], lost: list[str]) -> str:
    if key == "tve_updated_post":
        return value
    if key.endswith("ct_builder_shortcodes"):
        return re.sub(r"\sct_options='[^']*'", "", value)
    if key == "_bricks_page_content_2":
        found = php_value(value)
        elements = list(found.values()) if isinstance(found, dict) else []
        return "".join(_settings(element.get("settings"), 0) for element in elements if isinstance(element, dict))
    if key in ("panels_data", "_fl_builder_data"):
        return _anything(php_value(value))
    try:
        held = json.loads(value)
        return _anything(held) if key != "_elementor_data" else "".join(_elements(held, 0, templates, lost))
    except (ValueError, RecursionError):
        return ""


def _anything(value: Any, depth: int = 0) -> str:
    """Words and pictures of a builder's whole tree, in the order they stand."""
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "".join(_anything(each, depth + 1) for each in value)
    out = [_settings(value, 6)] if isinstance(value, dict) else []
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key == "tree_json_string" and isinstance(inner, str):
            inner = json.loads(inner)
        if isinstance(inner, dict | list) and not _is_picture(inner):
            out.append(_anything(inner, depth + 1))
    return "".join(out)


def _elements(elements: Any, depth: int, templates: Mapping[int, str], lost: list[str]) -> Iterator[str]:
    for element in elements if isinstance(elements, list) and depth < _MAX_DEPTH else []:
        if not isinstance(element, dict):
            continue
        kind, settings = element.get("widgetType"), element.get("settings")
        settings = settings if isinstance(settings, dict) else {}
        if isinstance(kind, str):
            number = str(settings.get("template_id") or element.get("templateID") or "")
            if kind in ("template", "global") and number.isascii() and number.isdigit():
                made = templates.get(int(number), "")
            else:
                made = _WIDGETS.get(kind, _settings)(settings, 0)
            if not made and not element.get("elements") and not _QUIET.match(kind) and kind not in lost:
                lost.append(kind)
            yield made
        yield from _elements(element.get("elements"), depth + 1, templates, lost)


def _settings(settings: Any, depth: int) -> str:
    """The words and pictures among a widget's settings, in the order they stand."""
    out: list[str] = []
    for key, value in settings.items() if isinstance(settings, dict) else []:
        key = str(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and _says(key, str(value)):
            link = settings.get("link") if key in _LINKED else None
            linked = _link(link, str(value)) if isinstance(link, dict) else ""
            out.append(linked or _words(key, str(value)))
        elif _is_picture(value) and key in ("image", "background_image", "photo"):
            out.append(_picture(value))
        elif isinstance(value, str) and key == "photo_src" and value.startswith("http"):
            out.append(_picture({"url": value, "id": settings.get("photo")}))
        elif isinstance(value, list) and depth < 6:
            out += [_settings(each, depth + 1) for each in value if isinstance(each, dict)]
    return "".join(out)


def _is_picture(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("url"), str)


def _says(key: str, value: str) -> bool:
    """Whether a setting holds words for readers and not a choice of the editor's."""
    if key.startswith("_") or not _OF_WORDS.search(key):
        return False
    words = text_of(value)
    if not words or words.lower() in _SHORT_SETTINGS:
        return False
    return not _NO_WORDS.fullmatch(words) or (key in _STRICT and not words.startswith(("http", "#", "{")))


def _words(key: str, value: str) -> str:
    if _HEADINGS.search(key):
        return f"<h3>{value}</h3>"
    return value if re.search(r"<(?:p|div|ul|ol|h\d|blockquote|table|figure)\b", value) else f"<p>{value}</p>"


def _picture(value: dict[str, Any], caption: str = "") -> str:
    url, number = value.get("url"), value.get("id")
    if not isinstance(url, str) or not url or "placeholder.png" in url:
        return ""
    mark = f' class="wp-image-{number}"' if str(number).isdigit() else ""
    alt = html.escape(str(value.get("alt") or ""))
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{html.escape(url)}" alt="{alt}"{mark}>{words}</figure>'


def _link(value: dict[str, Any], words: str) -> str:
    url = value.get("url")
    if not isinstance(url, str) or not url.strip("#"):
        return ""
    return f'<p><a href="{html.escape(url)}">{html.escape(text_of(words), quote=False)}</a></p>'


def _heading(settings: dict[str, Any], depth: int) -> str:
    rank = "h2" if settings.get("header_size", "h2") in ("h1", "h2") else "h3"
    return f"<{rank}>{settings.get('title') or ''}</{rank}>"


def _image(settings: dict[str, Any], depth: int) -> str:
    image = settings.get("image")
    caption = settings.get("caption") if settings.get("caption_source") == "custom" else ""
    return _picture(image, str(caption or "")) if isinstance(image, dict) else ""


def _gallery(settings: dict[str, Any], depth: int) -> str:
    pictures: Any = next((settings[k] for k in ("wp_gallery", "gallery", "carousel", "slides") if settings.get(k)), [])
    made = [_picture(each.get("image") or each) for each in pictures if isinstance(each, dict)]
    return f'<figure class="wp-block-gallery">{"".join(made)}</figure>' if any(made) else _settings(settings, depth)


def _video(settings: dict[str, Any], depth: int) -> str:
    for key in ("youtube_url", "vimeo_url", "dailymotion_url", "external_url", "hosted_url", "link"):
        value = settings.get(key)
        url = value.get("url") if isinstance(value, dict) else value
        if isinstance(url, str) and url.startswith("http"):
            return f'<div class="sf-embed" data-url="{html.escape(url)}"></div>'
    return ""


def _quote(settings: dict[str, Any], depth: int) -> str:
    words = settings.get("blockquote_content") or settings.get("testimonial_content") or ""
    who = settings.get("author_name") or settings.get("testimonial_name") or ""
    return f"<blockquote>{words}<cite>{who}</cite></blockquote>" if words else ""


def _list(settings: dict[str, Any], depth: int) -> str:
    lines = settings.get("icon_list")
    items = [str(each.get("text") or "") for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items if item)}</ul>" if any(items) else ""


def _button(settings: dict[str, Any], depth: int) -> str:
    link = settings.get("link")
    return _link(link, str(settings.get("text") or "")) if isinstance(link, dict) else ""


def _counter(settings: dict[str, Any], depth: int) -> str:
    percent = settings.get("percent")
    size = percent.get("size") if isinstance(percent, dict) else percent
    figure = f"{size}%" if size else "".join(str(settings.get(k) or "") for k in ("prefix", "ending_number", "suffix"))
    words = ": ".join(filter(None, (str(settings.get("title") or ""), figure)))
    return f"<p>{words}</p>" if words else ""


def _headline(settings: dict[str, Any], depth: int) -> str:
    turning = str(settings.get("rotating_text") or "").replace("\n", ", ")
    parts = [settings.get("before_text"), settings.get("highlighted_text") or turning, settings.get("after_text")]
    words = " ".join(str(part) for part in parts if part)
    return f"<h3>{words}</h3>" if words else ""


def _code(settings: dict[str, Any], depth: int) -> str:
    return f"<pre>{html.escape(str(settings['code']), quote=False)}</pre>" if settings.get("code") else ""


def _shortcode(settings: dict[str, Any], depth: int) -> str:
    return f"\n\n{settings.get('shortcode') or ''}\n\n"


_WIDGETS: dict[str, Callable[[dict[str, Any], int], str]] = {
    "heading": _heading,
    "theme-post-title": lambda settings, depth: "",
    "image": _image,
    "image-gallery": _gallery,
    "gallery": _gallery,
    "image-carousel": _gallery,
    "media-carousel": _gallery,
    **dict.fromkeys(("video", "audio", "soundcloud", "video-playlist"), _video),
    **dict.fromkeys(("counter", "progress"), _counter),
    "animated-headline": _headline,
    "code-highlight": _code,
    "blockquote": _quote,
    "testimonial": _quote,
    "icon-list": _list,
    "button": _button,
    "shortcode": _shortcode,
}
