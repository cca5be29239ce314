"""What stands in the links of a letter. A subscription's key and our mark over it and over what the link is for.

The mark can be checked without the database, so that leaving works while it is away. Whoever has the key may leave;
a key is 128 random bits, so a link keeps working after the newsroom's secret was changed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

LEAVE, CONFIRM = "leave", "confirm"
_KEY, _MARK = 16, 12
#: So many signs has every token.
LENGTH = 38


def token_of(key: str, purpose: str) -> str:
    """The token of a subscription for a purpose. key: 32 hexadecimal figures."""
    body = bytes.fromhex(key)
    return base64.urlsafe_b64encode(body + _mark(purpose, body)).decode().rstrip("=")


def key_in(token: str) -> str:
    """The key that a token names, marked by us or not; "" when it is no token at all."""
    both = _read(token)
    return both[:_KEY].hex() if both else ""


def is_ours(token: str, purpose: str) -> bool:
    """Whether we made this token for this purpose, told without looking anything up."""
    both = _read(token)
    return bool(both) and hmac.compare_digest(both[_KEY:], _mark(purpose, both[:_KEY]))


def _read(token: str) -> bytes:
    if len(token) != LENGTH or not token.isascii():
        return b""
    try:
        both = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
    return both if len(both) == _KEY + _MARK else b""


def mark(purpose: str, body: bytes) -> bytes:
    """Our mark over something, for a purpose of the mailroom."""
    return _mark(purpose, body)


def _mark(purpose: str, body: bytes) -> bytes:
    key = hashlib.sha256(b"standfirst.mailroom.token" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, purpose.encode() + b"\0" + body, hashlib.sha256).digest()[:_MARK]
