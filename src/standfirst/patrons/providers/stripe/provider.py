from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.patrons.errors import NotRead, ProviderAway
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.providers.base import Checkout, Message, Provider, Reading
from standfirst.patrons.providers.calls import call, idempotency_key
from standfirst.patrons.providers.stripe import reading, signing
from standfirst.patrons.providers.stripe.amounts import for_stripe

#: The shapes we ask for; messages come in the version of the account, and both are understood.
VERSION = "2024-06-20"


class Stripe(Provider):
    name = "stripe"
    capabilities = frozenset(
        {"month", "year", "once", "gift", "hooks", "cancel", "resume", "change", "refund", "fetch", "portal"}
    )
    form_targets = ("https://checkout.stripe.com", "https://billing.stripe.com")

    @property
    def label(self) -> Any:
        return _("Card, Apple Pay or Google Pay (Stripe)")

    def is_ready(self) -> bool:
        return bool(settings.NEWSROOM.payments.stripe_secret_key)

    # Out -------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, fields: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
        payments = settings.NEWSROOM.payments
        headers = {"Authorization": f"Bearer {payments.stripe_secret_key}", "Stripe-Version": VERSION}
        if method == "POST":
            said = json.dumps(sorted((fields or {}).items()))
            act = options.pop("act", "")
            headers["Idempotency-Key"] = idempotency_key("stripe", path, act, said)
        url = f"{payments.stripe_address}{path}"
        return call(method, url, company="Stripe", fields=fields, headers=headers, **options)

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        renews = pledge.renews and pledge.period != "once"
        item = "line_items[0]"
        named = pledge.tier.name_in(pledge.language) if pledge.tier else str(settings.NEWSROOM.name)
        fields = {
            "mode": "subscription" if renews else "payment",
            "success_url": back,
            "cancel_url": back,
            "client_reference_id": pledge.reference,
            "customer_email": pledge.payer,
            f"metadata[{reading.REFERENCE}]": pledge.reference,
            f"{item}[quantity]": "1",
            f"{item}[price_data][currency]": pledge.currency.lower(),
            f"{item}[price_data][unit_amount]": str(for_stripe(pledge.amount_minor, pledge.currency)),
            f"{item}[price_data][product_data][name]": f"{settings.NEWSROOM.name}: {named}",
        }
        if renews:
            fields[f"{item}[price_data][recurring][interval]"] = pledge.period
            fields[f"subscription_data[metadata][{reading.REFERENCE}]"] = pledge.reference
        else:
            fields[f"payment_intent_data[metadata][{reading.REFERENCE}]"] = pledge.reference
        # Within a day the same checkout is the same session.
        said = self._call("POST", "/v1/checkout/sessions", fields, act=f"{timezone.now():%Y%m%d}")
        url = said.get("url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")):
            raise ProviderAway("Stripe answered without a page to pay at.")
        if not pledge.provider_pledge:
            pledge.provider_pledge = reading.text(said.get("id"))
            pledge.save(update_fields=["provider_pledge"])
        return Checkout(url)

    def _subscription_of(self, pledge: Any) -> str:
        """The subscription's id; asked for where no message has told it yet."""
        known = str(pledge.provider_pledge)
        if known.startswith("cs_"):
            said = self._call("GET", f"/v1/checkout/sessions/{quote(known)}", missing_ok=True)
            known = reading.text(said.get("subscription"))
            if known:
                pledge.provider_pledge = known
                pledge.save(update_fields=["provider_pledge"])
        return known

    def cancel(self, pledge: Any) -> None:
        session = str(pledge.provider_pledge)
        name = self._subscription_of(pledge)
        if name:
            fields = {"cancel_at_period_end": "true"}
            self._call("POST", f"/v1/subscriptions/{quote(name)}", fields, act=pledge.why, missing_ok=True)
        elif session.startswith("cs_") and pledge.received_minor == 0:
            try:
                self._call("POST", f"/v1/checkout/sessions/{quote(session)}/expire", {}, missing_ok=True)
            except ProviderAway as error:
                if "status 400" not in str(error):  # it has expired or was paid already
                    raise

    def resume(self, pledge: Any) -> None:
        name = self._subscription_of(pledge)
        fields = {"cancel_at_period_end": "false"}
        self._call("POST", f"/v1/subscriptions/{quote(name)}", fields, act=pledge.why)

    def change(self, pledge: Any, amount_minor: int) -> None:
        name = self._subscription_of(pledge)
        said = self._call("GET", f"/v1/subscriptions/{quote(name)}")
        try:
            item = said["items"]["data"][0]
            product = reading.text(item["price"]["product"])
        except (KeyError, IndexError, TypeError) as error:
            raise ProviderAway("Stripe answered with a subscription that cannot be read.") from error
        price = "items[0][price_data]"
        fields = {
            "items[0][id]": reading.text(item.get("id")),
            f"{price}[currency]": pledge.currency.lower(),
            f"{price}[product]": product,
            f"{price}[unit_amount]": str(for_stripe(amount_minor, pledge.currency)),
            f"{price}[recurring][interval]": pledge.period,
            "proration_behavior": "none",
        }
        self._call("POST", f"/v1/subscriptions/{quote(name)}", fields, act=f"change:{len(pledge.amounts)}")

    def refund(self, payment: Any, amount_minor: int) -> None:
        kind = "charge" if payment.provider_id.startswith("ch_") else "payment_intent"
        fields = {kind: payment.provider_id, "amount": str(for_stripe(amount_minor, payment.currency))}
        before = payment.pledge.payments.filter(amount_minor__lt=0).count()
        self._call("POST", "/v1/refunds", fields, act=f"refund:{before}")

    def portal_url(self, pledge: Any, *, back: str) -> str:
        if not pledge.provider_customer:
            return ""
        fields = {"customer": pledge.provider_customer, "return_url": back}
        said = self._call("POST", "/v1/billing_portal/sessions", fields, act=timezone.now().isoformat())
        return str(said.get("url") or "")

    def _invoice(self, name: str) -> dict[str, Any]:
        return self._call("GET", f"/v1/invoices/{quote(name)}", {"expand[]": "payments"}, missing_ok=True)

    def fetch_state(self, pledge: Any) -> list[Fact]:
        now = timezone.now()
        name = self._subscription_of(pledge)
        if not name:
            return []
        said = self._call("GET", f"/v1/subscriptions/{quote(name)}", missing_ok=True)
        if not said:
            return []
        facts = list(reading.subscription(said, now).facts)
        stops = pledge.entries.filter(kind__in=[Kind.CANCELLED, Kind.RESUMED, Kind.ENDED]).order_by("at", "pk")
        last = stops.last()
        if not facts and last is not None and last.key.startswith("cancel:"):
            # Taken back in the billing portal. What a reader cancelled here and Stripe does not know yet stays.
            facts.append(Fact(f"resumed:{last.key}", Kind.RESUMED, now))
        fields = {"subscription": name, "status": "paid", "limit": "24"}
        listed = self._call("GET", "/v1/invoices", fields).get("data")
        for invoice in listed if isinstance(listed, list) else []:
            facts += reading.invoice_facts(invoice, now, self._invoice)[0]
        return facts

    # In --------------------------------------------------------------------------------------------

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Message:
        secret = settings.NEWSROOM.payments.stripe_webhook_secret
        signing.check(header=headers.get("Stripe-Signature", ""), body=body, secret=secret)
        try:
            text = body.decode()
            event_id = json.loads(text)["id"]
        except (ValueError, KeyError, TypeError) as error:
            raise NotRead("The message of Stripe cannot be read.") from error
        if not isinstance(event_id, str) or not 0 < len(event_id) <= 120:
            raise NotRead("The message of Stripe has no id.")
        return Message(event_id, text)

    def read(self, body: str) -> Reading:
        return reading.read(body, invoice=self._invoice)
