"""The room's news, told inside the transaction that makes it true: receivers write to the database and nowhere else."""

from django.dispatch import Signal

# A reader has confirmed another address. Sent with reader: Reader, old: str, new: str (both as kit.mailaddress.normal
# writes them). Rooms that keep things under an address carry them over.
address_changed = Signal()
# A reader had everything about her erased. Sent with reader: Reader, as she was, after all holdings have let go and
# just before her row goes.
reader_erased = Signal()
