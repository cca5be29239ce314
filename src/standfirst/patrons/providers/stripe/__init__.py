"""Stripe: Checkout, the billing portal, and messages (docs.stripe.com/webhooks)."""

from standfirst.patrons.providers.stripe.provider import Stripe

__all__ = ["Stripe"]
