"""What pictures add to the desk: the page that hands out originals, and portraits made ready when a byline is saved.

Wagtail looks for hooks in a room's `wagtail_hooks` only; these are registered when the room starts (apps.py).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks

from standfirst.people.models import Byline
from standfirst.stories.pictures import desk, uses
from standfirst.stories.services import mark_prepare


@hooks.register("register_admin_urls")
def picture_urls() -> list[URLPattern]:
    return [path("pictures/original/<path:name>", desk.original, name="stories_picture_original")]


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def portrait_made_ready(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, Byline):
        mark_prepare(image=instance.portrait, uses=uses.AS_PORTRAIT)
