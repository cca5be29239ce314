"""The doors of the room, by subject."""

from standfirst.patrons.services.banking import cash_note, line_decide, statement_import
from standfirst.patrons.services.booking import alarm_raise, entries_add, pledges_carry_on, standings_settle
from standfirst.patrons.services.carrying import members_export
from standfirst.patrons.services.hooks import event_take
from standfirst.patrons.services.members import Choices, members_import
from standfirst.patrons.services.moving import address_move, patron_leaves
from standfirst.patrons.services.pledging import (
    pledge_cancel,
    pledge_change,
    pledge_grant,
    pledge_resume,
    pledge_start,
    pledge_take_back,
    second_tell,
)
from standfirst.patrons.services.receipts import receipt_write
from standfirst.patrons.services.refunding import left_of, payment_refund, pledge_refund
from standfirst.patrons.services.withdrawing import may_withdraw, pledge_withdraw

__all__ = [
    "Choices",
    "address_move",
    "alarm_raise",
    "cash_note",
    "entries_add",
    "event_take",
    "left_of",
    "line_decide",
    "may_withdraw",
    "members_export",
    "members_import",
    "patron_leaves",
    "payment_refund",
    "pledge_cancel",
    "pledge_change",
    "pledge_grant",
    "pledge_refund",
    "pledge_resume",
    "pledge_start",
    "pledge_take_back",
    "pledge_withdraw",
    "pledges_carry_on",
    "receipt_write",
    "second_tell",
    "standings_settle",
    "statement_import",
]
