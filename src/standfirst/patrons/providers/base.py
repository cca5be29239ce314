"""The small interface that every payment company stands behind (docs/developers/a-payment-provider.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


class Provider:
    """One way to pay. Capabilities: month, year, once, gift, hooks, cancel, resume, change, refund, fetch, portal."""

    name = ""
    capabilities: frozenset[str] = frozenset()
    #: Whether the paper must say on every screen that no money moves.
    is_sandbox = False
    #: Other origins a form of ours may lead to, for the page's policy.
    form_targets: tuple[str, ...] = ()

    @property
    def label(self) -> Any:
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether its settings are there."""
        raise NotImplementedError

    def takes(self, currency: str) -> bool:
        return True

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        """Where she pays this pledge. back: her private page here. hook: where the provider tells us. ProviderAway."""
        raise NotImplementedError

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check the signature over the raw bytes before anything of them is read. Raises BadSignature, NotRead."""
        raise NotImplementedError

    def read(self, body: str) -> Reading:
        """What a checked message means in neutral facts. May ask the provider (ProviderAway). Raises NotRead."""
        raise NotImplementedError

    def fetch_state(self, pledge: Any) -> list[Fact]:
        """All that the provider knows of this pledge now, as facts with the same keys as its messages give."""
        raise NotPossible("This provider cannot be asked.")

    def cancel(self, pledge: Any) -> None:
        """No further charge. Safe to call twice."""
        raise NotPossible("This provider cannot cancel.")

    def resume(self, pledge: Any) -> None:
        raise NotPossible("This provider cannot take a pledge up again.")

    def change(self, pledge: Any, amount_minor: int) -> None:
        raise NotPossible("This provider cannot change an amount.")

    def refund(self, payment: Any, amount_minor: int) -> None:
        raise NotPossible("This provider cannot give back.")

    def portal_url(self, pledge: Any, *, back: str) -> str:
        """Where she changes her card; "" where there is no such page."""
        return ""
