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
        *("query-no-results", "co-authors-plus/name", "co-authors-plus/coauthors", "co-authors-plus/avatar"),
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


def words_in(values: Values, depth: int = 0, *, but_not: str = "") -> str:
    """The words a plugin keeps in a block's comment and not in its HTML, a paragraph each (ACF and its kind).

    but_not: HTML that says some of them already.
    """
    out: list[str] = []
    packed = values.get("data") if depth == 0 else None
    data: Values = packed if isinstance(packed, dict) else values
    for key, value in data.items():
        if str(key).startswith("_") or str(key) in _SETTINGS:
            continue
        if isinstance(value, dict) and depth < 4:
            out.append(words_in(value, depth + 1, but_not=but_not))
        elif isinstance(value, list) and depth < 4:
            for each in value[:200]:
                if isinstance(each, dict):
                    out.append(words_in(each, depth + 1, but_not=but_not))
                elif isinstance(each, str) and _says_something(each):
                    out.append(f"<p>{each}</p>")
        elif isinstance(value, str) and _says_something(value) and value not in but_not:
            out.append(value if "<p" in value or "<ul" in value else f"<p>{value}</p>")
    address = next((data[key] for key in ("url", "link", "href") if isinstance(data.get(key), str)), "")
    if len(out) == 1 and "<a" not in out[0] and address.startswith(("http://", "https://", "/")):
        return re.sub(r"^<p>(.*)</p>$", rf'<p><a href="{html.escape(address)}">\1</a></p>', out[0], flags=re.DOTALL)
    return "".join(out)


def shows_something(markup: str) -> bool:
    """Whether a block's own HTML holds words or anything to see, and is not only a box for a script to fill."""
    return _SHOWN.search(markup) is not None or bool(text_of(markup))


def pictures_in(values: Values, name: str) -> str:
    """The pictures a plugin keeps in a block's comment and not in its HTML, by address or by number."""
    out: list[str] = []
    numbers: list[int] = []

    def look(value: Any, key: str, depth: int) -> None:
        if isinstance(value, dict) and depth < 5:
            src = next((value[one] for one in _SOURCES if isinstance(value.get(one), str)), "")
            if src.startswith(("http://", "https://", "/")) and _PICTURE.search(src):
                number = value.get("id")
                mark = f' class="wp-image-{number}"' if isinstance(number, int) else ""
                alt, caption = (value.get(one) if isinstance(value.get(one), str) else "" for one in ("alt", "caption"))
                words = f"<figcaption>{caption}</figcaption>" if caption else ""
                shown = f'<img src="{html.escape(src)}" alt="{html.escape(alt or "")}"{mark}>'
                out.append(f"<figure>{shown}{words}</figure>")
                return
            for one, inner in value.items():
                look(inner, str(one), depth + 1)
        elif isinstance(value, list) and depth < 5:
            for inner in value[:200]:
                look(inner, key, depth + 1)
        elif isinstance(value, str) and _PICTURE.search(value) and value.startswith(("http://", "https://")):
            out.append(f'<figure><img src="{html.escape(value)}" alt=""></figure>')
        elif isinstance(value, int) and not isinstance(value, bool) and value > 0 and not key.startswith("_"):
            is_picture = _PICTURE_KEY.search(key) or (key == "ids" and _PICTURE_KEY.search(name))
            numbers.extend([value] if is_picture else [])

    look(values, "", 0)
    if out:
        return f'<figure class="wp-block-gallery">{"".join(out)}</figure>' if len(out) > 1 else out[0]
    return f'<div class="sf-gallery" data-ids="{",".join(map(str, numbers))}"></div>' if numbers else ""


def address_in(values: Values) -> str:
    """The address of what a block showed from elsewhere."""
    for make, keys in _NUMBERED.items():
        number = next((values[key] for key in keys if isinstance(values.get(key), str)), "")
        if re.fullmatch(r"[\w-]{4,64}", number):
            return make.format(number)
    given = (values.get(key) for key in ("url", "src", "embedUrl", "iframeUrl", "feedURL", "link", "href"))
    return next((each for each in given if isinstance(each, str) and each.startswith(("http://", "https://"))), "")


def heading_in(values: Values, inside: str) -> str:
    """A title that a block draws above what it holds, and keeps in its comment alone."""
    for key in _TITLES:
        words = text_of(values[key]) if isinstance(values.get(key), str) else ""
        if re.search(r"[^\W\d_]{2,}", words) and words not in text_of(inside):
            return f"<h3>{html.escape(words, quote=False)}</h3>"
    return ""


_TITLES = ("panelTitle", "title", "heading", "headline", "question", "tabTitle", "noticeTitle", "summary")
_SOURCES = ("url", "src", "full", "fullUrl", "imageUrl", "imageURL", "mediaUrl", "link")
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|$)", re.IGNORECASE)
_PICTURE_KEY = re.compile(r"image|photo|picture|(?:^|_)img|gallery|slide", re.IGNORECASE)
_SHOWN = re.compile(
    r"<(?:img|iframe|video|audio|hr|embed|object|svg|amp-|input|textarea|form|table|math|script)\b|sf-|data-src=|data-href=",
    re.IGNORECASE,
)
_NUMBERED = {
    "https://datawrapper.dwcdn.net/{}/": ("chartId",),
    "https://flo.uri.sh/visualisation/{}/embed": ("visId",),
}
# Blocks that ask readers for something and sent it to the old site.
FORMS = re.compile(
    r"(?:contact|signup|sign-up|subscribe|newsletter|ninja|gravity|fluent)[-/]?forms?|wpforms|[-/]form$|mailchimp"
)


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


def _videopress(values: Values, inside: str) -> str:
    guid, caption = values.get("guid"), re.search(r"<figcaption\b.*?</figcaption>", inside, re.DOTALL)
    if isinstance(guid, str) and re.fullmatch(r"\w{6,20}", guid):
        return _embed({"url": f"https://videopress.com/v/{guid}"}, caption[0] if caption else "")
    return inside


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
    "videopress/video": _videopress,
    "kadence/pane": _accordion,
    "jetpack/pinterest": _pinned,
    "jetpack/gif": _pinned,
    "jetpack/loom": _pinned,
    "wpseopress/faq-block": lambda values, inside: inside or words_in(values),
}
