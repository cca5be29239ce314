"""A suggestion as a W3C Web Annotation, so that programs of others find the same words (AN-01 to AN-05).

Three selectors, the most exact first: the passage by its name on the page, refined by the place within it; the quote
with its surroundings; the place in the whole text of the version it was made on. All count code points. The text is
the version's passages, one line each (`stories.passages`).
"""

from __future__ import annotations

import re
from typing import Any

from standfirst.corrections.models import Suggestion
from standfirst.corrections.services.placing import span_of
from standfirst.kit.anchoring import Text
from standfirst.stories.passages import text_of_version

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# RFC 3236: how a fragment of an XHTML or HTML page is named.
FRAGMENTS = "http://tools.ietf.org/rfc/rfc3236"
# A paragraph without a key of its own.
_COUNTED = re.compile(r"^(?:b-.*|methods)-p\d+$")


def annotation_of(suggestion: Suggestion, *, address: str, source: str) -> dict[str, Any]:
    """The annotation as plain JSON data. Nothing in it says who sent it, but the name she wants to be thanked by.

    address: of the private page, which is its id. source: the story's own address. Both absolute.
    """
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": "Annotation",
        "motivation": "editing",
        "created": suggestion.received_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "body": [_body(text, purpose, suggestion.language) for text, purpose in _bodies(suggestion)],
        "target": {"source": source},
    }
    if suggestion.credit:
        made["creator"] = {"type": "Person", "name": suggestion.credit}
    if suggestion.version:
        cached = f"{source}versions/{suggestion.version}/"
        made["target"]["state"] = {"type": "TimeState", "cached": cached}
    if suggestion.exact:
        made["target"]["selector"] = selectors_of(suggestion)
    return made


def selectors_of(suggestion: Suggestion) -> list[dict[str, Any]]:
    quote = {"type": "TextQuoteSelector", "exact": suggestion.exact}
    quote |= {name: words for name, words in (("prefix", suggestion.prefix), ("suffix", suggestion.suffix)) if words}
    text = _text(suggestion)
    span = None
    if text is not None and suggestion.start is not None and suggestion.end is not None:
        span = span_of(text, suggestion.block, suggestion.start, suggestion.end)
    if text is None or span is None:
        return [quote]
    position = {"type": "TextPositionSelector", "start": span[0], "end": span[1]}
    return [*_by_passage(text, *span), quote, position]


def _by_passage(text: Text, start: int, end: int) -> list[dict[str, Any]]:
    """One selector, or none where no element of the page bears the passage's name."""
    parts = text.spread(start, end)
    (first, here, there), (last, _begin, stop) = parts[0], parts[-1]
    begins, ends = text.passages[first], text.passages[last]
    if any(_COUNTED.search(passage.name) for passage in (begins, ends)):
        return []
    # Both of a range are of one class.
    has_ids = all(passage.name.startswith("p-") for passage in (begins, ends))
    if first == last:
        return [_named(begins.name, here, there, has_id=has_ids)]
    # Up to, and without, what the second selector selects (AN-04).
    return [
        {
            "type": "RangeSelector",
            "startSelector": _named(begins.name, here, there, has_id=has_ids),
            "endSelector": _named(ends.name, stop, len(ends.text), has_id=has_ids),
        }
    ]


def _named(name: str, start: int, end: int, *, has_id: bool) -> dict[str, Any]:
    refined = {"type": "TextPositionSelector", "start": start, "end": end}
    if has_id:
        return {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": name, "refinedBy": refined}
    # What is no paragraph of running text has no id on the page (stories.passages).
    attribute = "id" if name.startswith("p-") else "data-passage"
    return {"type": "CssSelector", "value": f'[{attribute}="{name}"]', "refinedBy": refined}


def _text(suggestion: Suggestion) -> Text | None:
    versions = suggestion.case.story.public_versions.select_related("text")
    version = versions.filter(number=suggestion.version).first()
    return text_of_version(version) if version else None


def _bodies(suggestion: Suggestion) -> list[tuple[str, str]]:
    both = [(suggestion.wording, "editing"), (suggestion.why, "commenting")]
    return [(text, purpose) for text, purpose in both if text]


def _body(text: str, purpose: str, language: str) -> dict[str, Any]:
    body = {"type": "TextualBody", "format": "text/plain", "purpose": purpose, "value": text}
    return body | ({"language": language} if language else {})
