"""The support page, which is pressed, and the form behind it, which is live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfirst import readers
from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.letterbox import errors, guards
from standfirst.letterbox.views import FormPage, form_taken
from standfirst.patrons import providers, selectors, services
from standfirst.patrons.forms import GiftForm, JoinForm
from standfirst.patrons.models import Pledge, Tier, TierPrice
from standfirst.press.shown import shows

PLAIN = "patrons/plain.html"
# In the address to which the form leads whoever gives already.
HELD = "held"
RATES_OF_ONE = ((12, 600), (40, 24 * 60 * 60))


def is_open() -> bool:
    """Whether the desk has opened the support page; the page that is being rendered follows when that changes."""
    shows("support")
    found = selectors.support()
    return found is not None and found.is_open


def support(request: HttpRequest, text: bool = False) -> HttpResponse:
    shows("support")
    found = selectors.support()
    if found is None or not found.is_open:
        raise Http404
    tiers = Tier.objects.filter(is_offered=True).prefetch_related("texts", "prices")
    context = {
        "support": found,
        "tiers": [_offer(one) for one in tiers],
        "sandbox": has_sandbox(),
        "list_base": reverse("patrons:support"),
    }
    return render(request, "patrons/support_text.html" if text else "patrons/support.html", context)


@dataclass(frozen=True)
class Offer:
    tier: Tier
    name: str
    promise: str
    prices: list[TierPrice]


def _offer(tier: Tier) -> Offer:
    return Offer(tier, tier.name_in(), tier.promise_in(), list(tier.prices.all()))


def join(request: HttpRequest) -> HttpResponse:
    """`?price=ID` fills the form in, `?tier=slug` leaves the amount open; `?gift=1`: for another; `?period=once`."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    found = selectors.support()
    if found is None or not found.is_open:
        raise Http404
    price, tier = _chosen(request)
    currency = price.currency if price else found.currency
    is_gift = request.GET.get("gift") == "1"
    is_once = request.GET.get("period") == Pledge.Period.ONCE
    form_class: type[JoinForm] = GiftForm if is_gift else JoinForm
    context = {"tier": tier, "is_gift": is_gift, "is_once": is_once, "support": found, "sandbox": has_sandbox()}
    page = FormPage(request, "patrons/join.html", context, plain=PLAIN)
    purpose = form_class.purpose

    def fresh(refusal: errors.LetterRefused | None = None) -> HttpResponse:
        initial = {"amount": money.typed(price.amount_minor, currency), "period": price.period} if price else {}
        if is_once:
            initial["period"] = Pledge.Period.ONCE
        return page.shown(form_class(initial=initial, currency=currency), guards.token_make(purpose), refusal)

    def again(form: JoinForm, token: str, refusal: errors.LetterRefused | None) -> HttpResponse:
        if refusal is None:
            form.add_error(None, _("Nothing has been begun yet: something below needs another look."))
        return page.shown(form, token, refusal, status=422)

    def keep(form: JoinForm) -> str:
        if form.filled_by_machine:
            raise errors.TokenWrong
        held = None if is_gift else _held_already(request, form)
        if held is not None:
            return f"{reverse('patrons:mine', args=[held.token])}?{HELD}=1"
        return _begun(form, tier, currency, is_gift=is_gift)

    if request.method != "POST":
        return allowed(fresh())
    bound: Any = partial(form_class, currency=currency)
    return allowed(
        form_taken(request, form_class=bound, purpose=purpose, keep=keep, fresh=fresh, again=again, of_one=RATES_OF_ONE)
    )


def _chosen(request: HttpRequest) -> tuple[TierPrice | None, Tier | None]:
    asked = request.GET.get("price", "")
    offered = TierPrice.objects.select_related("tier").filter(tier__is_offered=True)
    price = offered.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < 12 else None
    if price is not None:
        return price, price.tier
    # Compared here: what stands in an address may hold letters that a database refuses.
    slug = request.GET.get("tier", "")
    return None, next((tier for tier in Tier.objects.filter(is_offered=True) if tier.slug == slug), None)


def has_sandbox() -> bool:
    return any(one.is_sandbox for one in providers.offered())


def _held_already(request: HttpRequest, form: JoinForm) -> Pledge | None:
    """The pledge that goes on already, for nobody but whoever is signed in with the address she typed."""
    reader = readers.current(request)
    if reader is None or reader.email != normal(form.cleaned_data["email"]):
        return None
    return None if form.cleaned_data["period"] == Pledge.Period.ONCE else selectors.going_on(reader.email)


def _begun(form: JoinForm, tier: Tier | None, currency: str, *, is_gift: bool) -> str:
    """Write down what she wants to give; returns where she is led."""
    typed = form.cleaned_data
    values: dict[str, Any] = {
        "amount_minor": typed["amount"],
        "currency": currency,
        "period": typed["period"],
        "provider": typed["provider"],
        "tier": tier if typed["period"] != Pledge.Period.ONCE else None,
        "language": get_language() or settings.LANGUAGE_CODE,
    }
    if is_gift:
        day = typed["day"]
        starts = timezone.make_aware(dt.datetime.combine(day, dt.time(8))) if day else None
        values |= {
            "email": typed["friend"],
            "name": typed["friend_name"],
            "payer_email": typed["email"],
            "payer_name": typed["name"],
            "message": typed["message"],
            "starts_at": starts if starts and starts > timezone.now() else None,
            "kind": Pledge.Kind.GIFT,
        }
    else:
        values |= {"email": typed["email"], "name": typed["name"]}
    # Sent twice, or again by the button "back" after paying, the same form leads to the same pledge.
    said = f"{form.data.get('token', '')}|{sorted((name, str(value)) for name, value in values.items())}"
    attempt = salted_hmac("standfirst.patrons.attempt", said, algorithm="sha256").hexdigest()[:40]
    pledge = services.pledge_start(**values, attempt=attempt)
    return reverse("patrons:pay", args=[pledge.token])


def allowed(response: HttpResponse) -> HttpResponse:
    """Let a form of ours lead on to the payment companies, and to nobody else."""
    # Written into the page's policy by config/middleware.py.
    response.form_targets = {target for one in providers.offered() for target in one.form_targets}  # type: ignore
    # With no referrer at all, older browsers send no origin with our forms either.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
