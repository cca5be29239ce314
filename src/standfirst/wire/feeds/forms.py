"""The three forms. Each takes a `Feed` and returns bytes; the same feed gives the same bytes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from django.utils import timezone
from lxml import etree

from standfirst.wire.feeds.entries import Entry, Feed

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Our own words: a name that needs no host (RFC 4151).
OWN = "tag:standfirst,2026:record"

# lxml's name for a default namespace is None, which its types do not know.
_ATOM_NAMES: dict[Any, str] = {None: ATOM, "media": MEDIA, "standfirst": OWN}
_RSS_NAMES = {"atom": ATOM, "content": CONTENT, "dc": DC, "media": MEDIA, "standfirst": OWN}

# What XML 1.0 cannot hold, though a headline pasted from somewhere may.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    return _UNSAYABLE.sub("", text)


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if text:
        element.text = clean(text)
    return element


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def moment(value: dt.datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


# Atom ---------------------------------------------------------------------------------------------


def atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_ATOM_NAMES)
    root.set(XML_LANG, feed.language)
    a = f"{{{ATOM}}}"
    add(root, a + "id", feed.id)
    add(root, a + "title", feed.title)
    if feed.subtitle:
        add(root, a + "subtitle", feed.subtitle)
    add(root, a + "updated", moment(feed.updated))
    add(root, a + "link", rel="self", type="application/atom+xml", href=f"{feed.base}atom")
    add(root, a + "link", rel="alternate", type="text/html", href=feed.home)
    if feed.licence:
        add(root, a + "link", rel="license", type="text/html", href=feed.licence)
    add(root, a + "rights", feed.rights)
    _record(root, feed)
    for entry in feed.entries:
        _atom_entry(add(root, a + "entry"), entry, feed)
    return written(root)


def _atom_entry(item: etree._Element, entry: Entry, feed: Feed) -> None:
    a = f"{{{ATOM}}}"
    add(item, a + "id", entry.id)
    add(item, a + "title", entry.title)
    if entry.url:
        add(item, a + "link", rel="alternate", type="text/html", href=entry.url)
    add(item, a + "published", moment(entry.published))
    add(item, a + "updated", moment(entry.updated))
    for person in entry.authors:
        author = add(item, a + "author")
        add(author, a + "name", person.name)
        add(author, a + "uri", person.url)
    if not entry.authors:
        add(add(item, a + "author"), a + "name", feed.title)
    for category in entry.categories:
        add(item, a + "category", term=category)
    if not entry.is_withdrawn:
        add(item, a + "rights", feed.rights)
        if feed.licence:
            add(item, a + "link", rel="license", type="text/html", href=feed.licence)
    if entry.summary:
        add(item, a + "summary", entry.summary)
    add(item, a + "content", entry.html, type="html")
    _media(item, entry)


def _record(parent: etree._Element, feed: Feed) -> None:
    """The newest entry of the record: who keeps it can prove later what came before it."""
    if feed.record:
        add(parent, f"{{{OWN}}}record", feed.record.hash, number=str(feed.record.number), at=feed.record.at)


def _media(item: etree._Element, entry: Entry) -> None:
    picture = entry.picture
    if picture is None:
        return
    m = f"{{{MEDIA}}}"
    media = add(
        item,
        m + "content",
        url=picture.url,
        type="image/jpeg",
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
    )
    if picture.credit:
        add(media, m + "credit", picture.credit, role="author")
    words = picture.alt or picture.caption
    if words:
        add(media, m + "description", words, type="plain")


# RSS ----------------------------------------------------------------------------------------------


def rss(feed: Feed) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, nsmap=_RSS_NAMES)
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    # The one description a channel must have.
    add(channel, "description", feed.subtitle or feed.title)
    add(channel, "language", feed.language)
    add(channel, "copyright", feed.rights)
    add(channel, "lastBuildDate", _rfc822(feed.updated))
    add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=f"{feed.base}rss")
    if feed.licence:
        add(channel, f"{{{ATOM}}}link", rel="license", type="text/html", href=feed.licence)
    _record(channel, feed)
    for entry in feed.entries:
        item = add(channel, "item")
        add(item, "title", entry.title)
        if entry.url:
            add(item, "link", entry.url)
        add(item, "guid", entry.id, isPermaLink="false")
        add(item, "pubDate", _rfc822(entry.published))
        for person in entry.authors:
            add(item, f"{{{DC}}}creator", person.name)
        for category in entry.categories:
            add(item, "category", category)
        if entry.summary:
            add(item, "description", entry.summary)
        if not entry.is_withdrawn:
            add(item, f"{{{DC}}}rights", feed.rights)
        add(item, f"{{{ATOM}}}updated", moment(entry.updated))
        add(item, f"{{{CONTENT}}}encoded", entry.html)
        _media(item, entry)
    return written(root)


def _rfc822(value: dt.datetime) -> str:
    return format_datetime(timezone.localtime(value))


# JSON Feed ----------------------------------------------------------------------------------------


def json_feed(feed: Feed) -> bytes:
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": f"{feed.base}json",
        "description": feed.subtitle,
        "language": feed.language,
        "items": [_json_item(entry, feed) for entry in feed.entries],
        "_standfirst": {"rights": feed.rights, "license": feed.licence}
        | (
            {"record": {"number": feed.record.number, "hash": feed.record.hash, "at": feed.record.at}}
            if feed.record
            else {}
        ),
    }
    return json.dumps({key: value for key, value in data.items() if value != ""}, ensure_ascii=False).encode()


def _json_item(entry: Entry, feed: Feed) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture.url if entry.picture else "",
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        "authors": [{"name": person.name, "url": person.url} for person in entry.authors],
        "tags": list(entry.categories),
        "language": feed.language,
        "_standfirst": _own(entry),
    }
    return {key: value for key, value in item.items() if value not in ("", [], {})}


def _own(entry: Entry) -> dict[str, Any]:
    if entry.is_withdrawn:
        return {"withdrawn": True}
    if not entry.corrections:
        return {}
    return {
        "corrections": [
            {"number": one.number, "label": one.label, "text": one.text, "url": one.url, "date": moment(one.date)}
            for one in entry.corrections
        ]
    }


FORMS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "json": ("application/feed+json; charset=utf-8", json_feed),
}
