"""Our look on Wagtail, and the first page of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path
from django.utils.html import format_html
from wagtail import hooks

from standfirst.theme import desk, here
from standfirst.theme.dashboard import panels_for


@hooks.register("insert_global_admin_css")
def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("theme/desk.css"))


@hooks.register("insert_global_admin_js")
def name_of_the_paper() -> str:
    return format_html('<script type="module" src="{}"></script>', static("theme/desk-name.js"))


@hooks.register("insert_global_admin_js")
def somebody_works_here() -> str:
    return format_html('<script type="module" src="{}"></script>', static("theme/desk-here.js"))


@hooks.register("register_admin_urls")
def own_addresses() -> list[Any]:
    return [path("press/", include(desk)), path("here/", include(here))]


@hooks.register("construct_homepage_panels", order=1000)
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    """Ours say the same as Wagtail's and more; its notices of new versions are for the operator, not the desk."""
    panels[:] = panels_for(request.user)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counts(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("construct_help_menu", order=1000)
def help_is_ours(request: HttpRequest, items: list[Any]) -> None:
    """No links to other people's sites from the desk."""
    items[:] = [item for item in items if not str(getattr(item, "url", "")).startswith("http")]
