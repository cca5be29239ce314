"""What each of WordPress's blocks shows, where its HTML alone does not say it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from standfirst.kit.html import text_of

Values = dict[str, Any]

# They show nothing of their own, or what every page here shows anyway.
SILENT = frozenset(
    {
        *("spacer", "separator", "more", "nextpage", "post-title", "post-date", "tag-cloud", "null", "missing"),
        *("post-excerpt", "post-featured-image", "post-author", "post-author-name", "post-terms", "post-content"),
        *("newspack-blocks/subtitle", "yoast-seo/breadcrumbs", "rank-math/toc-block", "yoast-seo/table-of-contents"),
    }
)
# Blocks that hid their inside from those who had not paid or signed in.
MEMBERS = re.compile(
    r"paywall|premium-content|(?:^|[-/])members?(?:hip)?(?:[-/]|$)|require-membership|(?:^|[-/])restrict|content-gate"
    r"|subscriber-view|memberful|registration-wall|content-protect"
)
_IN_STYLE = re.compile(
    r"""background(?:-image)?\s*:\s*[^;"]*url\(\s*(?:&quot;|&#0?39;|['"])?([^)'"&\s]+)""", re.IGNORECASE
)
# What stands in a text where a name may match, and where a reusable block may hold such a one: quick to look for.
MEMBERS_MARKS = (
    *(
        "paywall",
        "premium-content",
        "wp:member",
        "/member",
        "-member",
        "require-membership",
        "wp:restrict",
        "/restrict",
    ),
    *("-restrict", "content-gate", "subscriber-view", "memberful", "registration-wall", "content-protect", '"ref":'),
)
_OBJECT = re.compile(r"<object\b", re.IGNORECASE)
_FILE_BUTTON = re.compile(r'<a\b[^<>]*class="[^"<>]*wp-block-file__button')
_SIGN = re.compile(r'<span\b[^<>]*aria-hidden="true"')
_NO_WORDS = re.compile(r"^(?:https?:|/|#|\{|\[|[\w.+-]+@|[\w-]*$)")
_MAX_NOTES = 500


def without(markup: str, opening: re.Pattern[str], closing: str) -> str:
    """The markup without what stands from an opening to the next closing. Reads it once."""
    out, position = [], 0
    while (match := opening.search(markup, position)) and (end := markup.find(closing, match.end())) >= 0:
        out.append(markup[position : match.start()])
        position = end + len(closing)
    return "".join(out) + markup[position:]


def player(name: str, number: str) -> str:
    """The mark of something embedded, by the network's name and its number there."""
    forms = {
        "youtube": "https://www.youtube.com/watch?v={}",
        "vimeo": "https://vimeo.com/{}",
        "twitter": "https://x.com/i/status/{}",
        "instagram": "https://www.instagram.com/p/{}/",
        "dailymotion": "https://www.dailymotion.com/video/{}",
    }
    url = number if number.startswith("https://") else forms.get(name, "").format(number)
    return f'\n\n<div class="sf-embed" data-url="{html.escape(url)}"></div>\n\n' if number and url else ""


def footnotes(field: str) -> str:
    """The notes of the block of that name, as a list; the field holds them as JSON."""
    try:
        notes = json.loads(field or "[]")
    except (ValueError, RecursionError):
        return ""
    lines = [
        f"<li>{note['content']}</li>"
        for note in (notes if isinstance(notes, list) else [])[:_MAX_NOTES]
        if isinstance(note, dict) and isinstance(note.get("content"), str)
    ]
    return f"<ol>{''.join(lines)}</ol>" if lines else ""


def named_words(values: Values, instead: Values) -> Values:
    """What this use of a synced pattern says in place of the pattern's own words, for a block that has a name."""
    metadata = values.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    own = instead.get(name) if isinstance(name, str) else None
    return own if isinstance(own, dict) else {}


def with_words(inside: str, own: Values) -> str:
    if isinstance(own.get("content"), str) or isinstance(own.get("text"), str):
        words = own["content"] if isinstance(own.get("content"), str) else own["text"]
        opening = re.match(r"\s*<(h[1-6]|p)\b[^<>]*>", inside)
        link = re.search(r"<a\b[^<>]*>", inside)
        if opening:
            return f"{opening[0]}{words}</{opening[1]}>"
        return f"<p>{link[0]}{words}</a></p>" if link else f"<p>{words}</p>"
    if isinstance(own.get("url"), str):
        inside = re.sub(r'src="[^"]*"', f'src="{html.escape(own["url"])}"', inside, count=1)
        inside = re.sub(r"wp-image-\d+", "", inside)
    if isinstance(own.get("alt"), str):
        inside = re.sub(r'alt="[^"]*"', f'alt="{html.escape(own["alt"])}"', inside, count=1)
    return inside


