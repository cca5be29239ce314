"""A patron's private pages: whoever has the address may see how it stands, pay, change, cancel, withdraw."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from standfirst.kit import money
from standfirst.letterbox import guards
from standfirst.letterbox.errors import LetterRefused
from standfirst.letterbox.views import never_stored, words_for
from standfirst.patrons import ledger, paper, providers, qr, selectors, services
from standfirst.patrons.errors import NotPossible, PatronsError, ProviderAway
from standfirst.patrons.forms import AmountForm, WithdrawForm
from standfirst.patrons.models import Pledge, Receipt
from standfirst.patrons.pages import HELD, allowed
from standfirst.patrons.providers.external import External, page_of
from standfirst.patrons.providers.sandbox import SIGNATURE, Sandbox, message, signed
from standfirst.patrons.services.notices import WARNING

log = logging.getLogger("standfirst.patrons")
# In the address to which a payment company sends her back.
BACK = "back"
_AWAY = gettext_lazy(
    "The payment company does not answer just now. Your choice is kept: please try again in a few minutes."
)
_AWAY_BANK = gettext_lazy(
    "The payment company does not answer just now. Your choice is kept: try again in a few minutes, or pay by "
    "bank transfer with the details below."
)
CANCEL, RESUME, CHANGE, CARD = "cancel", "resume", "change", "card"


def page(request: HttpRequest, token: str) -> HttpResponse:
    pledge = _pledge(token)
    if request.method == "POST":
        return _private(_acted(request, pledge))
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return _private(_shown(request, pledge))


def _pledge(token: str) -> Pledge:
    pledge = selectors.pledge_by_token(token)
    if pledge is None:
        raise Http404
    return pledge


def _private(response: HttpResponse) -> HttpResponse:
    return allowed(never_stored(response))


@dataclass(frozen=True)
class Bank:
    """Bank details with the reference, and the square that a banking app reads (EPC069-12, for euros)."""

    holder: str
    iban: str
    bic: str
    name: str
    amount: str
    reference: str
    square: str


def bank_of(pledge: Pledge) -> Bank | None:
    support = selectors.support()
    if support is None or not support.takes_bank:
        return None
    square = ""
    if pledge.currency == "EUR":
        amount = money.plain(pledge.amount_minor, "EUR")
        lines = ["BCD", "002", "1", "SCT", support.bic, support.account_holder, support.iban.replace(" ", "")]
        square = qr.square("\n".join([*lines, f"EUR{amount}", "", "", pledge.reference]))
    return Bank(
        support.account_holder,
        support.iban,
        support.bic,
        support.bank_name,
        money.for_people(pledge.amount_minor, pledge.currency),
        pledge.reference,
        square,
    )


def _shown(request: HttpRequest, pledge: Pledge, refusal: str = "", code: int = 200) -> HttpResponse:
    provider = providers.found(pledge.provider)
    can = provider.capabilities if provider else frozenset()
    must_pay = pledge.state in (ledger.State.PENDING, ledger.State.PAST_DUE) and not pledge.starts_soon
    is_bank, is_elsewhere = pledge.provider == "bank", pledge.provider == External.name
    is_away = "away" in request.GET
    is_wanted = (must_pay and (is_bank or is_away)) or (is_bank and is_due_soon(pledge))
    bank = bank_of(pledge) if is_wanted else None
    if is_away and not refusal:
        refusal = str(_AWAY_BANK if bank else _AWAY)
    if HELD in request.GET and pledge.state in ledger.HOLDING and not refusal:
        refusal = _("You give already, so nothing new was begun. Here you change what you give.")
    is_back = BACK in request.GET and pledge.state == ledger.State.PENDING and not is_bank and not refusal
    context: dict[str, Any] = {
        "pledge": pledge,
        "amount": money.for_people(pledge.amount_minor, pledge.currency),
        "plain_amount": money.typed(pledge.amount_minor, pledge.currency),
        "state": state_in_words(pledge),
        "refusal": refusal,
        "must_pay": must_pay,
        "may_pay": must_pay and provider is not None and not is_bank and not is_elsewhere,
        "bank": bank,
        "is_back": is_back and not is_elsewhere and not pledge.entries.filter(kind=ledger.Kind.FAILED).exists(),
        "BACK": BACK,
        "elsewhere": page_of(pledge) if is_elsewhere else None,
        "is_elsewhere": is_elsewhere,
        "may_cancel": not is_elsewhere and pledge.is_open and pledge.state != ledger.State.CANCELLED and pledge.renews,
        "may_drop": pledge.state == ledger.State.PENDING and not pledge.renews and not pledge.starts_soon,
        "pay_by": pledge.changes_at if pledge.state == ledger.State.PAST_DUE and pledge.renews else None,
        "may_resume": pledge.state == ledger.State.CANCELLED and "resume" in can and pledge.renews,
        "may_change": not is_elsewhere and pledge.state in ledger.HOLDING and pledge.renews,
        "may_card": "portal" in can and bool(pledge.provider_customer),
        "may_withdraw": services.may_withdraw(pledge),
        "withdrawal": getattr(pledge, "withdrawal", None),
        "receipts": Receipt.objects.filter(payment__pledge=pledge).select_related("payment"),
        "sandbox": bool(provider and provider.is_sandbox),
        "CANCEL": CANCEL, "RESUME": RESUME, "CHANGE": CHANGE, "CARD": CARD,
    }  # fmt: skip
    return render(request, "patrons/mine.html", context, status=code)


def is_due_soon(pledge: Pledge) -> bool:
    """Whether its paid time is over so soon that a transfer for the next is welcome already."""
    ends = pledge.until if pledge.state == ledger.State.ACTIVE and pledge.renews else None
    return ends is not None and ends - timezone.now() <= WARNING


def state_in_words(pledge: Pledge) -> str:
    """How it stands, as a patron understands it."""
    if pledge.state == ledger.State.ENDED and pledge.period == Pledge.Period.ONCE and pledge.received_minor:
        return _("Thank you. Your gift of money has arrived.")
    if pledge.starts_soon:
        return _("It is paid, and waits for its day.")
    if pledge.state == ledger.State.PENDING and pledge.entries.filter(kind=ledger.Kind.FAILED).exists():
        return _("The payment did not go through. Nothing was charged.")
    return {
        ledger.State.PENDING: _("Nothing has arrived yet."),
        ledger.State.ACTIVE: _("Thank you. You support the paper."),
        ledger.State.PAST_DUE: _("A payment is missing. Nothing ends yet."),
        ledger.State.CANCELLED: _("Cancelled. Nothing more will be charged."),
        ledger.State.ENDED: _("This support has ended."),
        ledger.State.REFUNDED: _("Your money has been given back."),
        ledger.State.DISPUTED: _("You have asked your bank for this payment back. It is being decided there."),
    }[ledger.State(pledge.state)]


def _acted(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    try:
        guards.size_check(request)
        guards.origin_check(request)
        act = request.POST.get("act")
        if act == CANCEL:
            if pledge.provider == External.name:
                raise NotPossible(_("This is paid elsewhere, and it is cancelled there."))
            services.pledge_cancel(pledge=pledge)
        elif act == RESUME:
            services.pledge_resume(pledge=pledge)
        elif act == CHANGE:
            form = AmountForm(request.POST, currency=pledge.currency)
            if not form.is_valid():
                return _shown(request, pledge, " ".join(map(str, form.errors.get("amount", []))), 422)
            changed = services.pledge_change(pledge=pledge, amount_minor=form.cleaned_data["amount"])
            if changed.pk != pledge.pk:
                return _see(reverse("patrons:pay", args=[changed.token]))
        elif act == CARD:
            provider = providers.found(pledge.provider)
            if provider is None:
                raise NotPossible(_("There is no payment company behind this pledge."))
            if address := provider.portal_url(pledge, back=absolute(pledge)):
                return _see(address)
        else:
            return _shown(request, pledge, _("Nothing was changed: please press one of the page's buttons."), 400)
    except LetterRefused as refusal:
        return _shown(request, pledge, words_for(refusal), refusal.status)
    except ProviderAway as away:
        log.warning("Pledge %s: %s", pledge.pk, away)
        said = _(
            "The payment company does not answer just now. Nothing was changed: please try again in a few minutes."
        )
        return _shown(request, pledge, said, 503)
    except PatronsError as problem:
        return _shown(request, pledge, str(problem), 409)
    return _see(reverse("patrons:mine", args=[pledge.token]))


def absolute(pledge: Pledge) -> str:
    from standfirst.patrons.letters import page_of

    return page_of(pledge)


def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to where it is paid; a company that is away leads back with a sentence and the bank's details."""
    pledge = _pledge(token)
    provider = providers.found(pledge.provider)
    mine = reverse("patrons:mine", args=[pledge.token])
    if provider is None or pledge.state not in (ledger.State.PENDING, ledger.State.PAST_DUE):
        return _private(_see(mine))
    try:
        from standfirst.patrons.letters import base_url

        if pledge.state == ledger.State.PAST_DUE and "portal" in provider.capabilities:
            address = provider.portal_url(pledge, back=absolute(pledge))
            if address:
                return _private(_see(address))
        hook = base_url() + reverse("patron_hooks:hook", args=[provider.name])
        checkout = provider.start_checkout(pledge, back=f"{absolute(pledge)}?{BACK}=1", hook=hook)
    except ProviderAway as away:
        log.warning("Pledge %s: %s", pledge.pk, away)
        return _private(_see(f"{mine}?away=1"))
    if checkout.fields:
        context = {"checkout": checkout, "pledge": pledge, "label": provider.label}
        return _private(render(request, "patrons/pay.html", context))
    return _private(_see(checkout.url))


