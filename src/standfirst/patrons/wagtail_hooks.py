"""What the room adds to the desk. Money is for administrators, and for whoever was given the right to see pledges."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from standfirst.patrons import rights
from standfirst.patrons.desk import urls
from standfirst.patrons.models import LegalEntity, Tier


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("patrons/", include(urls))]


class PatronsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return rights.may_see_money(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return PatronsMenuItem(_("Patrons"), reverse("patrons_desk:index"), name="patrons", icon_name="group", order=260)


@hooks.register("register_permissions")
def grantable() -> Any:
    """So that an administrator can let a treasurer see money who is none."""
    return Permission.objects.filter(content_type__app_label="patrons", codename="view_pledge")


class TierViewSet(SnippetViewSet):
    model = Tier
    icon = "pick"
    menu_label = _("Ways to support")
    add_to_settings_menu = True
    list_display = ["name", "is_offered", "sort_order"]


class LegalEntityViewSet(SnippetViewSet):
    model = LegalEntity
    icon = "group"
    menu_label = _("Who writes receipts")
    add_to_settings_menu = True
    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("registration"),
        FieldPanel("prefix"),
        FieldPanel("is_current"),
    ]


register_snippet(TierViewSet)
register_snippet(LegalEntityViewSet)
