"""What the room adds to the desk: the reports of imports, under Reports."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from standfirst.importers import desk
from standfirst.importers.models import Move
from standfirst.people.selectors import may_publish

_urls = (
    [path("", desk.moves, name="index"), path("<int:pk>/", desk.move, name="move")],
    "moves",
)


@hooks.register("register_admin_urls")
def addresses() -> list:
    return [path("reports/imports/", include(_urls))]


class _Imports(MenuItem):
    """For those who may publish, once there is something to read."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_publish(request.user) and Move.objects.exists()


@hooks.register("register_reports_menu_item")
def imports() -> MenuItem:
    return _Imports(_("Imports"), reverse("moves:index"), name="imports", icon_name="download", order=900)


@hooks.register("insert_global_admin_css")
def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("importers/desk.css"))
