"""HTTP for the question of publishing: asked by the form's script before anything is sent."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfirst.stories.change_panel import asked
from standfirst.stories.models import StoryPage


@require_POST
def question(request: HttpRequest, page_id: int) -> HttpResponse:
    """The question that publishing this form would ask, as a piece of HTML; "" when it asks none, or refuses anyway.

    Nothing is saved.
    """
    story = get_object_or_404(StoryPage, pk=page_id)
    if not story.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    working = story.get_latest_revision_as_object()
    form_class = working.get_edit_handler().get_form_class()
    form = form_class(
        request.POST, request.FILES, instance=working, parent_page=working.get_parent(), for_user=request.user
    )
    form.is_valid()
    if form.question is None or set(form.errors) - {"change_label", "change_note"}:
        return JsonResponse({"html": ""})
    hands_in = "action-publish" not in request.POST
    confirm = _("Hand in") if hands_in else _("Publish the change")
    html = render_to_string("stories/desk/change_dialog.html", {**asked(form), "confirm": confirm}, request)
    return JsonResponse({"html": html})
