"""Shortcodes: [caption], [gallery] and their kind become HTML we can read; unknown ones go, their inside stays."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_CODE = re.compile(r"\[(\[?)(/?)([A-Za-z][A-Za-z0-9_-]{0,60})((?:\s[^\[\]]*|=[^\[\]]*)?)(/?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|(\S+)""")
# Known to be shortcodes even without an attribute or a closing tag.
_BARE = frozenset({"gallery", "toc", "embed", "playlist", "contact-form", "audio", "video", "more", "nextpage"})


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a shortcode; those without a name are numbered from 0."""
    found: dict[str, str] = {}
    number = 0
    if '"' not in text:
        # Visual editors wrote the quotation marks as entities or made them typographic.
        text = re.sub("&quot;|&#8220;|&#8221;|&#8243;|[“”″]", '"', text)
    for match in _ATTRIBUTE.finditer(text):
        if match[1]:
            found[match[1].lower()] = html.unescape(
                next((part for part in match.groups()[1:4] if part is not None), "")
            )
        elif match[5] is not None or match[6]:
            found[str(number)] = (match[5] if match[5] is not None else match[6]).strip("/")
            number += 1
    return found


def shortcodes_to_html(text: str, report: Callable[[str], None]) -> str:
    """The text with its shortcodes taken out or made into HTML.

    report is called with the name of every shortcode we do not know. Words in square brackets that are no
    shortcodes, such as [sic] or […], stay.
    """
    if "[" not in text:
        return text
    closed = {match[1].lower() for match in re.finditer(r"\[/([A-Za-z][\w-]*)\]", text)}
    out: list[str] = []
    position = 0
    while match := _CODE.search(text, position):
        out.append(text[position : match.start()])
        position = match.end()
        if match[1] and match[6]:
            out.append(match[0][1:-1])  # [[like this]] means the words themselves
            continue
        name = match[3].lower()
        if not _is_shortcode(name, match, closed):
            out.append(match[0])
            continue
        prefix, suffix = match[1], match[6]
        if match[2]:
            out.append(prefix + suffix)
            continue
        inside, end = _inside(text, name, match)
        written = _known(name, attributes_of(match[4]), inside)
        if written is None:
            report(name)
            out.append(prefix + suffix)  # what is inside is read next, and stays
        else:
            out.append(f"{prefix}{written}{suffix}")
            position = end
    out.append(text[position:])
    return "".join(out)


def _is_shortcode(name: str, match: re.Match[str], closed: set[str]) -> bool:
    return bool(
        (match[2] and name in closed)
        or name in closed
        or name in _BARE
        or "_" in name
        or match[5]
        or re.search(r"""\w\s*=\s*["'\w]""", match[4])
    )


def _inside(text: str, name: str, match: re.Match[str]) -> tuple[str, int]:
    """(what stands between opening and closing, where the whole ends)."""
    if match[5]:
        return "", match.end()
    closing = re.compile(rf"\[/{re.escape(name)}\]", re.IGNORECASE).search(text, match.end())
    if closing is None:
        return "", match.end()
    return text[match.end() : closing.start()], closing.end()


def _known(name: str, attributes: dict[str, str], inside: str) -> str | None:
    quoted = {key: html.escape(value) for key, value in attributes.items()}
    if name in ("caption", "wp_caption"):
        return _caption(quoted, inside)
    if name == "gallery":
        ids = ",".join(re.findall(r"\d+", attributes.get("ids") or attributes.get("include") or ""))
        return f'\n\n<div class="sf-gallery" data-ids="{ids}"></div>\n\n'
    if name in (
        "embed",
        "youtube",
        "vimeo",
        "twitter",
        "tweet",
        "instagram",
        "facebook",
        "soundcloud",
        "video",
        "audio",
    ):
        url = inside.strip() or next(
            (
                attributes[key]
                for key in ("url", "src", "mp4", "webm", "ogv", "mp3", "m4a", "ogg", "0")
                if attributes.get(key)
            ),
            "",
        )
        url = re.sub(r"<[^>]*>", "", html.unescape(url)).strip("=\"' ")
        if name == "vimeo" and url.isdigit():
            url = f"https://vimeo.com/{url}"
        if url.startswith(("http://", "https://")):
            return f'\n\n<div class="sf-embed" data-url="{html.escape(url)}"></div>\n\n'
        return "" if not inside.strip() else inside
    if name in ("more", "nextpage"):
        return ""
    return None


def _caption(quoted: dict[str, str], inside: str) -> str:
    picture = re.search(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", inside, re.IGNORECASE)
    if picture is None:
        return inside
    words = (inside[: picture.start()] + inside[picture.end() :]).strip() or quoted.get("caption", "")
    number = re.search(r"\d+", quoted.get("id", ""))
    mark = f' data-id="{number[0]}"' if number else ""
    return f'\n\n<figure class="sf-caption"{mark}>{picture[0]}<figcaption>{words}</figcaption></figure>\n\n'
