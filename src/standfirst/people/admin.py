"""Newsroom screens of the room: bylines."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.views.snippets import SnippetViewSet

from standfirst.people.models import Byline


class BylineViewSet(SnippetViewSet):
    model = Byline
    icon = "user"
    menu_label = _("Bylines")
    list_display = ["name", "kind", "role", "is_listed"]
    list_filter = ["kind", "is_listed"]
    search_fields = ["name"]
    ordering = ["name"]
    copy_view_enabled = False
    panels = [
        FieldPanel("name"),
        FieldPanel("kind", widget=forms.Select),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldPanel("portrait"),
        FieldPanel("website"),
        FieldPanel("fediverse"),
        FieldPanel("is_listed"),
        FieldPanel("slug", help_text=_("Part of the address of the author's page. Empty: made from the name.")),
        FieldPanel("account", widget=forms.Select),
        InlinePanel(
            "texts",
            heading=_("In the other languages"),
            label=_("language"),
            panels=[
                FieldPanel("language", widget=forms.Select(choices=[("", "—"), *settings.LANGUAGES])),
                FieldPanel("name"),
                FieldPanel("role"),
                FieldPanel("bio"),
            ],
        ),
    ]