def words_in(values: Values, depth: int = 0) -> str:
    """The words a plugin keeps in a block's comment and not in its HTML, a paragraph each (ACF and its kind)."""
    out: list[str] = []
    data = values.get("data") if depth == 0 and isinstance(values.get("data"), dict) else values
    for key, value in (data or {}).items():
        if str(key).startswith("_") or str(key) in _SETTINGS:
            continue
        if isinstance(value, dict) and depth < 4:
            out.append(words_in(value, depth + 1))
        elif isinstance(value, list) and depth < 4:
            out += [words_in(each, depth + 1) for each in value[:200] if isinstance(each, dict)]
        elif isinstance(value, str) and _says_something(value):
            out.append(value if "<p" in value or "<ul" in value else f"<p>{value}</p>")
    return "".join(out)


_SETTINGS = frozenset(
    {
        *("name", "mode", "align", "id", "className", "style", "url", "src", "href", "link", "icon", "color", "slug"),
        *("anchor", "layout", "lock", "blockId", "uniqueId", "clientId", "fontFamily", "css", "metadata", "namespace"),
    }
)


def _says_something(value: str) -> bool:
    words = text_of(value)
    return " " in words and not _NO_WORDS.match(words) and re.search(r"[^\W\d_]{2,}", words) is not None


def _embed(values: Values, inside: str) -> str:
    url = values.get("url")
    mark = f' data-url="{html.escape(url)}"' if isinstance(url, str) else ""
    return f'<div class="sf-embed"{mark}>{inside}</div>'


def _cover(values: Values, inside: str) -> str:
    """A picture behind words: first the picture, then the words."""
    behind = _IN_STYLE.search(inside)
    if behind is None or "<img" in inside.partition("wp-block-cover__inner-container")[0]:
        return inside
    number = values.get("id")
    mark = f' class="wp-image-{number}"' if isinstance(number, int) else ""
    return f'<figure><img src="{html.escape(html.unescape(behind[1]))}" alt=""{mark}></figure>{inside}'


def _file(values: Values, inside: str) -> str:
    """A file's link once: the button beside it repeats it, and the frame shows it."""
    inside = without(inside, _OBJECT, "</object>")
    return without(inside, _FILE_BUTTON, "</a>")


def _details(values: Values, inside: str) -> str:
    return re.sub(r"<(/?)summary\b[^<>]*>", r"<\1h3>", inside)


def _accordion(values: Values, inside: str) -> str:
    """Its headings are buttons with a sign beside the words."""
    inside = without(inside, _SIGN, "</span>")
    return re.sub(r"<(/?)button\b", r"<\1span", inside)


def _gallery(values: Values, inside: str) -> str:
    if "<img" in inside:
        return inside
    ids = values.get("ids")
    known = ",".join(str(number) for number in ids if isinstance(number, int)) if isinstance(ids, list) else ""
    return f'<div class="sf-gallery" data-ids="{known}"></div>' if known else inside


def _tiled(values: Values, inside: str) -> str:
    """Jetpack's galleries are boxes in boxes; one box with all pictures is what they mean."""
    if "<img" not in inside:
        return _gallery(values, inside)
    boxes = re.sub(r"<(/?)ul\b", r"<\1div", inside)
    return f'<figure class="wp-block-gallery">{boxes}</figure>'


def _math(values: Values, inside: str) -> str:
    latex = values.get("latex")
    return f"<p>{html.escape(latex, quote=False)}</p>" if isinstance(latex, str) else inside


def _social(values: Values, inside: str) -> str:
    url, label = values.get("url"), values.get("label") or values.get("service")
    if isinstance(url, str) and isinstance(label, str) and url.startswith("http"):
        return f'<p><a href="{html.escape(url)}">{html.escape(label, quote=False)}</a></p>'
    return ""


def _button(values: Values, inside: str) -> str:
    """Each on a line of its own; some are buttons that a script answers."""
    return re.sub(r"<(/?)button\b", r"<\1span", inside)


def _pinned(values: Values, inside: str) -> str:
    url = values.get("url") or values.get("giphyUrl")
    if "<iframe" not in inside and isinstance(url, str) and url.startswith("http"):
        return _embed({"url": url}, "")
    return inside


KNOWN: dict[str, Callable[[Values, str], str]] = {
    "embed": _embed,
    "cover": _cover,
    "cover-image": _cover,
    "group": _cover,
    "file": _file,
    "details": _details,
    "accordion-heading": _accordion,
    "accordion-item": _accordion,
    "gallery": _gallery,
    "jetpack/tiled-gallery": _tiled,
    "jetpack/slideshow": _tiled,
    "jetpack/image-compare": _tiled,
    "coblocks/gallery-masonry": _tiled,
    "coblocks/gallery-carousel": _tiled,
    "coblocks/gallery-stacked": _tiled,
    "coblocks/gallery-collage": _tiled,
    "math": _math,
    "social-link": _social,
    "button": _button,
    "jetpack/pinterest": _pinned,
    "jetpack/gif": _pinned,
    "jetpack/loom": _pinned,
    "wpseopress/faq-block": lambda values, inside: inside or words_in(values),
}
