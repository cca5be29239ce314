"""HTTP for the press at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from standfirst.people.selectors import may_publish
from standfirst.press.services import try_again
from standfirst.theme.press_panel import ThePress


@never_cache
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The panel alone, for the script that keeps it current."""
    if not may_publish(request.user):
        raise PermissionDenied
    return HttpResponse(ThePress(request.user).render_html({"csrf_token": get_token(request)}))


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Press a page that failed now, or, without `path`, all of them."""
    if not may_publish(request.user):
        raise PermissionDenied
    asked = request.POST.get("path", "")
    count = try_again(path=asked)
    if not count:
        messages.info(request, _("That page is in order by now."))
    elif asked:
        messages.info(request, _("%(page)s is pressed again.") % {"page": asked})
    else:
        said = ngettext("%(count)s page is pressed again.", "%(count)s pages are pressed again.", count)
        messages.info(request, said % {"count": count})
    return redirect("wagtailadmin_home")


app_name = "press_desk"
urlpatterns = [path("panel/", panel, name="panel"), path("again/", again, name="again")]
