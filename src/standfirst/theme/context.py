"""What every template of the frame may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from standfirst.fronts import selectors
from standfirst.mailroom.selectors import offered


def at_desk(request: HttpRequest) -> bool:
    """Whether a page is the desk's, which has no masthead, and not a reader's."""
    return request.path_info.startswith("/desk/")


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows: `masthead`, `menu_sections`, `newsletters` … Each is read only when a template shows it."""
    if at_desk(request):
        return {"newsroom": settings.NEWSROOM, "at_desk": True}
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    letters: Any = SimpleLazyObject(offered)
    return {
        "newsroom": settings.NEWSROOM,
        "masthead": SimpleLazyObject(selectors.masthead),
        "menu_sections": SimpleLazyObject(selectors.menu_sections),
        "newsletters": letters,
        "under_stories": SimpleLazyObject(lambda: [one for one in letters if one.is_under_stories]),
        "footer_pages": SimpleLazyObject(lambda: selectors.footer_pages(language)),
    }
