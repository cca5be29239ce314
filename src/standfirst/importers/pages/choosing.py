"""Where on a page its story stands: trafilatura's words, and the page's own element that holds them."""

from __future__ import annotations

import copy

from lxml import etree

from standfirst.importers.errors import UNREADABLE
from standfirst.importers.pages.furniture import link_share
from standfirst.importers.pages.tree import BLOCKS, flat, found_in, leaves, text_in

_BODY_NAMES = """
entry-content article-body article__body article_body articlebody article-content article__content article_content
post-content post__content post_content td-post-content story-body story__body story-content article-text article__text
article_text news-text news__text news_text news-content newstext post-text post_text post-body field-name-body
field--name-body full-text fulltext full-story text-content article__main content-text content_text single-content
e-content post__text b-article__text js-mediator-article article-formatted-body node-content itemFullText
available-content t-feed__post-popup__text entry
"""


def kept_words(document: etree._Element) -> str:
    """The words that trafilatura takes for the story's, on one line; "" when it finds none."""
    import trafilatura

    try:
        for recall in (False, True):
            found = trafilatura.bare_extraction(
                copy.deepcopy(document), include_comments=False, favor_recall=recall, with_metadata=False
            )
            body = getattr(found, "body", None)
            words = flat(" ".join(map(str, body.itertext()))) if body is not None else ""
            if len(words) > 200:
                return words
        return words
    except (*UNREADABLE, AssertionError):
        return ""


def box_of(document: etree._Element, kept: str) -> tuple[etree._Element | None, bool]:
    """(the element that holds the story, whether much else stands in it too)."""
    body = document.find(".//body")
    body = body if body is not None else document
    weights: dict[etree._Element, int] = {}
    total = 0
    for leaf in leaves(body):
        text = flat(text_in(leaf))
        # Lists of links are kept by some extractors; they say nothing of where the story stands.
        weight = round(len(text) * (1 - link_share(leaf)))
        if weight >= 25 and text in kept:
            total += weight
            for up in [leaf, *leaf.iterancestors()]:
                weights[up] = weights.get(up, 0) + weight
    named = _named(body)
    if total < 120:
        return named, False
    if named is not None and weights.get(named, 0) >= 0.6 * total:
        return named, False
    box = body
    while True:
        below = next((one for one in box if weights.get(one, 0) >= 0.8 * total), None)
        if below is None or below.tag in ("p", "ul", "ol", "blockquote"):
            break
        box = below
    return box, weights[box] < 0.6 * max(1, len(text_in(box)))


def wrap_runs(document: etree._Element) -> None:
    """Words that stand beside boxes get a box of their own, so that each line can be judged by itself."""
    for element in list(document.iter("div", "td", "article", "section", "main", "center", "body", "aside", "li")):
        children = list(element)
        if not any(child.tag in BLOCKS for child in children) or not _has_run(element, children):
            continue
        run: etree._Element | None = None
        if (element.text or "").strip():
            run = etree.Element("div")
            run.text, element.text = element.text, None
            element.insert(0, run)
        for child in children:
            if child.tag in BLOCKS:
                run = None
                if (child.tail or "").strip():
                    run = etree.Element("div")
                    run.text, child.tail = child.tail, None
                    child.addnext(run)
                continue
            if run is None:
                run = etree.Element("div")
                child.addprevious(run)
            run.append(child)


def _has_run(element: etree._Element, children: list[etree._Element]) -> bool:
    if (element.text or "").strip() or any((child.tail or "").strip() for child in children):
        return True
    return any(child.tag not in BLOCKS and text_in(child) for child in children)


def _named(body: etree._Element) -> etree._Element | None:
    """The element that says of itself that it is the body of an article."""
    found = found_in(body, ".//*[@itemprop='articleBody']")
    for name in _BODY_NAMES.split():
        if found:
            break
        found = found_in(body, f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")
        found = [one for one in found if not found_in(one, "ancestor::aside|ancestor::footer|ancestor::nav")]
    if not found:
        found = [one for one in body.iter("article") if one.find(".//p") is not None]
    best = max(found, key=lambda one: len(text_in(one)), default=None)
    return best if best is not None and len(text_in(best)) > 60 else None
