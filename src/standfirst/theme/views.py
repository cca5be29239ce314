"""The newsroom's colours as a stylesheet: the policy allows no inline style."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from standfirst.theme import colours


def newsroom_colours(request: HttpRequest, accent: str, accent_dark: str) -> HttpResponse:
    """A pure function of its address, which changes with the colours: kept for good by browsers."""
    css = colours.stylesheet(f"#{accent}", f"#{accent_dark}")
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
