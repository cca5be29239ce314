"""A payment company that moves no money, on this machine: for the demo, for trying out, for tests.

It stands behind the same interface as the real ones and signs its messages; what is paid in it counts for nothing
anywhere else. A newsroom with a public address refuses it (config/newsroom.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.patrons.errors import BadSignature, NotRead
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.providers.base import Checkout, Message, Provider, Reading

SIGNATURE = "Sandbox-Signature"


class Sandbox(Provider):
    name = "sandbox"
    capabilities = frozenset({"month", "year", "once", "gift", "hooks", "cancel", "resume", "change", "refund"})
    is_sandbox = True

    @property
    def label(self) -> Any:
        return _("Sandbox: for trying out, no money moves")

    def is_ready(self) -> bool:
        return bool(settings.NEWSROOM.payments.sandbox) and not settings.NEWSROOM.is_public

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        return Checkout(reverse("patrons:sandbox", args=[pledge.token]))

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Message:
        if not hmac.compare_digest(signed(body).encode(), headers.get(SIGNATURE, "").encode()):
            raise BadSignature("The signature of the message is not the sandbox's.")
        try:
            return Message(str(json.loads(body)["id"])[:120], body.decode())
        except (ValueError, KeyError, TypeError) as error:
            raise NotRead("The message of the sandbox cannot be read.") from error

    def read(self, body: str) -> Reading:
        try:
            said = json.loads(body)
            at = dt.datetime.fromisoformat(said["at"])
            fact = Fact(
                f"{said['kind']}:{said['payment'] or said['id']}",
                Kind(said["kind"]),
                at,
                said["payment"],
                int(said["amount_minor"]),
            )
            return Reading(said["reference"], payment_id=said["payment"], currency=said["currency"], facts=(fact,))
        except (ValueError, KeyError, TypeError) as error:
            raise NotRead("The message of the sandbox cannot be read.") from error

    def cancel(self, pledge: Any) -> None:
        pass

    def resume(self, pledge: Any) -> None:
        pass

    def change(self, pledge: Any, amount_minor: int) -> None:
        pass

    def refund(self, payment: Any, amount_minor: int) -> None:
        pass


def signed(body: bytes) -> str:
    key = hashlib.sha256(b"standfirst.patrons.sandbox" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def message(pledge: Any, kind: Kind, *, at: dt.datetime | None = None, payment: str = "") -> bytes:
    """What the sandbox would send: a card that works, or one that is refused."""
    is_paid = kind is Kind.PAID
    said = {
        "id": f"sb_{secrets.token_hex(8)}",
        "kind": str(kind),
        "at": (at or timezone.now()).isoformat(),
        "reference": pledge.reference,
        "payment": payment or (f"sbp_{secrets.token_hex(8)}" if is_paid else ""),
        "amount_minor": pledge.amount_minor if is_paid else 0,
        "currency": pledge.currency,
    }
    return json.dumps(said).encode()
