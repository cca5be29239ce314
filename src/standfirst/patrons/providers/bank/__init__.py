"""Bank transfer and cash: nobody tells us anything; the desk reads the bank's statement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from standfirst.patrons.providers.base import Checkout, Provider


class Bank(Provider):
    name = "bank"
    # What it "can" is only written down: there is nobody to be asked.
    capabilities = frozenset({"month", "year", "once", "gift", "cancel", "resume", "change"})

    @property
    def label(self) -> Any:
        return _("Bank transfer")

    def is_ready(self) -> bool:
        from standfirst.patrons.models import Support

        support = Support.objects.first()
        return support is not None and support.takes_bank

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        # Her private page holds the details.
        return Checkout(back)

    def cancel(self, pledge: Any) -> None:
        pass

    def resume(self, pledge: Any) -> None:
        pass

    def change(self, pledge: Any, amount_minor: int) -> None:
        pass
