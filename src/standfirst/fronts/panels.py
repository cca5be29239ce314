"""Forms of the home page, the standing pages and the masthead, in plain words. Laid when the room opens."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
)

from standfirst.fronts.models import HomePage, Masthead, StandingPage


def _language(*, every: bool = False) -> forms.Select:
    return forms.Select(choices=[("", _("every language") if every else "—"), *settings.LANGUAGES])


HOME = [
    MultiFieldPanel(
        [PageChooserPanel("lead", "stories.StoryPage"), FieldPanel("lead_until")],
        heading=_("The story that leads"),
    ),
    InlinePanel(
        "seconds",
        heading=_("Beside the lead"),
        label=_("story"),
        help_text=_("Those you place here come first; the newest stories fill the rest."),
        panels=[PageChooserPanel("story", "stories.StoryPage"), FieldPanel("until")],
    ),
    FieldRowPanel([FieldPanel("seconds_count"), FieldPanel("thirds_count")], heading=_("How many")),
    InlinePanel(
        "bands",
        heading=_("Sections below"),
        label=_("section"),
        panels=[FieldPanel("section", widget=forms.Select), FieldPanel("count")],
    ),
]
HOME_MORE = [
    FieldPanel("title", heading=_("Name at the desk"), help_text=_("Readers see the name in the masthead.")),
    FieldPanel("seo_title", heading=_("Title for search engines")),
    FieldPanel("search_description", heading=_("Description for search engines")),
    PublishingPanel(),
]

STANDING = [
    FieldPanel("title", classname="title"),
    FieldPanel("path_in_language"),
    FieldPanel("introduction"),
    FieldPanel("body", classname="sf-body"),
    FieldPanel("more"),
    FieldPanel("needs_newsroom"),
    FieldPanel("in_footer"),
]
STANDING_MORE = [
    FieldPanel("seo_title", heading=_("Title for search engines")),
    FieldPanel("search_description", heading=_("Description for search engines")),
    PublishingPanel(),
]

MASTHEAD_LOOK = [
    FieldPanel("name"),
    FieldPanel("logo"),
    FieldPanel("icon"),
    FieldRowPanel([FieldPanel("accent"), FieldPanel("accent_dark")], heading=_("Colour")),
    FieldPanel("face", widget=forms.Select),
    InlinePanel(
        "links",
        heading=_("Links in menu and footer"),
        label=_("link"),
        help_text=_("Sections stand in the menu by themselves."),
        panels=[
            FieldPanel("place", widget=forms.Select),
            FieldPanel("label"),
            FieldPanel("address"),
            FieldPanel("language", widget=_language(every=True)),
        ],
    ),
]
MASTHEAD_WORDS = [
    InlinePanel(
        "texts",
        heading=_("Words, language by language"),
        label=_("language"),
        panels=[
            FieldPanel("language", widget=_language()),
            FieldPanel("name"),
            FieldPanel("tagline"),
            FieldPanel("funder_line"),
            FieldPanel("appeal_heading"),
            FieldPanel("appeal_text"),
            FieldPanel("appeal_amount"),
            FieldPanel("appeal_button"),
            FieldPanel("other_ways"),
        ],
    ),
]
MASTHEAD_HOUSE = [
    FieldPanel("legal_name"),
    FieldPanel("founded_year"),
    FieldPanel("contact_email"),
    FieldPanel("postal_address"),
    FieldPanel("support_url"),
    FieldPanel("newsletter_url"),
    FieldPanel("extract_limit_chars"),
]


def lay_panels() -> None:
    """Give the room's models their forms. Called once, when all rooms are open."""
    HomePage.edit_handler = TabbedInterface(
        [ObjectList(HOME, heading=_("Front page")), ObjectList(HOME_MORE, heading=_("More"))],
        base_form_class=WagtailAdminPageForm,
    )
    StandingPage.edit_handler = TabbedInterface(
        [ObjectList(STANDING, heading=_("Page")), ObjectList(STANDING_MORE, heading=_("More"))],
        base_form_class=WagtailAdminPageForm,
    )
    Masthead.edit_handler = TabbedInterface(
        [
            ObjectList(MASTHEAD_LOOK, heading=_("Name and look")),
            ObjectList(MASTHEAD_WORDS, heading=_("Words")),
            ObjectList(MASTHEAD_HOUSE, heading=_("Publisher and contact")),
        ]
    )
