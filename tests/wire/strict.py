"""Strict readers of feeds and sitemaps: they raise on what the standards forbid and a forgiving parser lets pass."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:\S+")


def parsed(body: bytes):
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))


def _one(element, name, *, at_least=1):
    found = element.findall(name)
    assert at_least <= len(found) <= 1, f"{len(found)} × {name} in {element.tag}"
    return found[0].text if found else None


def _absolute(address):
    parts = urlsplit(address)
    assert parts.scheme in ("http", "https"), address
    assert parts.netloc, address


def _no_strange_markup(html):
    assert not re.search(r"<script|<style|<iframe|<form|\son\w+=|\sstyle=|\sclass=|javascript:", html, re.IGNORECASE)
    for address in re.findall(r'(?:href|src)="([^"]*)"', html):
        assert address.startswith(("http://", "https://", "mailto:", "tel:")), address


def atom(body: bytes):
    """RFC 4287, section 4."""
    feed = parsed(body)
    assert feed.tag == f"{ATOM}feed"
    assert TAG_URI.fullmatch(_one(feed, f"{ATOM}id"))
    assert _one(feed, f"{ATOM}title")
    assert RFC3339.fullmatch(_one(feed, f"{ATOM}updated"))
    rels = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert rels.count("self") == 1
    assert rels.count("alternate") == 1
    ids = []
    for entry in feed.findall(f"{ATOM}entry"):
        identity = _one(entry, f"{ATOM}id")
        assert TAG_URI.fullmatch(identity)
        ids.append(identity)
        assert _one(entry, f"{ATOM}title")
        assert RFC3339.fullmatch(_one(entry, f"{ATOM}updated"))
        assert RFC3339.fullmatch(_one(entry, f"{ATOM}published"))
        assert len(entry.findall(f"{ATOM}content")) == 1
        links = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        # Without an alternate link an entry must have content (4.1.2), which is checked above.
        assert len(links) <= 1
        for link in entry.findall(f"{ATOM}link"):
            _absolute(link.get("href"))
        assert entry.findall(f"{ATOM}author"), "an entry has an author"
        for author in entry.findall(f"{ATOM}author"):
            assert _one(author, f"{ATOM}name")
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
        assert entry.find(f"{ATOM}content").get("type") == "html"
        _no_strange_markup(entry.find(f"{ATOM}content").text)
    assert len(ids) == len(set(ids)), "ids are unique"
    return feed


def rss(body: bytes):
    """RSS 2.0 with the profile's advice: atom:link self, guid, RFC 822 dates."""
    root = parsed(body)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root.findall("channel")
    for name in ("title", "link", "description"):
        assert _one(channel, name)
    selves = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert len(selves) == 1
    _absolute(selves[0].get("href"))
    parsedate_to_datetime(_one(channel, "lastBuildDate"))
    for item in channel.findall("item"):
        assert _one(item, "title") or _one(item, "description")
        if _one(item, "link", at_least=0):
            _absolute(item.find("link").text)
        (guid,) = item.findall("guid")
        assert guid.get("isPermaLink") == "false"
        assert parsedate_to_datetime(_one(item, "pubDate")).utcoffset() is not None
        assert item.find("author") is None, "RSS's own author is an e-mail address"
        _one(item, "description", at_least=0)
        _no_strange_markup(_one(item, f"{CONTENT}encoded"))
    return channel


def json_feed(body: bytes):
    """JSON Feed 1.1."""
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for name in ("home_page_url", "feed_url"):
        _absolute(feed[name])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert RFC3339.fullmatch(item["date_published"])
        assert RFC3339.fullmatch(item["date_modified"])
        assert all(author["name"] for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
    return feed


def addresses(body: bytes, *, most=50_000) -> dict[str, str | None]:
    """A sitemap or an index of them: address → lastmod."""
    root = parsed(body)
    assert root.tag in (f"{MAP}urlset", f"{MAP}sitemapindex")
    assert len(root) <= most
    found = {}
    for item in root:
        place = _one(item, f"{MAP}loc")
        _absolute(place)
        changed = _one(item, f"{MAP}lastmod", at_least=0)
        assert changed is None or RFC3339.fullmatch(changed)
        assert place not in found
        found[place] = changed
    return found
