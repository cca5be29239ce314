"""What every template of the frame may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from standfirst.fronts import selectors
from standfirst.mailroom.selectors import is_offered


def at_desk(request: HttpRequest) -> bool:
    """Whether a page is the desk's, which has no masthead, and not a reader's."""
    return request.path_info.startswith("/desk/")


def frame(request: HttpRequest) -> dict[str, Any]:
    """`masthead`, `menu_sections`, `footer_pages`, `newsletters`, each read only when a template shows it."""
    if at_desk(request):
        return {"newsroom": settings.NEWSROOM, "at_desk": True}
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "newsroom": settings.NEWSROOM,
        "masthead": SimpleLazyObject(selectors.masthead),
        "menu_sections": SimpleLazyObject(selectors.menu_sections),
        "newsletters": SimpleLazyObject(is_offered),
        "footer_pages": SimpleLazyObject(lambda: selectors.footer_pages(language)),
    }
