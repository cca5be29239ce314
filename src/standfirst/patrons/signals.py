"""The room's news."""

from django.dispatch import Signal

# A pledge's state changed. Sent with pledge: Pledge, before: str (its state until now), inside the transaction.
pledge_changed = Signal()
