"""Patrons at the desk: who gives what, why a state is what it is, statements of the bank, alarms, the month's sums."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.mailroom.selectors import delivery_of
from standfirst.patrons import providers, rights, selectors, services
from standfirst.patrons.errors import PatronsError
from standfirst.patrons.models import Alarm, Payment, Pledge, StatementLine, Tier
from standfirst.patrons.models.pledges import STATES
from standfirst.people.models import User

PAGE = 50


class DeskRequest(HttpRequest):
    user: User


def _allowed(request: DeskRequest) -> None:
    if not rights.may_see_money(request.user):
        raise PermissionDenied


@never_cache
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    _allowed(request)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]
    rows = Pledge.objects.select_related("tier")
    if state in STATES:
        rows = rows.filter(state=state)
    if words:
        asked = Q(email__icontains=normal(words)) | Q(payer_email__icontains=normal(words)) | Q(name__icontains=words)
        rows = rows.filter(asked | Q(reference__iexact=words) | Q(payer_name__icontains=words))
    page = Paginator(rows, PAGE).get_page(request.GET.get("p", "1"))
    context = {
        "page": page,
        "state": state,
        "words": words,
        "states": STATES.items(),
        "sums": month_sums(),
        "alarms": Alarm.objects.filter(closed_at=None).select_related("pledge"),
        "undecided": StatementLine.objects.filter(state=StatementLine.State.UNDECIDED).count(),
        "tiers": Tier.objects.all(),
        "sandbox": any(one.is_sandbox for one in providers.offered()),
    }
    return render(request, "patrons/desk/index.html", context)


def month_sums(months: int = 6) -> list[dict[str, Any]]:
    """What came in less what went back, by month and currency, the newest first; currencies are never added up."""
    start = (timezone.now() - dt.timedelta(days=31 * months)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows: Any = (
        Payment.objects.filter(at__gte=start)
        .exclude(provider="sandbox")
        .annotate(month=TruncMonth("at"))
        .values("month", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("-month", "currency")
    )
    return [{"month": row["month"], "amount": money.for_people(row["total"], row["currency"])} for row in rows]


@never_cache
@require_GET
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """One pledge with everything that happened to it, and what can be done."""
    _allowed(request)
    pledge = get_object_or_404(Pledge.objects.select_related("tier"), pk=pk)
    return _shown(request, pledge)


def _shown(request: DeskRequest, pledge: Pledge, problem: str = "", status: int = 200) -> HttpResponse:
    entries = list(pledge.entries.order_by("at", "pk"))
    payments = [
        {
            "row": row,
            "amount": money.for_people(row.amount_minor, row.currency),
            "left": services.left_of(row) if row.amount_minor > 0 else 0,
            "plain": money.plain(services.left_of(row), row.currency) if row.amount_minor > 0 else "",
        }
        for row in pledge.payments.select_related("receipt").order_by("-at", "-pk")
    ]
    context = {
        "pledge": pledge,
        "amount": money.for_people(pledge.amount_minor, pledge.currency),
        "received": money.for_people(pledge.received_minor, pledge.currency),
        "entries": [
            {"row": row, "amount": money.for_people(row.amount_minor, row.currency) if row.currency else ""}
            for row in entries
        ],
        "payments": payments,
        "others": selectors.pledges_of(pledge.email).exclude(pk=pledge.pk),
        "notices": [{"row": row, "delivery": delivery_of(row.reference)} for row in pledge.notices.all()],
        "problem": problem,
    }
    return render(request, "patrons/desk/one.html", context, status=status)


@never_cache
@require_POST
def act(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """Cancel, give back, or book cash."""
    _allowed(request)
    pledge = get_object_or_404(Pledge, pk=pk)
    try:
        if act == "cancel":
            services.pledge_cancel(pledge=pledge, by=request.user.email)
        elif act == "take-back":
            services.pledge_take_back(pledge=pledge, by=request.user.email)
        elif act == "refund":
            payment = get_object_or_404(Payment, pk=request.POST.get("payment"), pledge=pledge)
            amount = money.minor_of(request.POST.get("amount", ""), payment.currency)
            services.payment_refund(payment=payment, by=request.user.email, amount_minor=amount)
        elif act == "cash":
            amount = money.minor_of(request.POST.get("amount", ""), pledge.currency)
            services.cash_note(pledge=pledge, amount_minor=amount, by=request.user)
        else:
            return _shown(request, pledge, _("Nothing was changed: please press one of the page's buttons."), 400)
    except money.NotMoney:
        return _shown(request, pledge, _("This is no amount. Write it in figures, such as 150 or 4.50."), 422)
    except PatronsError as problem:
        return _shown(request, pledge, str(problem), 409)
    messages.success(request, _("Done."))
    return redirect("patrons_desk:one", pk=pledge.pk)


@never_cache
@require_POST
def grant(request: DeskRequest) -> HttpResponse:
    """A complimentary pledge until a day."""
    _allowed(request)
    email = normal(request.POST.get("email", ""))
    try:
        day = dt.date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        day = None
    if "@" not in email or len(email) > 254 or day is None or day <= timezone.localdate():
        messages.error(request, _("Write an e-mail address and a day in the future."))
        return redirect("patrons_desk:index")
    until = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
    tier = Tier.objects.filter(pk=request.POST.get("tier") or None).first()
    pledge = services.pledge_grant(email=email, until=until, tier=tier, by=request.user.email)
    return redirect("patrons_desk:one", pk=pledge.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def statement(request: DeskRequest) -> HttpResponse:
    """Upload a bank's statement, and decide what no reference decides."""
    _allowed(request)
    support = selectors.support()
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("Choose the file of the bank first."))
            return redirect("patrons_desk:statement")
        try:
            done = services.statement_import(
                name=file.name or "", data=file.read(), by=request.user, currency=support.currency if support else "EUR"
            )
        except PatronsError as problem:
            messages.error(request, str(problem))
            return redirect("patrons_desk:statement")
        said = _("Booked: %(matched)d. To be decided: %(undecided)d. Known from before: %(known)d.")
        messages.success(request, said % vars(done))
        return redirect("patrons_desk:statement")
    lines = StatementLine.objects.filter(state=StatementLine.State.UNDECIDED)
    rows = [{"row": row, "amount": money.for_people(row.amount_minor, row.currency)} for row in lines[:200]]
    return render(request, "patrons/desk/statement.html", {"rows": rows, "count": lines.count()})


@never_cache
@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    _allowed(request)
    line = get_object_or_404(StatementLine, pk=pk)
    pledge = None
    if request.POST.get("act") == "book":
        pledge = selectors.pledge_by_reference(request.POST.get("reference", "").strip().upper())
        if pledge is None:
            messages.error(request, _("There is no pledge with this reference."))
            return redirect("patrons_desk:statement")
    try:
        services.line_decide(line=line, pledge=pledge, by=request.user)
    except PatronsError as problem:
        messages.error(request, str(problem))
    return redirect("patrons_desk:statement")


@never_cache
@require_POST
def alarm(request: DeskRequest, pk: int) -> HttpResponse:
    """A person has looked at it."""
    _allowed(request)
    Alarm.objects.filter(pk=pk, closed_at=None).update(closed_at=timezone.now(), closed_by=request.user)
    return HttpResponseRedirect(reverse("patrons_desk:index"))
