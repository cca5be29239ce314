"""What networks and chart makers had papers put into their pages: the address behind each script and empty box."""

from __future__ import annotations

import re

from lxml import etree

from standfirst.kit.links import split

# Scripts that only draw what stands beside them; the thing itself is kept by its address.
_HELPERS = frozenset(
    {
        *("platform.twitter.com", "platform.x.com", "www.instagram.com", "instagram.com", "www.tiktok.com"),
        *("connect.facebook.net", "public.flourish.studio", "datawrapper.dwcdn.net", "embed.bsky.app"),
        *("www.threads.net", "www.threads.com", "e.infogram.com", "assets.pinterest.com", "embed.redditmedia.com"),
        *(
            "embed.reddit.com",
            "telegram.org",
            "embedr.flickr.com",
            "player.vimeo.com",
            "fast.wistia.com",
            "gist.github.com",
        ),
    }
)
_QUOTED = (
    *("twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed", "text-post-media"),
    *("reddit-embed-bq", "reddit-card", "fb-xfbml-parse-ignore", "imgur-embed-pub"),
)
_POST = re.compile(r"[A-Za-z0-9_]{2,64}/\d{1,12}$")
_NUMBER = re.compile(r"[A-Za-z0-9_-]{4,64}$")


def is_helper(script: etree._Element) -> bool:
    """Whether a script only draws what stands beside it."""
    src = script.get("src") or ""
    return (split(f"https:{src}" if src.startswith("//") else src).hostname or "") in _HELPERS


def is_quoted_post(element: etree._Element) -> bool:
    """Whether a quotation is a post of a network, in its own words."""
    classes = element.get("class") or ""
    return any(name in classes for name in _QUOTED)


def quoted_address(element: etree._Element) -> str:
    """Where a quoted post lies: what its mark says, else its last link."""
    for key in ("cite", "data-instgrm-permalink", "data-text-post-permalink", "data-href"):
        if element.get(key):
            return str(element.get(key))
    links = element.findall(".//a")
    return str(links[-1].get("href") or "") if links else ""


def widget_address(element: etree._Element) -> str:
    """The address of what a script or an empty box stood for; "" for any other element."""
    name, classes = element.tag.lower(), (element.get("class") or "").split()
    if name == "script":
        post = element.get("data-telegram-post") or ""
        if _POST.match(post):
            return f"https://t.me/{post}"
        src = element.get("src") or ""
        if src.startswith("https://gist.github.com/") and src.endswith(".js"):
            return src.removesuffix(".js")
        return ""
    if name not in ("div", "a", "section", "span"):
        return ""
    for key, marks in (("data-href", ("fb-post", "fb-video")), ("data-src", ("flourish-embed",))):
        if any(mark in classes for mark in marks) and element.get(key):
            value = str(element.get(key))
            is_chart = key == "data-src" and re.fullmatch(r"(?:visualisation|story)/\d{1,12}", value.partition("?")[0])
            return f"https://public.flourish.studio/{value.partition('?')[0]}/" if is_chart else value
    if "infogram-embed" in classes and _NUMBER.match(element.get("data-id") or ""):
        return f"https://infogram.com/{element.get('data-id')}"
    if name == "a" and (element.get("data-pin-do") or "").startswith("embed"):
        return element.get("href") or ""
    return ""
