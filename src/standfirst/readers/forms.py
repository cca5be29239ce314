"""The forms of a reader's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from standfirst.kit import mailaddress
from standfirst.letterbox.forms import GuardedForm
from standfirst.letterbox.guards import HONEYPOT


class _AddressField(forms.EmailField):
    """An e-mail address, in the spelling that is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
            error_messages={
                "required": _("There is no e-mail address yet."),
                "invalid": _("This is not an e-mail address. Write it like name@example.org."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return mailaddress.normal(super().clean(value))


class SignInForm(GuardedForm):
    purpose = "readers.sign-in"
    field_order = ["token", "next", "email", HONEYPOT]

    next = forms.CharField(required=False, widget=forms.HiddenInput)
    email = _AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send a code there. No password; whoever has no account yet gets one."),
    )


class _PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class CodeForm(_PlainForm):
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The code from the letter"),
        max_length=40,
        help_text=_("Eight digits. The letter may take a minute; look among the spam too."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "dir": "ltr"}
        ),
        error_messages={"required": _("There is no code yet. It stands in the letter we sent.")},
    )


class DetailsForm(_PlainForm):
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        help_text=_("As we should address you; nobody else sees it. You may leave it out."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"max_length": _("The name has %(show_value)d characters; at most %(limit_value)d fit.")},
    )
    language = forms.ChoiceField(label=_("Language of our letters to you"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = settings.LANGUAGES


class AddressForm(_PlainForm):
    email = _AddressField(
        label=_("Your new e-mail address"),
        help_text=_("We send a code there; when you have typed it, everything here moves to the new address."),
    )
