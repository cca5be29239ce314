"""The doors of the room, by subject."""

from standfirst.patrons.services.booking import alarm_raise, entries_add, pledges_carry_on, standings_settle
from standfirst.patrons.services.hooks import event_take
from standfirst.patrons.services.moving import address_move, patron_leaves
from standfirst.patrons.services.pledging import pledge_cancel, pledge_change, pledge_grant, pledge_resume, pledge_start
from standfirst.patrons.services.receipts import receipt_write
from standfirst.patrons.services.refunding import payment_refund, pledge_refund

__all__ = [
    "address_move",
    "alarm_raise",
    "entries_add",
    "event_take",
    "patron_leaves",
    "payment_refund",
    "pledge_cancel",
    "pledge_change",
    "pledge_grant",
    "pledge_refund",
    "pledge_resume",
    "pledge_start",
    "pledges_carry_on",
    "receipt_write",
    "standings_settle",
]
