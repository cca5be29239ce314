"""Ways to pay, each a folder. `found` gives one by name, `offered` those whose settings are there."""

from __future__ import annotations

from functools import cache

from standfirst.patrons.providers.base import Provider


@cache
def _all() -> dict[str, Provider]:
    from standfirst.patrons.providers.bank import Bank
    from standfirst.patrons.providers.external import External
    from standfirst.patrons.providers.liqpay import LiqPay
    from standfirst.patrons.providers.sandbox import Sandbox
    from standfirst.patrons.providers.stripe import Stripe

    made: list[Provider] = [Stripe(), LiqPay(), Bank(), External(), Sandbox()]
    return {one.name: one for one in made}


def found(name: str) -> Provider | None:
    """The provider of that name; None for the desk's own grants."""
    return _all().get(name)


def offered() -> list[Provider]:
    """Those a reader can choose now on our own form, companies first."""
    return [one for one in _all().values() if one.is_chosen_here and one.is_ready()]
