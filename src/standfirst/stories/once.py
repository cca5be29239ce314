"""One form makes one story, however often and in whatever order it is sent.

A new story's form is kept by itself half a second after the first words, and its writer may press Publish while that
is still under way, press it twice, or come back to the form and save again. Wagtail would make a story of each. So
every such form carries a key, which becomes the story's own (`translation_key`, unique in a language): whoever comes
second with it finds the story and edits it.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from modelcluster.models import get_all_child_relations
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import COMMENTS_RELATION_NAME, Page

from standfirst.people.models import User
from standfirst.stories.models import StoryPage

if TYPE_CHECKING:
    import datetime as dt

KEY = "form_key"


def form_address(folder: Page, key: uuid.UUID) -> str:
    """Where the empty form with this key stands."""
    address = reverse("wagtailadmin_pages:add", args=["stories", "storypage", folder.pk])
    return set_query_params(address, {KEY: str(key)})


def key_of(data: QueryDict | dict[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(data.get(KEY, "")))
    except ValueError:
        return None


def story_made(*, key: uuid.UUID | None, user: User, language_of: Page | None = None) -> StoryPage | None:
    """The story that a form of this colleague has made already; None before."""
    if key is None:
        return None
    stories = StoryPage.objects.filter(translation_key=key, owner=user)
    if language_of is not None:
        stories = stories.filter(locale=language_of.locale)
    return stories.first()


def may_be_given(key: uuid.UUID) -> bool:
    """Whether a new story can have this key: no page of any language has it."""
    return not Page.objects.filter(translation_key=key).exists()


def one_story_of_a_form(request: HttpRequest, folder: Page, page_class: type) -> HttpResponse | None:
    """Lead a form that comes again to the story it made. None: this is the first time.

    Two that come at once wait for one another (publishing.PublishInOneTransaction).
    """
    if not issubclass(page_class, StoryPage):
        return None
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        made = story_made(key=key_of(request.POST), user=user, language_of=folder)
        return _SentAgain.as_view(folder=folder)(request, made.pk) if made else None
    key = key_of(request.GET)
    if key is None:
        # The key stands in the address, so that coming back to it leads to the story.
        return redirect(set_query_params(request.get_full_path(), {KEY: str(uuid.uuid4())}))
    made = story_made(key=key, user=user, language_of=folder)
    return redirect("wagtailadmin_pages:edit", made.pk) if made else None


class _SentAgain(EditView):
    """Saves a new story's form into the story that an earlier sending of it has made."""

    folder: Page | None = None

    def get_object(self) -> StoryPage:
        """The story without its bylines, sources and the like: the form knows no numbers of lines, it brings all."""
        story: StoryPage = super().get_object()
        for relation in get_all_child_relations(StoryPage):
            name = relation.get_accessor_name()
            kept = []
            if name == COMMENTS_RELATION_NAME:
                kept = [
                    comment
                    for comment in story.wagtail_admin_comments.all()
                    if comment.user_id != self.request.user.pk or comment.replies.exists()
                ]
            setattr(story, name, kept)
        return story

    @cached_property
    def is_out_of_date(self) -> bool:
        """Nothing that was kept by itself may come after what its writer sent by hand."""
        if self.request.POST.get("loaded_revision_id") or self.request.POST.get("overwrite_revision_id"):
            return bool(super().is_out_of_date)
        story: StoryPage = self.page
        newest = self.latest_revision
        arrived: dt.datetime | None = getattr(self.request, "arrived_at", None)
        return bool(
            story.live
            or story.public_path
            or self.scheduled_revision
            or story.revisions.count() > 1
            or (newest and arrived and newest.created_at > arrived)
        )

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        if not isinstance(response, JsonResponse) or response.status_code != 200:
            return response
        # As after the first time: the open page turns into the story's own form.
        url = self.get_edit_url()
        answer = json.loads(response.content) | {"url": url}
        if not self.request.POST.get("loaded_revision_id"):
            answer["hydrate_url"] = set_query_params(url, {"_w_hydrate_create_view": "1"})
        return JsonResponse(answer)

    def get_template_names(self) -> list[str]:
        return ["stories/desk/sent_again.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was refused is sent to the same place again, for its lines still have no numbers."""
        assert self.folder is not None
        again = reverse("wagtailadmin_pages:add", args=["stories", "storypage", self.folder.pk])
        return super().get_context_data(**kwargs) | {"action_url": again}
