"""Selectors of the Web Annotation Data Model, followed to the words they select.

A passage is found by its name, however it is asked for (fragment, CSS, XPath by id); a quote, a position and a range
as the standard says. What cannot be followed is passed over when another selector says the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from standfirst.corrections.receiving import NotRead, is_text
from standfirst.kit.anchoring import Place, Quote, Text, normal, place

_FIELD = "target.selector"
_MOST_SELECTORS, _DEEPEST = 20, 8
_NAME = r"([A-Za-z0-9_-]{1,80})"
_CSS = re.compile(rf"""[\w.\s>-]*?(?:\#{_NAME}|\[(?:id|data-passage)=["']?{_NAME}["']?\])\s*""")
_XPATH = re.compile(
    rf"""(?:.*\[@(?:id|data-passage)\s*=\s*["']{_NAME}["']\]|/*id\(["']{_NAME}["']\))/?(?:text\(\)(?:\[1\])?)?"""
)
_BY_NAME = {"FragmentSelector", "CssSelector", "XPathSelector"}


def names_of(data: Any) -> list[str]:
    """The types of an object, without the name of their vocabulary."""
    named = data.get("type", data.get("@type")) if isinstance(data, dict) else None
    named = named if isinstance(named, list) else [named]
    return [one.removeprefix("oa:").rpartition("#")[2] for one in named if isinstance(one, str)]


@dataclass(frozen=True)
class _Spot:
    """What one selector says: words, the passage they begin in, and the place in it or in the whole."""

    quote: Quote
    has_words: bool = False

    @property
    def has_place(self) -> bool:
        return self.quote.start is not None


class Reading:
    """The selectors of one target. text: of the version they were made on; asked for only where it is needed."""

    def __init__(self, text: Callable[[], Text | None]) -> None:
        self._text_of = text

    @cached_property
    def _text(self) -> Text | None:
        return self._text_of()

    def fields(self, selector: Any, *, fragment: str = "") -> dict[str, Any]:
        """exact, prefix, suffix, block, start and end, as far as known; {}: the whole story. Raises NotRead.

        fragment: of the target's own address.
        """
        alternatives = [] if selector is None else selector if isinstance(selector, list) else [selector]
        if len(alternatives) > _MOST_SELECTORS:
            raise NotRead(_("The field “%(field)s” has too many parts.") % {"field": _FIELD}, _FIELD, status=422)
        spots = [spot for one in alternatives if (spot := self._spot(one)) is not None]
        if alternatives and not spots:
            raise _not_followed()
        if not spots:
            return {"block": fragment} if re.fullmatch(_NAME, fragment) else {}
        placed = next((spot for spot in spots if spot.has_place and spot.quote.block), None)
        placed = placed or next((spot for spot in spots if spot.has_place), None)
        worded = next((spot for spot in spots if spot.has_words), None)
        if worded is None and placed is None:
            return {"block": spots[0].quote.block}
        if worded is None and placed is not None:
            start, end = self._span(placed)
            assert self._text is not None
            found = self._text.place(start, end)
            worded = _Spot(Quote(found.exact, found.prefix, found.suffix, found.block, found.start, found.end), True)
        assert worded is not None
        quote = worded.quote
        if quote.start is None and placed is not None and quote.block in ("", placed.quote.block):
            quote = replace(quote, block=placed.quote.block, start=placed.quote.start, end=placed.quote.end)
        said = {name: getattr(quote, name) for name in ("exact", "prefix", "suffix", "block", "start", "end")}
        return {name: value for name, value in said.items() if value not in ("", None)}

    def _spot(self, selector: Any, block: str = "", depth: int = 0) -> _Spot | None:
        """What a selector selects; None when it cannot be followed here."""
        if not isinstance(selector, dict):
            if isinstance(selector, str):
                return None
            raise NotRead(_("The field “%(field)s” must be an object or a list.") % {"field": _FIELD}, _FIELD)
        kinds = set(names_of(selector))
        if not kinds:
            raise NotRead(_("A selector needs its “type”."), f"{_FIELD}.type")
        if depth > _DEEPEST:
            raise NotRead(_("The field “%(field)s” has too many parts.") % {"field": _FIELD}, _FIELD, status=422)
        if kinds & _BY_NAME:
            return self._named(selector, kinds, depth)
        if "TextQuoteSelector" in kinds:
            return self._refined(_Spot(_quote(selector, block), True), selector, depth)
        if "TextPositionSelector" in kinds:
            start, end = (_figure(selector, name) for name in ("start", "end"))
            if start > end:
                raise NotRead(_("It ends before it begins."), f"{_FIELD}.end", status=422)
            return self._refined(_Spot(Quote("", block=block, start=start, end=end)), selector, depth)
        if "RangeSelector" in kinds:
            return self._range(selector, block, depth)
        return None

    def _named(self, selector: dict[str, Any], kinds: set[str], depth: int) -> _Spot | None:
        value = _words(selector, "value", needed=True)
        if "FragmentSelector" in kinds:
            matched = re.fullmatch(_NAME, unquote(value).removeprefix("#"))
        else:
            matched = (_CSS if "CssSelector" in kinds else _XPATH).fullmatch(value)
        name = next((one for one in matched.groups() if one), "") if matched else ""
        for inner in _inner(selector):
            spot = self._spot(inner, name, depth + 1)
            # A place counts from an element we do not know; words stand for themselves.
            if spot is not None and (name or spot.has_words):
                return spot
        return _Spot(Quote("", block=name)) if name else None

    def _refined(self, spot: _Spot, selector: dict[str, Any], depth: int) -> _Spot:
        """What of it is meant: a quote within a quote or a place, a place within either."""
        for each in _inner(selector):
            inner = self._spot(each, "", depth + 1)
            if inner is None or inner.quote.block:
                continue
            outer, meant = spot.quote, inner.quote
            if spot.has_words:
                at = outer.exact.find(meant.exact) if inner.has_words else meant.start
                end = at + len(meant.exact) if inner.has_words and at is not None else meant.end
                if at is None or end is None or at < 0 or end > len(outer.exact):
                    raise NotRead(_("It is refined by something that is not in it."), f"{_FIELD}.refinedBy", status=422)
                prefix, suffix = outer.prefix + outer.exact[:at], outer.exact[end:] + outer.suffix
                return _Spot(Quote(outer.exact[at:end], prefix, suffix, outer.block), True)
            start = outer.start or 0
            if inner.has_words:
                # Within the place: where it begins is the best hint there is.
                return _Spot(replace(meant, block=outer.block, start=start, end=start + len(meant.exact)), True)
            return _Spot(replace(outer, start=start + (meant.start or 0), end=start + (meant.end or 0)))
        return spot

    def _range(self, selector: dict[str, Any], block: str, depth: int) -> _Spot | None:
        ends = []
        for name in ("startSelector", "endSelector"):
            one = selector.get(name)
            if one is None:
                # Other programs name containers of their own page here.
                return None
            spot = self._spot(one[0] if isinstance(one, list) and one else one, block, depth + 1)
            if spot is None:
                return None
            ends.append(self._span(spot)[0])
        if ends[0] >= ends[1]:
            raise NotRead(_("It ends before it begins."), f"{_FIELD}.endSelector", status=422)
        assert self._text is not None
        found = self._text.place(ends[0], ends[1])
        exact = normal(found.exact)
        spot = _Spot(Quote(exact, found.prefix, found.suffix, found.block, found.start, found.end), True)
        return self._refined(spot, selector, depth)

    def _span(self, spot: _Spot) -> tuple[int, int]:
        """Where it stands in the whole text. Raises NotRead."""
        text, quote = self._text, spot.quote
        if text is None:
            raise _not_followed()
        if spot.has_words:
            found = place(quote, text)
            span = text.span(found) if isinstance(found, Place) else None
        else:
            begin = text.begin(quote.block) if quote.block else 0
            passage = text.passage(quote.block)
            length = len(passage.text) if passage else len(text.whole)
            start, end = (0, length) if quote.start is None else (quote.start, quote.end or 0)
            span = None if begin is None else (begin + start, begin + end)
        if span is None or span[1] > len(text.whole):
            raise NotRead(_("A selector selects nothing in this story."), _FIELD, status=422)
        return span


def _inner(selector: dict[str, Any]) -> list[Any]:
    refined = selector.get("refinedBy")
    return [] if refined is None else refined if isinstance(refined, list) else [refined]


def _quote(selector: dict[str, Any], block: str) -> Quote:
    exact = _words(selector, "exact", needed=True)
    return Quote(normal(exact), _words(selector, "prefix"), _words(selector, "suffix"), block)


def _words(selector: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = selector.get(name)
    if isinstance(value, dict):
        value = value.get("@value")
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or not is_text(value):
        raise NotRead(_("The field “%(field)s” must be text.") % {"field": name}, f"{_FIELD}.{name}")
    return value


def _figure(selector: dict[str, Any], name: str) -> int:
    value = selector.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**7:
        sentence = _("The field “%(field)s” must be a whole number from 0.") % {"field": name}
        raise NotRead(sentence, f"{_FIELD}.{name}")
    return value


def _not_followed() -> NotRead:
    sentence = _("None of its selectors can be followed here. Send the words, too, in a TextQuoteSelector.")
    return NotRead(sentence, _FIELD, status=422)
