"""E-mail addresses: one spelling for each, so that an address is one person whoever typed it."""

from __future__ import annotations

import unicodedata


def normal(address: str) -> str:
    """The spelling under which an address is kept: small letters, and the domain as it travels (IDNA).

    Not a check: what is no address comes back as it is, without blanks round it and in small letters.
    """
    text = unicodedata.normalize("NFKC", address).strip().lower()
    local, at, domain = text.rpartition("@")
    if not at or domain.isascii():
        return text
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return text


def shown(address: str) -> str:
    """An address as people read it: the domain in its own letters."""
    local, at, domain = address.rpartition("@")
    if not at or "xn--" not in domain:
        return address
    try:
        return f"{local}@{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address
