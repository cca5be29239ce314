from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.kit import money
from standfirst.patrons.errors import BadSignature, NotRead, ProviderAway
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.providers.base import Checkout, Message, Provider, Reading
from standfirst.patrons.providers.calls import call
from standfirst.patrons.providers.liqpay import signing

CURRENCIES = frozenset({"UAH", "USD", "EUR"})
#: Nothing is decided yet: LiqPay tells again.
_UNDECIDED = """
processing prepared wait_bitcoin wait_secure wait_accept wait_lc hold_wait cash_wait invoice_wait wait_card
wait_compensation wait_sender wait_reserve wait_qr wait_qr_alipay 3ds_verify captcha_verify cvv_verify ivr_verify
otp_verify password_verify phone_verify pin_verify receiver_verify sender_verify senderapp_verify p24_verify mp_verify
"""
_WAITING = frozenset(_UNDECIDED.split())


class LiqPay(Provider):
    name = "liqpay"
    capabilities = frozenset({"month", "year", "once", "gift", "hooks", "cancel", "refund", "fetch"})
    form_targets = ("https://www.liqpay.ua",)

    @property
    def label(self) -> Any:
        return _("Card, Privat24 or Apple Pay (LiqPay)")

    def is_ready(self) -> bool:
        return bool(settings.NEWSROOM.payments.liqpay_private_key)

    def takes(self, currency: str) -> bool:
        return currency in CURRENCIES

    def _signed(self, said: dict[str, Any]) -> dict[str, str]:
        payments = settings.NEWSROOM.payments
        data = signing.data_of({"version": 3, "public_key": payments.liqpay_public_key, **said})
        signature = signing.signature(
            private_key=payments.liqpay_private_key, data=data, algorithm=payments.liqpay_algorithm
        )
        return {"data": data, "signature": signature}

    def _request(self, said: dict[str, Any]) -> dict[str, Any]:
        address = settings.NEWSROOM.payments.liqpay_address
        return call("POST", f"{address}/api/request", company="LiqPay", fields=self._signed(said))

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        renews = pledge.renews and pledge.period != "once"
        said = {
            "action": "subscribe" if renews else ("pay" if pledge.is_membership else "paydonate"),
            "amount": money.plain(pledge.amount_minor, pledge.currency),
            "currency": pledge.currency,
            "description": f"{settings.NEWSROOM.name} {pledge.reference}",
            "order_id": pledge.reference,
            "language": "uk" if pledge.language == "uk" else "en",
            "result_url": back,
            "server_url": hook,
        }
        if renews:
            said |= {
                "subscribe": "1",
                "subscribe_date_start": f"{timezone.now().astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}",
                "subscribe_periodicity": str(pledge.period),
            }
        return Checkout(f"{settings.NEWSROOM.payments.liqpay_address}/api/3/checkout", self._signed(said))

    def cancel(self, pledge: Any) -> None:
        if not pledge.received_minor:
            return  # nothing was ever charged; the form that was not sent charges nothing either
        said = self._request({"action": "unsubscribe", "order_id": pledge.reference})
        if said.get("status") not in ("unsubscribed", "success") and said.get("result") != "ok":
            raise ProviderAway("LiqPay did not end the subscription.")

    def refund(self, payment: Any, amount_minor: int) -> None:
        # A subscription has many payments under one order, so the payment's own number goes with it.
        said = self._request(
            {
                "action": "refund",
                "order_id": payment.pledge.reference,
                "payment_id": payment.provider_id,
                "amount": money.plain(amount_minor, payment.currency),
            }
        )
        if said.get("status") not in ("reversed", "success", "wait_reserve") and said.get("result") != "ok":
            raise ProviderAway("LiqPay did not give the payment back.")

    def fetch_state(self, pledge: Any) -> list[Fact]:
        said = self._request({"action": "status", "order_id": pledge.reference})
        return list(_reading(said).facts) if said.get("status") else []

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Message:
        payments = settings.NEWSROOM.payments
        try:
            fields = parse_qs(body.decode("ascii"), max_num_fields=10)
        except ValueError as error:
            raise NotRead("The message of LiqPay is no form.") from error
        data, given = fields.get("data", []), fields.get("signature", [])
        if len(data) != 1 or len(given) != 1:
            raise BadSignature("The message has no signature of LiqPay's form.")
        signing.check(
            private_key=payments.liqpay_private_key, data=data[0], given=given[0], algorithm=payments.liqpay_algorithm
        )
        # LiqPay gives its messages no number: the same words are the same message.
        return Message(hashlib.sha256(data[0].encode()).hexdigest(), data[0])

    def read(self, body: str) -> Reading:
        return _reading(signing.read(body))


def _at(said: dict[str, Any]) -> dt.datetime:
    """In milliseconds since 1970: the end of the payment, else its beginning."""
    for name in ("end_date", "create_date"):
        value = said.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 10**11 < value < 10**13:
            return dt.datetime.fromtimestamp(value / 1000, dt.UTC)
    raise NotRead("The message of LiqPay does not say when.")


def _minor(said: dict[str, Any], name: str, currency: str) -> int:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotRead("An amount of the message cannot be read.")
    try:
        return money.minor_of(
            f"{value:.{money.exponent(currency)}f}" if isinstance(value, float) else str(value), currency
        )
    except money.NotMoney as error:
        raise NotRead("An amount of the message cannot be read.") from error


def _reading(said: dict[str, Any]) -> Reading:
    reference, status = said.get("order_id"), said.get("status")
    currency = str(said.get("currency") or "").upper()
    if not isinstance(reference, str) or not isinstance(status, str):
        raise NotRead("The message of LiqPay cannot be read.")
    payment = str(said.get("payment_id") or "")[:120]
    if status in _WAITING or status in ("subscribed", "sandbox"):
        # “sandbox”: a payment with test keys; no money moved.
        return Reading(reference=reference)
    at = _at(said)
    facts: list[Fact] = []
    if status == "success" and said.get("action") in ("pay", "paydonate", "subscribe", "regular"):
        facts = [Fact(f"paid:{payment}", Kind.PAID, at, payment, _minor(said, "amount", currency))]
    elif status in ("failure", "error"):
        facts = [Fact(f"failed:{payment or said.get('transaction_id', '')}:{int(at.timestamp())}", Kind.FAILED, at)]
    elif status == "reversed":
        back = "refund_amount" if said.get("refund_amount") else "amount"
        total = _minor(said, back, currency)
        facts = [Fact(f"refunded:{payment}:{total}", Kind.REFUNDED, at, payment, total)]
    elif status == "unsubscribed":
        facts = [Fact(f"cancel:{reference}:{int(at.timestamp())}", Kind.CANCELLED, at)]
    return Reading(reference=reference, payment_id=payment, currency=currency, facts=tuple(facts))
