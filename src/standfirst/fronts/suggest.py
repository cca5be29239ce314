"""“Something wrong?”: the form of one story, guarded and kept by the letterbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from standfirst.kit.html import extract, parse_fragment, text_of
from standfirst.letterbox.forms import PassageForm, SuggestionForm
from standfirst.letterbox.views import away, letter_page, thanks_page
from standfirst.stories import selectors
from standfirst.stories.models import StoryPage

# As much of a paragraph as is quoted on the form and sent along.
QUOTE_CHARS = 500
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def suggest(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    """The form; `?p=BLOCK` names the paragraph it is about, whose words are then quoted."""
    try:
        story = _story(request.path_info.removesuffix("suggest/"))
    except DatabaseError:
        return away(request, SuggestionForm(request.POST) if request.method == "POST" else None)
    block = request.GET.get("p", "").removeprefix("p-")
    paragraph = paragraph_of(story, block)
    return letter_page(
        request,
        form_class=PassageForm if paragraph else SuggestionForm,
        template="letterbox/suggest.html",
        thanks=f"{story.suggest_path}thanks/",
        about={
            "about_path": story.public_path or "",
            "about_block": block if paragraph else "",
            "quote": paragraph,
        },
        context={"story": story, "paragraph": paragraph},
    )


def thanks(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    try:
        story = _story(request.path_info.removesuffix("suggest/thanks/"))
    except DatabaseError:
        return away(request, None)
    return thanks_page(request, {"story": story})


def paragraph_of(story: StoryPage, block: str) -> str:
    """The words of the paragraph with this key; '' when the story has none."""
    if not _KEY.fullmatch(block):
        return ""
    mark = f'data-block-key="{block}"'
    for html in _texts([story.methods, *(child.get("value") for child in story.body.raw_data)]):
        if mark not in html:
            continue
        for element in parse_fragment(html).iter():
            if element.get("data-block-key") == block:
                return extract(text_of("".join(str(piece) for piece in element.itertext())), QUOTE_CHARS)
    return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _story(path: str) -> StoryPage:
    story = selectors.story_at(path)
    if story is None:
        raise Http404
    return story
