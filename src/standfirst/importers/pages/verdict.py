"""Whether a saved page is a story at all, in a sentence when it is not."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from lxml import etree

from standfirst.importers.pages.facts import Facts
from standfirst.importers.pages.story import Story
from standfirst.kit.links import split

_NOT_FOUND = re.compile(
    r"^\W*(?:(?:error|помилка|ошибка)?\W*(?:404|410|403|500|502|503)\b|page not found|not found|"
    r"сторінк[уаи] не (?:знайдено|існує)|страница не найдена|nothing (?:was )?found|нічого не знайдено|access denied|"
    r"just a moment|attention required|bad gateway|service unavailable)",
    re.IGNORECASE,
)
_LIST_CLASSES = frozenset(
    {"home", "archive", "category", "tag", "search", "search-results", "search-no-results", "author", "blog"}
)
_LIST_PATH = re.compile(
    r"^/(?:[a-z]{2}/)?(?:tags?|categor(?:y|ies)|authors?|search|page|archives?|rubric|feed)(?:/|$)|/page/\d+/?$",
    re.IGNORECASE,
)
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage"})
_SHORTEST, _SHORT = 60, 300


def no_story(document: etree._Element, facts: Facts, *, head: str) -> str:
    """Why a page cannot be a story, before its text is looked for; "" when it may be. head: its first characters."""
    if (
        re.search(r"<meta[^>]+http-equiv\s*=\s*[\"']?refresh[\"']?[^>]+url\s*=", head, re.IGNORECASE)
        and len(head) < 4000
    ):
        return _("It only leads to another page.")
    titles = [*facts.titles, *(" ".join("".join(map(str, one.itertext())).split()) for one in document.iter("h1"))]
    body = document.find(".//body")
    classes = set((body.get("class") or "").lower().split()) if body is not None else set()
    if any(_NOT_FOUND.match(title) for title in titles if len(title) < 80) or classes & {
        "error404",
        "page-404",
        "error-404",
    }:
        return _("It is the page of an error, not a story.")
    if facts.data.article:
        return ""
    if facts.address and not split(facts.address).path.strip("/") and not split(facts.address).query:
        return _("It is the front of the site, not a story.")
    is_single = bool(classes & {"single", "single-post", "postid"}) or any(
        name.startswith("postid-") for name in classes
    )
    if not is_single and (classes & _LIST_CLASSES or facts.data.types & _LIST_TYPES):
        return _("It is a list of stories, not a story.")
    if not is_single and _LIST_PATH.search(split(facts.address).path):
        return _("It is a list of stories, not a story.")
    return ""


def too_little(facts: Facts, story: Story, shown: int) -> str:
    """Why what was found is no story; "" when it is one. shown: how many characters the page shows without a script."""
    if story.words < _SHORTEST:
        return (
            _("It holds no running text; a script would have fetched it when the page was shown.")
            if shown < 40
            else _("No running text was found in it.")
        )
    if facts.is_story:
        return ""
    if story.link_share > 0.6:
        return _("It is a list of links, not a story.")
    if facts.data.stories > 2:
        return _("It is a list of stories, not a story.")
    if story.words < _SHORT and facts.published is None:
        return _("It holds too little text for a story (%(number)d characters).") % {"number": story.words}
    return ""


def shown_chars(document: etree._Element) -> int:
    """How many characters a page shows to whom runs no script."""
    body = document.find(".//body")
    if body is None:
        return 0
    count = 0
    for element in body.iter():
        if element.tag not in ("script", "style", "noscript", "template") and isinstance(element.tag, str):
            count += len("".join((element.text or "").split()))
        count += len("".join((element.tail or "").split())) if element is not body else 0
    return count


def kind_of(document: etree._Element, facts: Facts) -> str:
    """post, or page for what the old site itself called a page: about us, contact."""
    body = document.find(".//body")
    classes = set((body.get("class") or "").lower().split()) if body is not None else set()
    if facts.data.article or facts.published is not None:
        return "post"
    is_page = "page" in classes and any(name.startswith(("page-id-", "page-template")) for name in classes)
    return "page" if is_page or facts.data.types & {"aboutpage", "contactpage"} else "post"
