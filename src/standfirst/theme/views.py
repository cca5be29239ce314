"""Pages that two rooms share, and the newsroom's colours as a stylesheet: the policy allows no inline style."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from standfirst.fronts import views as fronts
from standfirst.patrons import pages as patrons
from standfirst.theme import colours


def newsroom_colours(request: HttpRequest, accent: str, accent_dark: str) -> HttpResponse:
    """A pure function of its address, which changes with the colours: kept for good by browsers."""
    css = colours.stylesheet(f"#{accent}", f"#{accent_dark}")
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def support(request: HttpRequest, text: bool = False) -> HttpResponse:
    """The support page where the desk has opened it; until then the standing page of that name."""
    return patrons.support(request, text=text) if patrons.is_open() else fronts.standing(request, "support", text=text)
