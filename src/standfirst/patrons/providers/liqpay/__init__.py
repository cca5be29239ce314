"""LiqPay (PY-07): a signed form, and a signed message for everything that happens (liqpay.ua/documentation)."""

from standfirst.patrons.providers.liqpay.provider import LiqPay

__all__ = ["LiqPay"]
