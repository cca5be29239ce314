"""The form by which readers ask for letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standfirst.letterbox.forms import GuardedForm
from standfirst.letterbox.guards import HONEYPOT
from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.errors import NoAddress
from standfirst.mailroom.models import Mailing

#: What a reader agrees to. Kept with her consent: change it, and the new words are kept with new ones.
WORDING = _("Send me these letters. I can leave with every one of them.")


class SignUpForm(GuardedForm):
    purpose = "newsletters"

    mailings = forms.MultipleChoiceField(
        label=_("Which letters"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Nothing is ticked yet. Choose at least one of the letters."),
            "invalid_choice": _("One of these letters is not there any more. Please choose again."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("There is no address yet. Write it like name@example.org."),
            "invalid": _("This is not an e-mail address. Write it like name@example.org."),
        },
    )
    field_order = ["token", "mailings", "email", HONEYPOT]

    def __init__(self, *args: Any, mailings: list[Mailing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mailings"]
        field.choices = [(one.key, one.name_in()) for one in mailings]
        if len(mailings) == 1 and not self.is_bound:
            self.initial["mailings"] = [mailings[0].key]

    def clean_email(self) -> str:
        try:
            return address_checked(self.cleaned_data["email"])
        except NoAddress as error:
            raise forms.ValidationError(str(error)) from None
