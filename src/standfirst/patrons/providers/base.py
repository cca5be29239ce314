"""The small interface that every payment company stands behind (docs/developers/a-payment-provider.md)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from standfirst.patrons.errors import NotPossible
from standfirst.patrons.ledger import Fact


@dataclass(frozen=True)
class Checkout:
    """Where a reader goes to pay. fields: what a form sends there by POST; without them it is a plain link."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A message whose signature was checked: the provider's id of it, and its very bytes as text."""

    event_id: str
    body: str


@dataclass(frozen=True)
class Reading:
    """What a message means. reference: ours, as we gave it to the provider; "" for none.

    pledge_id, payment_id: the provider's, by which a pledge that carried our reference before is found.
    doubtful: the provider must be asked how things stand now, because order cannot be told.
    """

    reference: str = ""
    pledge_id: str = ""
    payment_id: str = ""
    customer_id: str = ""
    currency: str = ""
    facts: tuple[Fact, ...] = ()
    doubtful: bool = False


#: What each capability promises, by the methods that keep it. The others say what a reader may choose.
PROMISES: dict[str, tuple[str, ...]] = {
    "hooks": ("parse_webhook", "read"),
    "fetch": ("fetch_state",),
    "cancel": ("cancel",),
    "resume": ("resume",),
    "change": ("change",),
    "refund": ("refund",),
    "portal": ("portal_url",),
}
#: What a reader may choose with it on our own form.
CHOICES = frozenset({"month", "year", "once", "gift"})


class Provider(ABC):
    """One way to pay. What it can do besides leading to where one pays, it declares in `capabilities`.

    A class that declares what it does not do, or does what it does not declare, is refused when it is made: whoever
    asks `capabilities` is told the truth. What is not declared refuses with NotPossible, in a whole sentence.
    """

    name = ""
    capabilities: frozenset[str] = frozenset()
    #: Whether the paper must say on every screen that no money moves.
    is_sandbox = False
    #: Other origins a form of ours may lead to, for the page's policy.
    form_targets: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if unknown := cls.capabilities - CHOICES - PROMISES.keys():
            raise TypeError(f"{cls.__name__} declares {sorted(unknown)}, which are no capabilities of a provider.")
        for capability, methods in PROMISES.items():
            for method in methods:
                does = getattr(cls, method) is not getattr(Provider, method)
                if does is not (capability in cls.capabilities):
                    wrong = f"does {method}() and does not declare" if does else f"has no {method}() and declares"
                    raise TypeError(f"{cls.__name__} {wrong} “{capability}”.")

    @property
    @abstractmethod
    def label(self) -> Any:
        """What readers choose it by."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether its settings are there."""

    @abstractmethod
    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        """Where she pays this pledge. back: her private page here. hook: where the provider tells us. ProviderAway."""

    def takes(self, currency: str) -> bool:
        """Whether it takes this currency."""
        return True

    @property
    def is_chosen_here(self) -> bool:
        """Whether a reader can begin a pledge with it on our own form."""
        return bool(self.capabilities & CHOICES)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check the signature over the raw bytes before anything of them is read. Raises BadSignature, NotRead."""
        raise NotPossible(_("This way to pay sends no messages."))

    def read(self, body: str) -> Reading:
        """What a checked message means in neutral facts. May ask the provider (ProviderAway). Raises NotRead."""
        raise NotPossible(_("This way to pay sends no messages."))

    def fetch_state(self, pledge: Any) -> list[Fact]:
        """All that the provider knows of this pledge now, as facts with the same keys as its messages give."""
        raise NotPossible(_("This way to pay cannot be asked how a pledge stands."))

    def cancel(self, pledge: Any) -> None:
        """No further charge. Safe to call twice."""
        raise NotPossible(_("This way to pay cannot be told to stop; it is done where it was begun."))

    def resume(self, pledge: Any) -> None:
        """It goes on as if it had not been cancelled."""
        raise NotPossible(_("This way to pay does not let a pledge be taken up again."))

    def change(self, pledge: Any, amount_minor: int) -> None:
        """Another amount from the next payment on."""
        raise NotPossible(_("This way to pay cannot change an amount."))

    def refund(self, payment: Any, amount_minor: int) -> None:
        """Give back so much of a payment."""
        raise NotPossible(_("This way to pay cannot give money back by itself."))

    def portal_url(self, pledge: Any, *, back: str) -> str:
        """Where she changes her card; "" where there is no page for this pledge."""
        raise NotPossible(_("This way to pay has no page on which a card is changed."))
