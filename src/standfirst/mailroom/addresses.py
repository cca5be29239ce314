"""E-mail addresses as the mailroom keeps them: in small letters, and such as every mail server understands."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from standfirst.kit.mailaddress import normal
from standfirst.mailroom.errors import NoAddress


def address_checked(email: str) -> str:
    """The address in small letters, its domain as the DNS has it. Raises NoAddress."""
    found = normal(email)
    try:
        if len(found) > 254 or not found.isascii():
            raise ValueError
        validate_email(found)
    except (ValidationError, ValueError):
        raise NoAddress(
            gettext("“%(address)s” is not an e-mail address. Write it like name@example.org.") % {"address": found[:80]}
        ) from None
    return found


def scrambled(email: str) -> str:
    """A mark of an address from which nobody can read it without our secret key. It stands where an address stands."""
    return scrambled_by(scramble_key(), email)


def scramble_key() -> str:
    """By which this newsroom scrambles addresses: made from its secret key, and of no use for anything else."""
    return hashlib.sha256(b"standfirst.mailroom.address" + settings.SECRET_KEY.encode()).hexdigest()


def scrambled_by(key: str, email: str) -> str:
    """The same as `scrambled` does by the key of a newsroom that our readers were moved from. key: 64 figures."""
    digest = hmac.new(bytes.fromhex(key), normal(email).encode(), hashlib.sha256).digest()
    return f"{digest[:12].hex()}@erased.invalid"
