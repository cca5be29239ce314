"""The mailroom's doors: every write, one function for each act."""

from standfirst.mailroom.services.carried import subscription_carried
from standfirst.mailroom.services.erasing import deliveries_erase, subscriptions_erase, suppression_scramble
from standfirst.mailroom.services.letters import (
    UNDO,
    letter_draft,
    letter_pause,
    letter_queue,
    letter_remove,
    letter_resume,
    letter_rewrite,
    letter_schedule,
    letter_send,
    letter_send_soon,
    letter_skip,
    letter_stop,
    letter_unschedule,
    letter_unsure_again,
    letters_forget_due,
    mailing_change,
)
from standfirst.mailroom.services.lists import (
    address_change,
    address_suppress,
    lists_forget_due,
    preferences_set,
    subscribe,
    subscription_confirm,
    subscriptions_confirm,
    suppression_lift,
    unsubscribe,
)
from standfirst.mailroom.services.notes import note_send
from standfirst.mailroom.services.returning import return_take

__all__ = [
    "UNDO",
    "address_change",
    "address_suppress",
    "deliveries_erase",
    "letter_draft",
    "letter_pause",
    "letter_queue",
    "letter_remove",
    "letter_resume",
    "letter_rewrite",
    "letter_schedule",
    "letter_send",
    "letter_send_soon",
    "letter_skip",
    "letter_stop",
    "letter_unschedule",
    "letter_unsure_again",
    "letters_forget_due",
    "lists_forget_due",
    "mailing_change",
    "note_send",
    "preferences_set",
    "return_take",
    "subscribe",
    "subscription_carried",
    "subscription_confirm",
    "subscriptions_confirm",
    "subscriptions_erase",
    "suppression_lift",
    "suppression_scramble",
    "unsubscribe",
]
