"""What the room adds to the desk. Money is for administrators, and for whoever was given the right to see pledges."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from standfirst.patrons.models import LegalEntity, Tier


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
