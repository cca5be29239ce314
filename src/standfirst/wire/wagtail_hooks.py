"""What the wire adds to the desk: letters to readers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from standfirst.people.selectors import may_publish
from standfirst.wire.letters import urls


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("newsletters/", include(urls))]


class NewslettersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_publish(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return NewslettersMenuItem(
        _("Letters to readers"), reverse("letters_desk:index"), name="newsletters", icon_name="mail", order=260
    )
