"""The header Stripe-Signature: `t=…,v1=…`, HMAC-SHA256 over "t.body" (PY-02)."""

from __future__ import annotations

import hashlib
import hmac
import time

from standfirst.patrons.errors import BadSignature

TOLERANCE_SECONDS = 300


def signature(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def check(*, header: str, body: bytes, secret: str, now: float | None = None) -> None:
    """Raise BadSignature unless one of the header's signatures is ours and was made within five minutes."""
    parts = [part.strip().partition("=") for part in header.split(",")[:20]]
    times = [value for name, _eq, value in parts if name == "t"]
    given = [value for name, _eq, value in parts if name == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 13) or not given:
        raise BadSignature("The message has no signature of Stripe's form.")
    at = int(times[0])
    wanted = signature(secret, at, body)
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise BadSignature("The signature of the message is not Stripe's.")
    if abs((time.time() if now is None else now) - at) > TOLERANCE_SECONDS:
        raise BadSignature("The message was signed more than five minutes from now. Look at this machine's clock.")
