"""What the room adds to the desk: its menu, its screens, and the rule that published stories are never deleted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from standfirst.stories import desk_urls, keeping, once
from standfirst.stories.admin import SortingGroup, StoryListing
from standfirst.stories.models import MonthPage, PublicVersion, StoryPage
from standfirst.stories.placed_links import PLACED_LINKS

register_snippet(SortingGroup)


@hooks.register("register_rich_text_features", order=100)
def links_to_places(features: Any) -> None:
    """A link to a page of ours keeps the place on it (#…), which Wagtail's own converter drops."""
    features.register_converter_rule("contentstate", "link", PLACED_LINKS)


@hooks.register("register_admin_viewset")
def story_listing() -> StoryListing:
    return StoryListing()


@hooks.register("register_admin_urls")
def desk_addresses() -> list:
    return [path("stories/", include(desk_urls))]


class _Writing(MenuItem):
    """A menu item for those who may write."""

    def is_shown(self, request: HttpRequest) -> bool:
        from wagtail.permission_policies.pages import PagePermissionPolicy

        return bool(PagePermissionPolicy().user_has_permission(request.user, "add"))


@hooks.register("register_admin_menu_item")
def write() -> MenuItem:
    many = len(settings.LANGUAGES) > 1
    items: list[MenuItem] = [
        _Writing(
            format_html("{}: {}", _("New story"), name) if many else gettext_lazy("New story"),
            reverse("stories_desk:new", args=[code]),
            icon_name="plus",
            order=number,
            name=f"new-story-{code}",
        )
        for number, (code, name) in enumerate(settings.LANGUAGES)
    ]
    items.append(
        _Writing(
            gettext_lazy("Quick story"),
            reverse("stories_desk:quick"),
            icon_name="mobile-alt",
            order=90,
            name="quick-story",
        )
    )
    return SubmenuMenuItem(gettext_lazy("Write"), Menu(items=items), icon_name="edit", order=50, name="write")


@hooks.register("construct_explorer_page_queryset")
def without_month_folders(parent: Page, pages: Any, request: HttpRequest) -> Any:
    """Month folders are how stories are kept, not something to browse: stories are found under “Stories”."""
    return pages.not_type(MonthPage) if parent.depth <= 2 else pages


def _was_public(pages: Any) -> list[Page]:
    """Those of these pages, or stories below them, that readers have seen."""
    found = []
    for page in pages:
        below = Page.objects.descendant_of(page, inclusive=True).values("pk")
        if PublicVersion.objects.filter(story_id__in=below).exists() or (
            StoryPage.objects.filter(pk__in=below, public_path__isnull=False).exists()
        ):
            found.append(page)
    return found


def _refusal(page: Page) -> str:
    return _(
        "“%(headline)s” has been published and cannot be deleted: readers and other papers may have cited it. "
        "Withdraw it instead. It then leaves the paper, and its address says so."
    ) % {"headline": page.title}


hooks.register("before_create_page", once.one_story_of_a_form)
hooks.register("before_edit_page", keeping.let_it_be_saved)
hooks.register("before_publish_page", keeping.note_what_was_kept)
hooks.register("after_edit_page", keeping.tell_what_was_kept)


@hooks.register("register_permissions")
def speaking_for_the_paper() -> Any:
    """Who may issue editor's notes and retractions is ticked on a group, as everything else."""
    return Permission.objects.filter(content_type__app_label="stories", codename="speak_for_paper")


@hooks.register("before_delete_page")
def never_delete_what_was_public(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not _was_public([page]):
        return None
    messages.error(request, _refusal(page))
    story = page.specific
    if getattr(story, "live", False) and isinstance(story, StoryPage):
        return redirect("wagtailadmin_pages:unpublish", page.pk)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def never_delete_many(request: HttpRequest, action_type: str, objects: Any, action: Any) -> HttpResponse | None:
    if action_type != "delete":
        return None
    public = _was_public([page for page in objects if isinstance(page, Page)])
    if not public:
        return None
    for page in public:
        messages.error(request, _refusal(page))
    return redirect(getattr(action, "next_url", "") or "wagtailadmin_home")


@hooks.register("insert_editor_js")
def form_scripts() -> str:
    return format_html(
        '<script src="{}" data-paste="{}" data-picture="{}" data-failed="{}" data-sending="{}" data-pictures="{}">'
        '</script><script src="{}"></script><script type="module" src="{}"></script>'
        '<script type="module" src="{}"></script>',
        static("stories/desk-paste.js"),
        reverse("stories_desk:paste"),
        reverse("stories_desk:picture"),
        _("The picture could not be taken in. Add it with a picture block."),
        _("Taking the picture in …"),
        _(
            "The pictures in what you pasted did not come along. Copy each picture by itself and paste it, "
            "or drop its file here."
        ),
        static("stories/desk-words.js"),
        static("stories/desk-labels.js"),
        static("stories/desk-change.js"),
    )
