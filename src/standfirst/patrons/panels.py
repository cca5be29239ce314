"""Forms of the support page and of the ways to support, in plain words. Laid when the room opens."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from standfirst.patrons.models import Support, Tier


def _language() -> forms.Select:
    return forms.Select(choices=[("", "—"), *settings.LANGUAGES])


def lay_panels() -> None:
    """Give the room's models their forms. Called once, when all rooms are open."""
    Support.panels = [
        FieldPanel("is_open"),
        FieldPanel("currency"),
        InlinePanel(
            "texts",
            heading=_("Words, language by language"),
            label=_("language"),
            panels=[
                FieldPanel("language", widget=_language()),
                FieldPanel("heading"),
                FieldPanel("introduction"),
                FieldPanel("pays_for"),
                FieldPanel("other_ways"),
                FieldPanel("tax_text"),
            ],
        ),
        MultiFieldPanel(
            [
                FieldPanel("account_holder"),
                FieldPanel("iban"),
                FieldRowPanel([FieldPanel("bic"), FieldPanel("bank_name")]),
            ],
            heading=_("Bank transfer"),
        ),
        InlinePanel(
            "pages",
            heading=_("Pages elsewhere where readers can pay"),
            label=_("page"),
            panels=[FieldPanel("name"), FieldPanel("address")],
        ),
    ]
    Tier.panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("promise"),
        MultiFieldPanel(
            [FieldPanel("gives_vote"), FieldPanel("gives_letters"), FieldPanel("gives_no_sponsors")],
            heading=_("What it gives (nothing: it is a donation)"),
        ),
        InlinePanel(
            "prices",
            heading=_("Amounts that are offered"),
            label=_("amount"),
            panels=[FieldRowPanel([FieldPanel("amount_minor"), FieldPanel("currency"), FieldPanel("period")])],
        ),
        InlinePanel(
            "texts",
            heading=_("Words, language by language"),
            label=_("language"),
            panels=[FieldPanel("language", widget=_language()), FieldPanel("name"), FieldPanel("promise")],
        ),
        FieldRowPanel([FieldPanel("is_offered"), FieldPanel("sort_order")]),
    ]
