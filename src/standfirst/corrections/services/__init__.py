"""The room's doors: every write, one function per act of a reader or of the desk."""

from standfirst.corrections.services.carrying import cases_carry_on
from standfirst.corrections.services.forgetting import (
    suggestion_forget,
    suggestion_forget_address,
    suggestions_carried,
    suggestions_forget_due,
)
from standfirst.corrections.services.suggestions import Sent, suggestion_file, suggestion_receive

__all__ = [
    "Sent",
    "cases_carry_on",
    "suggestion_file",
    "suggestion_forget",
    "suggestion_forget_address",
    "suggestion_receive",
    "suggestions_carried",
    "suggestions_forget_due",
]
