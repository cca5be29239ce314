"""A note about a story of which no word changes: a clarification, an editor's note, a retraction."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from standfirst.corrections import rights
from standfirst.corrections.desk.views import DeskRequest
from standfirst.corrections.models import Correction
from standfirst.corrections.services.desk import note_issue
from standfirst.stories.asking import answers_for
from standfirst.stories.errors import NotReady
from standfirst.stories.models import StoryPage
from standfirst.stories.services.revising import NOTES_ALONE


@never_cache
@require_http_methods(["GET", "POST"])
def note(request: DeskRequest, pk: int) -> HttpResponse:
    story = get_object_or_404(StoryPage.objects.filter(live=True), pk=pk)
    if not rights.may_accept(request.user, story):
        raise PermissionDenied
    typed, problems = request.POST.dict(), []
    if request.method == "POST":
        try:
            correction = note_issue(
                story=story,
                label=typed.get("label", ""),
                note=typed.get("note", ""),
                origin=typed.get("origin", ""),
                credit=typed.get("credit", ""),
                editor=request.user,
            )
        except NotReady as error:
            problems = [str(problem.message) for problem in error.problems]
        else:
            messages.success(request, _("%(entry)s is public.") % {"entry": correction})
            return redirect(reverse("wagtailadmin_pages:edit", args=[story.pk]))
    context = {
        "story": story,
        "typed": typed,
        "problems": problems,
        "answers": [answer for answer in answers_for(request.user) if answer.value in NOTES_ALONE],
        "origins": Correction.Origin.choices,
    }
    return render(request, "corrections/desk/note.html", context, status=422 if problems else 200)
