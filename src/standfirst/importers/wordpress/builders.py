"""Texts that a page builder keeps in a custom field instead of in the post: Elementor, Bricks, Thrive."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from standfirst.importers.wordpress.php import php_dict, php_value
from standfirst.kit.html import text_of

# A builder's field may be this long; other fields are a plugin's own store.
FIELDS = {"_elementor_data": "Elementor", "_bricks_page_content_2": "Bricks", "tve_updated_post": "Thrive"}
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
_FIELDS_OF_WORDS = (
    *("title", "title_text", "heading", "sub_title", "text", "editor", "description", "description_text", "content"),
    *("alert_title", "alert_description", "blockquote_content", "testimonial_content", "caption", "html", "quote"),
    *("testimonial_name", "testimonial_job", "author_name", "tab_title", "tab_content", "item_title", "button_text"),
)
_HEADINGS = frozenset({"title", "title_text", "heading", "tab_title", "item_title", "alert_title"})


def built(content: str, meta: dict[str, str]) -> tuple[str, str]:
    """(the builder's text as HTML, the builder's name); both "" where the post's own content says as much."""
    for key, name in FIELDS.items():
        if not meta.get(key):
            continue
        if key == "_elementor_data" and meta.get("_elementor_edit_mode", "builder") != "builder":
            continue
        made = _read(key, meta[key])
        theirs, own = len(text_of(made)), len(text_of(content))
        has_pictures = "<img" in made and "<img" not in content and "wp:" not in content
        if theirs and (theirs > own or (has_pictures and theirs > own * 0.8)):
            return made, name
    return "", ""


def with_film(content: str, meta: dict[str, str]) -> str:
    """The content with the film that a theme showed above it, in the place of a picture."""
    packed = php_dict(meta["td_post_video"]) if meta.get("td_post_video") else {}
    given = [str(packed.get("td_video") or ""), *(meta.get(key, "") for key in _FILMS)]
    url = next((value.strip() for value in given if _FILM.match(value.strip())), "")
    if not url or url in content:
        return content
    shown = f'<div class="sf-embed" data-url="{html.escape(url)}"></div>'
    return f"<!-- wp:html -->{shown}<!-- /wp:html -->{content}" if "<!-- wp:" in content else f"{shown}\n\n{content}"


def _read(key: str, value: str) -> str:
    if key == "tve_updated_post":
        return value
    if key == "_bricks_page_content_2":
        found = php_value(value)
        elements = list(found.values()) if isinstance(found, dict) else []
        return "".join(_settings(element.get("settings"), 0) for element in elements if isinstance(element, dict))
    try:
        return "".join(_elements(json.loads(value), 0))
    except (ValueError, RecursionError):
        return ""


def _elements(elements: Any, depth: int) -> Iterator[str]:
    for element in elements if isinstance(elements, list) and depth < _MAX_DEPTH else []:
        if not isinstance(element, dict):
            continue
        kind, settings = element.get("widgetType"), element.get("settings")
        settings = settings if isinstance(settings, dict) else {}
        if isinstance(kind, str):
            yield _WIDGETS.get(kind, _settings)(settings, 0)
        yield from _elements(element.get("elements"), depth + 1)


def _settings(settings: Any, depth: int) -> str:
    """The words and pictures among a widget's settings, in the order they stand."""
    out: list[str] = []
    for key, value in settings.items() if isinstance(settings, dict) and depth < 6 else []:
        if isinstance(value, str) and key in _FIELDS_OF_WORDS and text_of(value):
            out.append(_words(key, value))
        elif isinstance(value, dict) and "url" in value and key in ("image", "background_image"):
            out.append(_picture(value))
        elif isinstance(value, dict) and depth == 0 and key == "link" and settings.get("text"):
            out.append(_link(value, str(settings["text"])))
        elif isinstance(value, list):
            out += [_settings(each, depth + 1) for each in value if isinstance(each, dict)]
    return "".join(out)


def _words(key: str, value: str) -> str:
    if key in _HEADINGS:
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
    "video": _video,
    "blockquote": _quote,
    "testimonial": _quote,
    "icon-list": _list,
    "button": _button,
    "shortcode": _shortcode,
}
