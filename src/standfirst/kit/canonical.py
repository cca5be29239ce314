"""The one way to write a thing down, so that two people who hash it get the same figure.

Canonical bytes are JSON in the manner of RFC 8785 (keys sorted by UTF-16 code units, no white space,
shortest numbers) with every string in NFC, as standard PV-05 asks of a public version.
"""

import hashlib
import json
import math
import secrets
import unicodedata
from typing import Any

SALT_BYTES = 32
_SAFE_INTEGER = 2**53 - 1


def canonical_bytes(value: Any) -> bytes:
    """The UTF-8 bytes of a JSON value, the same for equal values.

    value: dict with string keys, list, tuple, str, int, float, bool or None, nested as you like.
    Raises ValueError for what JSON cannot say exactly (NaN, integers above 2**53 - 1, half a surrogate pair,
    two keys that are the same in NFC) and TypeError for any other type.
    """
    return _write(value).encode("utf-8")


def new_salt() -> bytes:
    """Thirty-two random bytes: without them the digest of a short text could be guessed back."""
    return secrets.token_bytes(SALT_BYTES)


def salted_digest(data: bytes, *, salt: bytes) -> str:
    """SHA-256 of salt followed by data, as 64 lower-case hexadecimal figures."""
    return hashlib.sha256(salt + data).hexdigest()


def canonical_digest(value: Any, *, salt: bytes = b"") -> str:
    """The salted digest of a value's canonical bytes."""
    return salted_digest(canonical_bytes(value), salt=salt)


def _write(value: Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise ValueError(f"{value} is too large for JSON to carry exactly. Write it as a string.")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_write(item) for item in value) + "]"
    if isinstance(value, dict):
        return _object(value)
    raise TypeError(f"{type(value).__name__} has no canonical form. Give strings, numbers, lists and dicts.")


def _string(value: str) -> str:
    normal = unicodedata.normalize("NFC", value)
    try:
        normal.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"The text holds half a surrogate pair at {error.start}. Repair it first.") from error
    return json.dumps(normal, ensure_ascii=False)


def _object(value: dict[Any, Any]) -> str:
    members: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"The key {key!r} is not a string.")
        normal = unicodedata.normalize("NFC", key)
        if normal in members:
            raise ValueError(f"The key {normal!r} occurs twice once written in NFC.")
        members[normal] = item
    ordered = sorted(members, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{_string(key)}:{_write(members[key])}" for key in ordered) + "}"


def _number(value: float) -> str:
    """ECMAScript's Number::toString, which RFC 8785 takes over."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number JSON knows.")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = point - 1
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if power > 0 else '-'}{abs(power)}"
