"""The reports of imports at the desk: which there were, and each with its lines to filter, search and compare."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from wagtail.models import Page

from standfirst.importers.lock import is_importing
from standfirst.importers.models import Move, MoveEntry
from standfirst.importers.report import shown_id
from standfirst.importers.said import per_second, sums
from standfirst.kit.worddiff import word_difference
from standfirst.people.selectors import may_publish

LINES = 50
MOVES = 30
_S = MoveEntry.Status
_TEXTS = Q(status__in=[_S.PUBLIC, _S.DRAFT])
# Kind of remark → which lines have it.
FILTERS: dict[str, Q] = {
    "changed": _TEXTS & Q(has_changes=True),
    "drafts": Q(status=_S.DRAFT),
    "changed-here": Q(status=_S.CHANGED_HERE),
    "left-out": Q(status=_S.LEFT_OUT),
    "pictures": Q(status=_S.PICTURE),
    "addresses": Q(has_trouble=True),
    "vanished": Q(status=_S.VANISHED),
    "lists": Q(status=_S.LIST),
    "texts": _TEXTS,
}


def _names() -> dict[str, str]:
    return {
        "changed": _("Changed on the way"),
        "drafts": _("Held as drafts"),
        "changed-here": _("Changed here since"),
        "left-out": _("Left out"),
        "pictures": _("Missing pictures"),
        "addresses": _("Addresses that lead nowhere"),
        "vanished": _("Not in this file"),
        "lists": _("Sections, tags and authors"),
        "texts": _("All texts"),
    }


def moves(request: HttpRequest) -> HttpResponse:
    _check(request)
    page = Paginator(Move.objects.all(), MOVES).get_page(request.GET.get("p"))
    for move in page:
        _settle_state(move)
        move.sums = sums(move.totals)  # type: ignore[attr-defined]
    return render(request, "importers/desk/moves.html", {"moves": page})


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One report. `remark` filters, `q` searches titles and old addresses, `p` turns the page."""
    _check(request)
    found = get_object_or_404(Move, pk=pk)
    _settle_state(found)
    names = _names()
    counts = found.entries.aggregate(**{key.replace("-", "_"): Count("pk", filter=q) for key, q in FILTERS.items()})
    filters = [(key, names[key], counts[key.replace("-", "_")]) for key in FILTERS]
    remark = request.GET.get("remark", "")
    if remark not in FILTERS:
        remark = next((key for key, _name, count in filters if count), "texts")
    query = " ".join(request.GET.get("q", "").split())[:200].replace("\0", "")
    lines = Paginator(_lines(found, remark, query), LINES).get_page(request.GET.get("p"))
    _prepare(lines.object_list)
    context = {
        "move": found,
        "sums": sums(found.totals),
        "rate": per_second(found),
        "filters": filters,
        "remark": remark,
        "query": query,
        "lines": lines,
        "kept": f"{urlencode({'remark': remark, **({'q': query} if query else {})})}&",
    }
    return render(request, "importers/desk/move.html", context)


def _lines(move: Move, remark: str, query: str) -> QuerySet[MoveEntry]:
    lines = move.entries.filter(FILTERS[remark])
    if query:
        # A whole old address may be pasted: its host is written nowhere but in `was`.
        lines = lines.filter(Q(sought__contains=query.lower()) | Q(foreign_id=query))
    return lines


def _prepare(lines: Any) -> None:
    here = set(
        Page.objects.filter(pk__in=[line.page_id for line in lines if line.page_id]).values_list("pk", flat=True)
    )
    for line in lines:
        line.shown_id = shown_id(line.foreign_id)
        line.is_here = line.page_id in here
        line.addresses = line.details.get("addresses", [])
        if line.status == _S.CHANGED_HERE:
            line.headline = word_difference(line.details["ours"], line.details["theirs"])
            line.difference = word_difference(line.details["our_text"], line.details["their_text"])


def _settle_state(move: Move) -> None:
    """An import that was killed could not say so itself."""
    if move.state == Move.State.RUNNING and not is_importing(settings.NEWSROOM.data):
        move.state = Move.State.INTERRUPTED


def _check(request: HttpRequest) -> None:
    if not may_publish(request.user):
        raise PermissionDenied
