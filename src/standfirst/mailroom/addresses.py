"""E-mail addresses as the mailroom keeps them: in small letters, and such as every mail server understands."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from standfirst.kit.mailaddress import normal
from standfirst.mailroom.errors import NoAddress
from standfirst.mailroom.tokens import mark


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
    return f"{mark('address', normal(email).encode()).hex()}@erased.invalid"