def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """The withdrawal function: asked for with name, contract and contact, then confirmed."""
    pledge = _pledge(token)
    mine = reverse("patrons:mine", args=[pledge.token])
    if not services.may_withdraw(pledge):
        return _private(_see(mine))
    form = WithdrawForm(request.POST or None, initial={"name": pledge.name, "contact": pledge.payer})
    context: dict[str, Any] = {
        "pledge": pledge,
        "sandbox": pledge.provider == Sandbox.name,
        "form": form,
        "amount": money.for_people(pledge.amount_minor, pledge.currency),
        "is_second": False,
    }
    if request.method == "POST":
        try:
            guards.size_check(request)
            guards.origin_check(request)
        except LetterRefused as refusal:
            context["refusal"] = words_for(refusal)
            return _private(render(request, "patrons/withdraw.html", context, status=refusal.status))
        if form.is_valid():
            if request.POST.get("act") == "confirm":
                typed = form.cleaned_data
                services.pledge_withdraw(pledge=pledge, name=typed["name"], contact=typed["contact"])
                return _private(_see(mine))
            context["is_second"] = True
    return _private(render(request, "patrons/withdraw.html", context))


def _receipt(token: str) -> Receipt:
    receipt = Receipt.objects.select_related("payment__pledge", "entity").filter(token=token).first()
    if receipt is None:
        raise Http404
    return receipt


