"""The press's news."""

from django.dispatch import Signal

# Sent after the commit of a transaction that refreshed something; no fields. Who runs the queue wakes up.
refreshed = Signal()

# Sent inside the transaction in which a row that readers see took another address. old, new: own paths.
address_changed = Signal()
