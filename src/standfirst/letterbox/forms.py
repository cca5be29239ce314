"""The paper's own forms. Every message is a whole sentence; what was typed is never lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standfirst.letterbox.guards import HONEYPOT


class GuardedForm(forms.Form):
    """What every form of strangers has: the token it was handed out with, and the field that people do not see."""

    # What its token opens, together with the page it is about.
    purpose = ""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def filled_by_machine(self) -> bool:
        """Whether the field that people do not see holds something."""
        return bool(self.data.get(HONEYPOT))

    def give_token(self, token: str) -> None:
        """Hand the form out with another token than it came with."""
        if self.is_bound:
            # One value per field is all that our forms have.
            self.data = {**{name: self.data[name] for name in self.data}, "token": token}
        else:
            self.initial["token"] = token


def answer_address() -> forms.EmailField:
    """The field for the address to which the desk may answer, as every form of strangers asks for it."""
    return forms.EmailField(
        label=_("E-mail for an answer"),
        required=False,
        max_length=254,
        help_text=_("Only if you would like an answer. Nobody but the desk sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not an e-mail address. Write it like name@example.org, or leave it out."),
        },
    )


class LetterForm(GuardedForm):
    """What every letter has."""

    purpose = "letter"

    text = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={
            "required": _("There is no message yet. Write a few words before you send it."),
            "max_length": _("Your message has %(show_value)d characters; at most %(limit_value)d reach the desk."),
        },
    )
    sender_name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        help_text=_("You may leave it out."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "max_length": _("The name has %(show_value)d characters; at most %(limit_value)d fit."),
        },
    )
    reply_to = answer_address()


class ContactForm(LetterForm):
    field_order = ["token", "text", "sender_name", "reply_to", HONEYPOT]
