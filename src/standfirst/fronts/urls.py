from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, re_path

from standfirst.fronts import search, views

app_name = "fronts"
SLUG = r"(?P<slug>[a-z0-9-]{1,100})/"
NUMBER = r"page/(?P<number>[1-9]\d{0,5})/"
DEEP = r"(?P<path>[a-z0-9-]{1,80}(?:/[a-z0-9-]{1,80}){1,3})/"


def editions(address: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """A page for people and, one step below, its text edition under the same name with `_text` behind it."""
    return [
        # First: what ends in text/ is never a page of its own.
        re_path(rf"^{address}text/$", view, {"text": True}, name=f"{name}_text"),
        re_path(rf"^{address}$", view, name=name),
    ]


urlpatterns = [
    *editions("", views.home, "home"),
    path("search/", search.search, name="search"),
    *editions("archive/", views.archive, "archive"),
    *editions(f"archive/{NUMBER}", views.archive, "archive_page"),
    *editions("authors/", views.bylines, "bylines"),
    *editions(f"authors/{SLUG}", views.byline, "byline"),
    *editions(f"authors/{SLUG}{NUMBER}", views.byline, "byline_page"),
    *editions(f"tags/{SLUG}", views.tag, "tag"),
    *editions(f"tags/{SLUG}{NUMBER}", views.tag, "tag_page"),
    *editions(f"{SLUG}{NUMBER}", views.section, "section_page"),
    *editions(SLUG, views.section_or_standing, "section"),
    *editions(DEEP, views.standing, "standing"),
]
