"""The order of the story form: the order in which a story is written. Put on the model when the room opens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from standfirst.stories.change_panel import ChangePanel
from standfirst.stories.forms import StoryForm
from standfirst.stories.models import StoryPage
from standfirst.stories.pressed import PressedPanel

STORY = [
    ChangePanel(heading=_("What is this change?"), classname="sf-change-panel"),
    # Not Wagtail's TitleFieldPanel, which copies into the address while one types: ours is made on saving, in our
    # own transliteration (forms.StoryForm.clean_slug).
    FieldPanel(
        "title",
        heading=_("Headline"),
        classname="title",
        help_text=_("What happened. Up to about 80 characters are shown whole everywhere."),
        # Grows with the headline, so that a long one can be read on a phone; it stays one line of text.
        widget=AdminAutoHeightTextInput(attrs={"placeholder": _("Headline"), "rows": 1}),
    ),
    FieldPanel("standfirst", heading=_("Standfirst"), classname="sf-standfirst"),
    FieldRowPanel(
        [
            FieldPanel("kicker"),
            FieldPanel("kind", widget=forms.Select),
            FieldPanel("section", widget=forms.Select),
        ],
        heading=_("Where it stands"),
    ),
    InlinePanel("story_bylines", heading=_("Bylines"), label=_("byline")),
    FieldPanel("dateline"),
    InlinePanel(
        "based_on",
        heading=_("Based on reporting by"),
        label=_("agency or paper"),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldPanel("lead_image", heading=_("Picture")),
            FieldPanel("lead_alt"),
            FieldPanel("lead_decorative"),
            FieldPanel("lead_caption"),
            FieldPanel("lead_credit"),
        ],
        heading=_("Lead picture"),
    ),
    FieldPanel("body", heading=_("Text"), classname="sf-body"),
    InlinePanel("sources", heading=_("Sources"), label=_("source"), classname="collapsed"),
    FieldPanel("methods", classname="collapsed"),
    FieldPanel("tags"),
    InlinePanel(
        "related_by_hand",
        heading=_("Related stories"),
        label=_("related story"),
        help_text=_("Empty: the newsroom finds them by itself when the story goes out."),
        classname="collapsed",
    ),
]

ADDRESS = [
    FieldPanel(
        "slug",
        heading=_("Last part of the address"),
        help_text=_(
            "Made from the headline. After publication, a change leads readers of the old address to the new one."
        ),
    ),
    FieldPanel("seo_title", heading=_("Headline for search engines"), help_text=_("Empty: the headline.")),
    FieldPanel(
        "search_description", heading=_("Description for search engines"), help_text=_("Empty: the standfirst.")
    ),
    FieldPanel("kept_from_search"),
    PublishingPanel(),
    CommentPanel(),
]


def lay_panels() -> None:
    """Give StoryPage its form. Called once, when all rooms are open."""
    StoryPage.base_form_class = StoryForm
    StoryPage.edit_handler = TabbedInterface(
        [
            ObjectList(STORY, heading=_("Story")),
            ObjectList(ADDRESS, heading=_("Address and time")),
            ObjectList([PressedPanel(heading=_("The press"))], heading=_("In the paper")),
        ],
        base_form_class=StoryForm,
    )
