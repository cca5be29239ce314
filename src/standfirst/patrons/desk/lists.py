"""Lists of patrons and members at the desk: in after a look at what they would change, and out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from standfirst.mailroom.selectors import mailings
from standfirst.patrons import services
from standfirst.patrons.desk.views import DeskRequest, _allowed
from standfirst.patrons.errors import PatronsError
from standfirst.patrons.models import Tier
from standfirst.patrons.models.pledges import STATES
from standfirst.patrons.tables import LARGEST_BYTES

#: A file that was looked at waits so long for the second press of a button.
WAITS_SECONDS = 60 * 60


@never_cache
@require_http_methods(["GET", "POST"])
def lists(request: DeskRequest) -> HttpResponse:
    """Hand in a list and see what it would change; then it is taken in, or not."""
    _allowed(request)
    context: dict[str, Any] = {"tiers": Tier.objects.all(), "mailings": mailings(is_open=False)}
    if request.method != "POST":
        return render(request, "patrons/desk/lists.html", context)
    try:
        name, data, mark = _file_of(request)
        is_for_good = request.POST.get("act") == "take"
        report = services.members_import(
            name=name, data=data, by=request.user.email, choices=_choices(request), for_show=not is_for_good
        )
    except PatronsError as problem:
        context["problem"] = str(problem)
        return render(request, "patrons/desk/lists.html", context, status=422)
    if report.is_done:
        _waiting(mark).unlink(missing_ok=True)
        said = _("Taken in: %(changed)d changed, %(same)d unchanged, %(people)d people, %(letters)d subscriptions.")
        numbers = {"changed": len(report.changes), "same": report.unchanged, "people": report.people,
                   "letters": report.letters}  # fmt: skip
        messages.success(request, said % numbers)
        return redirect("patrons_desk:lists")
    rows = [
        {"row": one, "before": STATES.get(one.before, ""), "after": STATES.get(one.after, "")}  # type: ignore[call-overload]
        for one in report.changes
    ]
    context |= {
        "report": report,
        "rows": rows,
        "gone": sum(not one.line for one in report.changes),
        "notes": [*report.passed_over.items(), *(+report.without_letters).items()],
        "missing": report.tiers_missing.items(),
        "name": name,
        "mark": mark,
        "given": {
            "tier": request.POST.get("tier", ""),
            "letters": request.POST.getlist("letters"),
            "until": request.POST.get("until", ""),
        },
    }
    return render(request, "patrons/desk/lists.html", context)


def _file_of(request: DeskRequest) -> tuple[str, bytes, str]:
    """The file that was just handed in, which waits now, or the one that waits since. Raises PatronsError."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > LARGEST_BYTES:
            raise PatronsError(_("The file is larger than five megabytes. Export a shorter time."))
        data = file.read()
        mark = hashlib.sha256(data).hexdigest()
        path = _waiting(mark)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in path.parent.glob("*.csv"):
            if time.time() - old.stat().st_mtime > WAITS_SECONDS:
                old.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(data)
        return (file.name or "list.csv")[:100], data, mark
    mark = request.POST.get("mark", "")
    if not re.fullmatch("[0-9a-f]{64}", mark) or not _waiting(mark).exists():
        raise PatronsError(_("Choose the file first."))
    return request.POST.get("name", "list.csv")[:100], _waiting(mark).read_bytes(), mark


def _waiting(mark: str) -> Path:
    return Path(settings.NEWSROOM.data) / "run" / "lists" / f"{mark}.csv"


def _choices(request: DeskRequest) -> services.Choices:
    tier, until = request.POST.get("tier", ""), request.POST.get("until", "")
    try:
        day = timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(until), dt.time(23, 59))) if until else None
    except ValueError as error:
        raise PatronsError(_("This is no day. Write it like 2026-12-24.")) from error
    return services.Choices(
        tier=Tier.objects.filter(pk=int(tier)).first() if tier.isascii() and tier.isdigit() else None,
        letters=tuple(request.POST.getlist("letters")),
        paid_until=day,
        leave_out_bad=bool(request.POST.get("leave_out_bad")),
    )


@never_cache
@require_GET
def members(request: DeskRequest) -> HttpResponse:
    """Everybody, as one file."""
    _allowed(request)
    answer = HttpResponse(services.members_export(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="members-{timezone.localdate()}.csv"'
    return answer
