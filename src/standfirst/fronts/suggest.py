"""“Something wrong?”: the form of one story, guarded and kept by the letterbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse

from standfirst.kit.html import extract, parse_fragment, text_of
from standfirst.letterbox.forms import PassageForm, SuggestionForm
from standfirst.letterbox.views import is_waiting, letter_page, thanks_page
from standfirst.stories import selectors
from standfirst.stories.models import StoryPage

# As much of a paragraph as is quoted on the form and sent along.
QUOTE_CHARS = 500
TEMPLATE = "letterbox/suggest.html"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def suggest(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    """The form; `?p=BLOCK` names the paragraph it is about, whose words are then quoted."""
    path = request.path_info.removesuffix("suggest/")
    block = request.GET.get("p", "").removeprefix("p-")
    try:
        story = _story(path)
    except Error:
        # Which story it is cannot be looked up; the form works all the same, for the address as it was asked.
        return letter_page(
            request,
            form_class=SuggestionForm,
            template=TEMPLATE,
            thanks=f"{path}suggest/thanks/",
            about={"about_path": path, "about_block": block if _KEY.fullmatch(block) else ""},
            context={"back": path},
            is_away=True,
        )
    paragraph = paragraph_of(story, block)
    return letter_page(
        request,
        form_class=PassageForm if paragraph else SuggestionForm,
        template=TEMPLATE,
        thanks=f"{story.suggest_path}thanks/",
        about={
            "about_path": story.public_path or "",
            "about_block": block if paragraph else "",
            "quote": paragraph,
        },
        context={"story": story, "paragraph": paragraph, "back": path},
    )


def thanks(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    path = request.path_info.removesuffix("suggest/thanks/")
    if is_waiting(request):
        return thanks_page(request, is_away=True, back=path)
    try:
        story = _story(path)
    except Error:
        return thanks_page(request, is_away=True, back=path)
    return thanks_page(request, {"story": story}, back=path)


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
