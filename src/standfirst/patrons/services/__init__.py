"""The doors of the room, by subject."""

from standfirst.patrons.services.booking import alarm_raise, entries_add, pledges_carry_on, standings_settle
from standfirst.patrons.services.moving import address_move, patron_leaves
from standfirst.patrons.services.receipts import receipt_write

__all__ = [
    "address_move",
    "alarm_raise",
    "entries_add",
    "patron_leaves",
    "pledges_carry_on",
    "receipt_write",
    "standings_settle",
]
