"""Stripe counts some currencies otherwise than ISO 4217 (docs.stripe.com/currencies)."""

from __future__ import annotations

from standfirst.kit.money import exponent

#: Digits behind the point as Stripe counts, where that is not ISO's number.
_OTHERWISE = {"ISK": 2, "UGX": 2, "MGA": 0}


def for_stripe(amount_minor: int, currency: str) -> int:
    return _shifted(amount_minor, _OTHERWISE.get(currency, exponent(currency)) - exponent(currency))


def from_stripe(amount: int, currency: str) -> int:
    return _shifted(amount, exponent(currency) - _OTHERWISE.get(currency, exponent(currency)))


def _shifted(amount: int, places: int) -> int:
    return amount * 10**places if places >= 0 else amount // 10**-places
