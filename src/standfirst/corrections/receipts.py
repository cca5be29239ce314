"""What a reader gets for what she sent: a number and the address of a private page.

Both follow from what was sent and from our secret key. So they are the same however often the same form is sent, and
they can be given while the database is away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

# Nothing that is mistaken for something else when it is read out on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HALF = 16


@dataclass(frozen=True)
class Receipt:
    """number: like 7KQ2M-XW4TD, to be named in a letter. token: opens the private page and cannot be guessed."""

    number: str
    token: str


def once_of(*parts: str) -> str:
    """The mark of one sending: the same words in the same form make the same mark."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def receipt_of(once: str) -> Receipt:
    """The receipt for a sending, by its mark (`once_of`)."""
    body = _mac("token", once.encode())[:_HALF]
    token = base64.urlsafe_b64encode(body + _mac("given", body)[:_HALF]).decode().rstrip("=")
    rest, figures = int.from_bytes(_mac("number", once.encode()), "big"), []
    for _figure in range(10):
        rest, figure = divmod(rest, len(ALPHABET))
        figures.append(ALPHABET[figure])
    return Receipt(number="".join(figures[:5]) + "-" + "".join(figures[5:]), token=token)


def was_given(token: str) -> bool:
    """Whether a token is one of ours, told without looking anything up."""
    try:
        both = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return False
    return len(both) == 2 * _HALF and hmac.compare_digest(both[_HALF:], _mac("given", both[:_HALF])[:_HALF])


def _mac(purpose: str, data: bytes) -> bytes:
    key = hashlib.sha256(b"standfirst.corrections.receipt" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, purpose.encode() + b"\0" + data, hashlib.sha256).digest()
