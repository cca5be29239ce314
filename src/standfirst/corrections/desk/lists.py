"""Ready answers, and the second look."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standfirst.corrections import queue as waiting
from standfirst.corrections import rights
from standfirst.corrections.answers import READY, answers_in
from standfirst.corrections.desk.views import DeskRequest
from standfirst.corrections.errors import NotAllowed
from standfirst.corrections.models import SecondLook
from standfirst.corrections.services import desk
from standfirst.kit.worddiff import word_difference
from standfirst.people.selectors import may_publish


@never_cache
@require_http_methods(["GET", "POST"])
def answers(request: DeskRequest) -> HttpResponse:
    """The paper's ready answers, in each of its languages."""
    if not may_publish(request.user):
        raise PermissionDenied
    if request.method == "POST":
        for code, _name in settings.LANGUAGES:
            texts = {kind: request.POST.get(f"{code}-{kind}", "") for kind in READY}
            desk.answers_write(language=code, texts=texts, editor=request.user)
        messages.success(request, _("The ready answers are saved."))
        return redirect("corrections_desk:answers")
    languages = [(code, name, answers_in(code)) for code, name in settings.LANGUAGES]
    return render(request, "corrections/desk/answers.html", {"languages": languages})


@never_cache
@require_GET
def looks(request: DeskRequest) -> HttpResponse:
    """Corrections of authors' own stories that wait for another editor's look."""
    if not may_publish(request.user):
        raise PermissionDenied
    rows = [
        {
            "look": look,
            "difference": word_difference(look.correction.text.was, look.correction.text.now),
            "address": f"/corrections/{look.correction.number}/",
            "is_mine": look.author_id == request.user.pk,
        }
        for look in waiting.looks_waiting()[:50]
        if hasattr(look.correction, "text")
    ]
    return render(request, "corrections/desk/looks.html", {"rows": rows})


@require_POST
def looked(request: DeskRequest, pk: int) -> HttpResponse:
    if not rights.may_see(request.user):
        raise PermissionDenied
    look = SecondLook.objects.filter(pk=pk).select_related("correction__story", "looked_by").first()
    if look is None:
        raise Http404
    try:
        done = desk.second_look_done(look=look, editor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    if done.looked_by_id == request.user.pk:
        messages.success(request, _("Correction %(number)d is looked at.") % {"number": done.correction.number})
    else:
        who = done.looked_by.get_full_name() if done.looked_by else ""
        messages.info(request, _("%(name)s has looked at it before you.") % {"name": who})
    return redirect("corrections_desk:looks")
