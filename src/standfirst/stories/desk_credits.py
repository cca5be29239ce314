"""HTTP for the to-do list of credits: type one and press Enter, or tick many and give them the same."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from standfirst.stories import services, to_credit
from standfirst.stories.desk import DeskRequest
from standfirst.stories.models import NewsImage, NewsRendition

PAGE = 24
MAX_CREDIT = 255


def credit_list(request: DeskRequest) -> HttpResponse:
    """The pictures that wait for a credit, the newest stories' first; saving leads on to the next one."""
    if not to_credit.may_credit(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request)
    return _page(request, to_credit.waiting_ids(request.user))


def _page(
    request: DeskRequest, ids: list[int], *, typed: dict[int, str] | None = None, ticked: set[int] | None = None
) -> HttpResponse:
    at = int(request.GET["at"]) if request.GET.get("at", "").isdigit() else 0
    pages = Paginator(ids, PAGE)
    number = ids.index(at) // PAGE + 1 if at in ids else request.POST.get("p") or request.GET.get("p")
    page = pages.get_page(number)
    rows = to_credit.waiting_pictures(list(page.object_list))
    shown = [row.picture.pk for row in rows]
    context = {
        "rows": [
            {
                "waiting": row,
                "thumb": _thumb(row.picture),
                "typed": (typed or {}).get(row.picture.pk, row.picture.credit),
                "is_ticked": row.picture.pk in (ticked or ()),
            }
            for row in rows
        ],
        "page": page,
        "total": len(ids),
        "focus": at if at in shown else next(iter(shown), 0),
        "same": request.POST.get("same", ""),
        "offered": to_credit.credits_offered() if rows else [],
        "max_credit": MAX_CREDIT,
    }
    return render(request, "stories/desk/credits.html", context, status=422 if request.method == "POST" else 200)


def _save(request: DeskRequest) -> HttpResponse:
    """What was typed beside a picture is its credit; what was typed below is the credit of all that are ticked."""
    shown = [int(pk) for pk in request.POST.getlist("shown") if pk.isdigit()][: PAGE * 2]
    ticked = {int(pk) for pk in request.POST.getlist("ticked") if pk.isdigit()} & set(shown)
    typed = {pk: " ".join(request.POST.get(f"credit-{pk}", "").split()) for pk in shown}
    before = {pk: " ".join(request.POST.get(f"was-{pk}", "").split()) for pk in shown}
    same = " ".join(request.POST.get("same", "").split())
    wanted = {pk: credit for pk, credit in typed.items() if credit and (credit != before[pk] or pk in ticked)}
    if same:
        wanted |= dict.fromkeys(ticked, same)
    problem = ""
    if same and not ticked:
        problem = _("Tick the pictures that have this credit.")
    elif ticked - set(wanted):
        problem = _("Type the credit of the ticked pictures.")
    elif any(len(credit) > MAX_CREDIT for credit in wanted.values()):
        problem = _("A credit has at most %(limit)d characters.") % {"limit": MAX_CREDIT}
    elif not wanted:
        problem = _("No credit was typed yet.")
    if problem:
        messages.error(request, problem)
        return _page(request, to_credit.waiting_ids(request.user), typed=typed, ticked=ticked)
    saved = services.pictures_credit(given=wanted, editor=request.user)
    ids = to_credit.waiting_ids(request.user)
    messages.success(request, _said(len(saved), len(ids)))
    if late := len(set(wanted) - set(saved)):
        messages.warning(
            request,
            ngettext(
                "%(count)d picture stays as it is: it has a credit by now, or is not yours to change.",
                "%(count)d pictures stay as they are: they have a credit by now, or are not yours to change.",
                late,
            )
            % {"count": late},
        )
    return redirect(_onward(shown, set(saved), ids))


def _onward(shown: list[int], saved: set[int], ids: list[int]) -> str:
    """The list again, at the picture after the last one that was saved."""
    last = max((number for number, pk in enumerate(shown) if pk in saved), default=-1)
    following = next((pk for pk in [*shown[last + 1 :], *shown] if pk in ids), 0)
    address = reverse("stories_desk:credits")
    # Without a fragment: where there is one, browsers leave the focus alone.
    return f"{address}?{urlencode({'at': following})}" if following else address


def _said(saved: int, left: int) -> str:
    done = ngettext("%(count)d credit saved.", "%(count)d credits saved.", saved) % {"count": saved}
    if not left:
        return f"{done} {_('Every picture has its credit.')}"
    return f"{done} " + ngettext("%(count)d picture to go.", "%(count)d pictures to go.", left) % {"count": left}


def _thumb(picture: NewsImage) -> NewsRendition | None:
    """The small picture that Wagtail's own lists show; None where the original is gone."""
    try:
        return picture.get_rendition("max-165x165")
    except (OSError, ValueError, SyntaxError, SourceImageIOError, InvalidFilterSpecError):
        return None
