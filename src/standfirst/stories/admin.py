"""Newsroom screens of the room: the list of stories, and what stories are sorted by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Locale
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from standfirst.people.admin import BylineViewSet
from standfirst.people.models import Byline
from standfirst.stories import selectors
from standfirst.stories.models import Section, StoryKind, StoryPage, Tag


def language_select() -> forms.Select:
    """A language of the paper, for forms that hold the words of one language each."""
    return forms.Select(choices=[("", "—"), *settings.LANGUAGES])


class StoryFilterSet(WagtailFilterSet):
    section = django_filters.ModelChoiceFilter(label=_("Section"), queryset=Section.objects.all())
    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=StoryKind.objects.all())
    byline = django_filters.ModelChoiceFilter(
        label=_("Byline"), field_name="story_bylines__byline", queryset=Byline.objects.all()
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("Any"),
        choices=[
            ("draft", _("Never published")),
            ("live", _("Published")),
            ("changed", _("Published, with changes not yet published")),
            ("scheduled", _("Scheduled")),
            ("withdrawn", _("Withdrawn")),
            ("held", _("Held back at import")),
        ],
    )
    locale = django_filters.ModelChoiceFilter(label=_("Language"), queryset=Locale.objects.all())
    mine = django_filters.ChoiceFilter(
        label=_("Whose"), method="of_mine", empty_label=_("Everybody's"), choices=[("yes", _("Mine"))]
    )

    class Meta:
        model = StoryPage
        fields: list[str] = []

    def in_state(self, stories: Any, name: str, value: str) -> Any:
        if value in ("draft", "scheduled"):
            waiting = selectors.going_out()
            if value == "scheduled":
                return stories.filter(pk__in=waiting)
            return stories.filter(live=False, public_path__isnull=True).exclude(pk__in=waiting)
        conditions: dict[str, dict[str, Any]] = {
            "live": {"live": True},
            "changed": {"live": True, "has_unpublished_changes": True},
            "withdrawn": {"live": False, "public_path__isnull": False},
            "held": {"live": False, "held_because__gt": ""},
        }
        return stories.filter(**conditions[value])

    def of_mine(self, stories: Any, name: str, value: str) -> Any:
        return stories.filter(owner=self.request.user) if value else stories


class StoryIndexView(IndexView):
    page_title = _("Stories")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                label=_("New story") if len(settings.LANGUAGES) == 1 else _("New story: %s") % name,
                url=reverse("stories_desk:new", args=[code]),
                icon_name="plus",
            )
            for code, name in settings.LANGUAGES
        ]

    def get_base_queryset(self) -> Any:
        return (
            super()
            .get_base_queryset()
            .select_related("section", "kind", "locale")
            .prefetch_related("story_bylines__byline")
            .defer("body", "methods")
        )


def _names(story: StoryPage) -> str:
    return ", ".join(line.byline.name for line in story.story_bylines.all())


class StoryListing(PageListingViewSet):
    model = StoryPage
    index_view_class = StoryIndexView
    icon = "doc-full-inverse"
    menu_label = _("Stories")
    menu_order = 100
    add_to_admin_menu = True
    name = "desk_stories"
    url_prefix = "stories"
    filterset_class = StoryFilterSet
    list_per_page = 40
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Headline"), sort_key="title", classname="title"),
        Column("section", label=_("Section"), sort_key="section__title", width="12%"),
        Column("bylines", label=_("Byline"), accessor=_names, width="16%"),
        DateColumn(
            "latest_revision_created_at", label=_("Last change"), sort_key="latest_revision_created_at", width="12%"
        ),
        PageStatusColumn("status", label=_("State"), sort_key="live", width="12%"),
    ]


class SectionViewSet(SnippetViewSet):
    model = Section
    icon = "folder-open-inverse"
    list_display = ["title", "slug", "in_menu", "sort_order"]
    ordering = ["sort_order", "title"]
    copy_view_enabled = False
    panels = [
        FieldPanel("title"),
        FieldPanel("description"),
        FieldPanel("in_menu"),
        FieldPanel("sort_order", help_text=_("Small numbers come first.")),
        FieldPanel("slug", help_text=_("Part of the section's address. Empty: made from the title.")),
        InlinePanel(
            "texts",
            heading=_("In the other languages"),
            label=_("language"),
            panels=[FieldPanel("language", widget=language_select()), FieldPanel("title"), FieldPanel("description")],
        ),
    ]


class KindViewSet(SnippetViewSet):
    model = StoryKind
    icon = "tag"
    list_display = ["label", "is_active", "is_labelled", "is_opinion"]
    ordering = ["sort_order", "label"]
    copy_view_enabled = False
    panels = [
        FieldPanel("label"),
        FieldPanel("is_active"),
        FieldPanel("is_labelled"),
        FieldPanel("is_opinion"),
        FieldPanel("sort_order", help_text=_("Small numbers come first.")),
        FieldPanel("slug", help_text=_("A short name for machines, such as “fact-check”.")),
        InlinePanel(
            "texts",
            heading=_("In the other languages"),
            label=_("language"),
            panels=[FieldPanel("language", widget=language_select()), FieldPanel("label")],
        ),
    ]


class TagViewSet(SnippetViewSet):
    model = Tag
    icon = "tag"
    list_display = ["name", "slug"]
    search_fields = ["name"]
    copy_view_enabled = False
    panels = [FieldPanel("name"), FieldPanel("slug", help_text=_("Part of the tag's address, in Latin letters."))]


class SortingGroup(SnippetViewSetGroup):
    """Bylines, sections, kinds and tags behind one line of the menu."""

    items = (BylineViewSet, SectionViewSet, KindViewSet, TagViewSet)
    menu_label = _("Lists")
    menu_icon = "list-ul"
    menu_order = 250
