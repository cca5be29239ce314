"""What a page shows of other places (videos, posts): each as the one mark that the converter reads."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from lxml import etree

from standfirst.importers.pages.origins import bare_address
from standfirst.importers.pages.pictures import PagePictures
from standfirst.kit.links import split

_DULL_HOSTS = re.compile(
    r"doubleclick|googlesyndication|googletagmanager|adfox|criteo|recaptcha|disqus|facebook\.com/plugins/(?:like|page|share)|"
    r"platform\.twitter\.com/widgets/(?:follow|tweet_button)|widgets\.getpocket",
    re.IGNORECASE,
)
_AMP = {
    "amp-youtube": "https://www.youtube.com/watch?v={data-videoid}",
    "amp-vimeo": "https://vimeo.com/{data-videoid}",
    "amp-twitter": "https://x.com/i/status/{data-tweetid}",
    "amp-instagram": "https://www.instagram.com/p/{data-shortcode}/",
    "amp-facebook": "{data-href}",
    "amp-iframe": "{src}",
    "amp-video": "{src}",
    "amp-audio": "{src}",
}


def settle(document: etree._Element, pictures: PagePictures) -> None:
    """Frames, players, lazy videos, AMP's elements, Telegram's scripts: each as `<div class="sf-embed" data-url>`."""
    for element in list(document.iter("amp-img", "amp-anim")):
        element.tag = "img"
    for name, form in _AMP.items():
        for element in list(document.iter(name)):
            _replace(element, _filled(form, element))
    for element in list(document.iter("script")):
        post = element.get("data-telegram-post") or ""
        if re.fullmatch(r"\w+/\d+", post):
            _replace(element, f"https://t.me/{post}")
    for element in list(document.iter("iframe")):
        src = next(
            (element.get(n) for n in ("data-src", "data-lazy-src", "data-litespeed-src", "src") if element.get(n)), ""
        )
        address = _watched(bare_address(pictures.frame_address((src or "").strip())))
        if not _DULL_HOSTS.search(address) and (element.get("height") or "") not in ("0", "1"):
            _replace(element, address)
        else:
            _replace(element, None)
    for element in list(document.iter("video", "audio")):
        sources = [element.get("src") or "", *(one.get("src") or "" for one in element.iter("source"))]
        _replace(element, next((bare_address(one) for one in sources if one.startswith(("http", "//"))), ""))
    for element in list(document.iter("lite-youtube", "div", "a")):
        video = element.get("videoid") or element.get("data-youtube-id") or element.get("data-yt-id") or ""
        if re.fullmatch(r"[\w-]{11}", video):
            _replace(element, f"https://www.youtube.com/watch?v={video}")
        elif re.search(r"(?:^|\s)fb-(?:post|video)(?:\s|$)", element.get("class") or "") and element.get("data-href"):
            _replace(element, element.get("data-href") or "")


def _filled(form: str, element: etree._Element) -> str:
    return re.sub(r"\{([a-z-]+)\}", lambda match: element.get(match[1]) or "", form)


def _watched(address: str) -> str:
    """Players that wrap another's address."""
    parts = split(address)
    if (parts.hostname or "").endswith(("iframely.net", "embedly.com")):
        inner = parse_qs(parts.query).get("url") or parse_qs(parts.query).get("src")
        return inner[0] if inner else address
    if (parts.hostname or "").endswith("facebook.com") and "/plugins/" in parts.path:
        inner = parse_qs(parts.query).get("href")
        return inner[0] if inner else address
    return address


def _replace(element: etree._Element, address: str | None) -> None:
    """Put the mark in an element's place; None takes the element away, "" leaves a mark the report will name."""
    parent = element.getparent()
    if parent is None:
        return
    made = etree.Element("div")
    if address is not None:
        made.set("class", "sf-embed")
        made.set("data-url", address if not address.startswith("//") else f"https:{address}")
        caption = next((one for up in element.iterancestors("figure") for one in up.iter("figcaption")), None)
        if caption is not None:
            words = " ".join("".join(map(str, caption.itertext())).split())
            etree.SubElement(made, "figcaption").text = words
            holder = caption.getparent()
            if holder is not None:
                holder.remove(caption)
    made.tail = element.tail
    parent.replace(element, made)
