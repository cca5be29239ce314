"""A page's headline: what it prints above the story, not what it tells search engines."""

from __future__ import annotations

import re

from lxml import etree

from standfirst.importers.pages.facts import Facts

_BETWEEN = re.compile(r"\s+[|–—•·»:-]\s+|\s+::\s+")


def headline_of(document: etree._Element, facts: Facts) -> str:
    """The first heading that the page's own data agree with; else the one heading; else what the data say."""
    headings = [words for one in document.iter("h1") if 3 <= len(words := _words(one)) <= 400]
    said = [without_site(title, facts) for title in facts.titles]
    # Some set the headline as <h2> or <h3>, and the paper's name as <h1>.
    others = headings + [_words(one) for one in document.iter("h2", "h3")]
    for title in said:
        for heading in others:
            if heading and _same(heading, title):
                return heading
    for heading in headings:
        if heading.casefold() != facts.site.casefold() and any(_alike(heading, title) for title in said[:2]):
            return heading
    if len(headings) == 1 and headings[0].casefold() != facts.site.casefold() and not said:
        return headings[0]
    return next((title for title in said if title), headings[0] if headings else "")


def without_site(title: str, facts: Facts) -> str:
    """A title without the paper's name, which most pages set behind it."""
    parts = _BETWEEN.split(title)
    if len(parts) < 2:
        return title
    site = facts.site.casefold()
    marks = list(_BETWEEN.finditer(title))
    if site and parts[-1].casefold() == site:
        return without_site(title[: marks[-1].start()], facts)
    if site and parts[0].casefold() == site:
        return title[marks[0].end() :]
    # Nobody says the paper's name: a short last part behind a bar is one.
    if not site and "|" in marks[-1][0] and len(parts[-1]) < 40:
        return title[: marks[-1].start()]
    return title


def _alike(one: str, other: str) -> bool:
    """Whether two headlines mean the same story: they share most of their words."""
    left, right = set(re.findall(r"\w+", one.casefold())), set(re.findall(r"\w+", other.casefold()))
    return (
        bool(left and right)
        and len(left & right) >= 0.5 * min(len(left), len(right))
        and len(left & right) >= min(2, len(left), len(right))
    )


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
