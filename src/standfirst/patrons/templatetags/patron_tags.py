from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from standfirst.kit import money
from standfirst.patrons import selectors

register = template.Library()


@register.simple_tag(takes_context=True)
def support_address(context: template.Context, elsewhere: str = "") -> str:
    """Where readers become patrons: our own support page where the desk has opened it, else the given address."""
    # Masthead and appeal both ask, and one page asks the database once.
    page: Any = context.get("request") or context
    if not hasattr(page, "_support"):
        page._support = selectors.support()
    found = page._support
    return reverse("patrons:support") if found is not None and found.is_open else elsewhere


@register.filter
def support_words(support: object, field: str) -> str:
    """`{{ support|support_words:"pays_for" }}`: the support page's words in the language that is read."""
    return str(support.words(field)) if support else ""  # type: ignore[attr-defined]


@register.filter
def as_money(price: object) -> str:
    """`{{ price|as_money }}`: what has an amount in minor units and a currency, for people."""
    return money.for_people(price.amount_minor, price.currency)  # type: ignore[attr-defined]