def receipt(request: HttpRequest, token: str) -> HttpResponse:
    found = _receipt(token)
    return _private(render(request, "patrons/receipt.html", {"receipt": found, **paper.said(found)}))


def receipt_pdf(request: HttpRequest, token: str) -> HttpResponse:
    found = _receipt(token)
    with override(found.language):
        answer = HttpResponse(paper.pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{found.number}.pdf"'
    return _private(answer)


def sandbox(request: HttpRequest, token: str) -> HttpResponse:
    """What a payment company's page would be. No money moves, and every screen says so."""
    pledge = _pledge(token)
    provider = providers.found("sandbox")
    if provider is None or not provider.is_ready() or pledge.provider != "sandbox":
        raise Http404
    if request.method == "POST":
        try:
            guards.size_check(request)
            guards.origin_check(request)
        except LetterRefused as refusal:
            return _private(_shown(request, pledge, words_for(refusal), refusal.status))
        kind = ledger.Kind.PAID if request.POST.get("act") == "pay" else ledger.Kind.FAILED
        body = message(pledge, kind)
        # By the same door as everybody's messages.
        checked = provider.parse_webhook(body, {SIGNATURE: signed(body)})
        services.event_take(provider="sandbox", event_id=checked.event_id, body=checked.body)
        return _private(_see(reverse("patrons:mine", args=[pledge.token]) + f"?{BACK}=1"))
    amount = money.for_people(pledge.amount_minor, pledge.currency)
    return _private(render(request, "patrons/sandbox.html", {"pledge": pledge, "amount": amount}))


def _see(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer
