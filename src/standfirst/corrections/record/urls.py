"""Addresses of the record. Pages for people exist in every language; an entry, whose number is one, exists once."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, re_path

from standfirst.corrections.record import views
from standfirst.stories.urls import DAY_AND_SLUG

NUMBER = r"(?P<number>[1-9]\d{0,6})"


def editions(address: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """A page and, one step below, its text edition under the same name with `_text` behind it."""
    return [
        re_path(rf"^{address}text/$", view, {"text": True}, name=f"{name}_text"),
        re_path(rf"^{address}$", view, name=name),
    ]


app_name = "record"
urlpatterns = [
    *editions("corrections/", views.log, "log"),
    *editions(rf"corrections/page/{NUMBER}/", views.log, "log_page"),
    *editions(rf"{DAY_AND_SLUG}versions/", views.versions, "versions"),
    *editions(rf"{DAY_AND_SLUG}versions/{NUMBER}/", views.version, "version"),
    re_path(rf"^{DAY_AND_SLUG}versions/{NUMBER}\.json$", views.version_bytes, name="version_bytes"),
]
# Outside every language.
once = (
    [
        *editions(rf"corrections/{NUMBER}/", views.entry, "entry"),
        # What the press tells at the address of a story that is withheld (press/ROOM.md).
        re_path(r"^-/gone(?P<path>/(?:[a-z-]{2,20}/)?\d{4}/\d\d/\d\d/[^/]+/)$", views.gone, name="gone"),
    ],
    "entries",
)
