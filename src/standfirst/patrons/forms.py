"""The room's forms for readers. Every message is a whole sentence; nothing is chosen beforehand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.kit import money
from standfirst.kit.mailaddress import normal
from standfirst.letterbox.forms import GuardedForm
from standfirst.letterbox.guards import HONEYPOT
from standfirst.patrons import providers
from standfirst.patrons.models import Pledge


def _email(label: Any, help_text: Any) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        help_text=help_text,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not an e-mail address. Write it like name@example.org."),
            "required": _("An e-mail address is needed: receipts go there."),
        },
    )


def _amount() -> forms.CharField:
    return forms.CharField(
        label=_("Amount"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Write an amount, such as 150.")},
    )


class AmountMixin:
    """Reads `amount` in the currency that the page names."""

    currency = "EUR"
    cleaned_data: dict[str, Any]

    def clean_amount(self) -> int:
        try:
            minor = money.minor_of(self.cleaned_data["amount"], self.currency)
        except money.NotMoney as error:
            said = _("This is no amount. Write it in figures, such as 150 or 4.50.")
            raise forms.ValidationError(said) from error
        if minor <= 0:
            raise forms.ValidationError(_("Write an amount above nothing."))
        return minor


class JoinForm(AmountMixin, GuardedForm):
    """Amount, how often, who, and by which way."""

    purpose = "support"

    amount = _amount()
    period = forms.ChoiceField(
        label=_("How often"),
        choices=Pledge.Period.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )
    email = _email(
        _("Your e-mail address"),
        _("For receipts and for your own page. Whoever gives already changes it on that page."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        help_text=_("For the receipt. You may leave it out."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    provider = forms.ChoiceField(
        label=_("How you pay"), widget=forms.RadioSelect, error_messages={"required": _("Choose how you pay.")}
    )

    field_order = ["token", "amount", "period", "email", "name", "provider", HONEYPOT]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        ways = [one for one in providers.offered() if one.takes(currency)]
        choice = self.fields["provider"]
        choice.choices = [(one.name, one.label) for one in ways]  # type: ignore[attr-defined]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        if len(ways) == 1:
            # There is nothing to choose.
            choice.initial = ways[0].name


class GiftForm(JoinForm):
    """The same for somebody else."""

    purpose = "gift"

    friend = _email(_("E-mail address of whom you give it to"), _("She gets a letter on the day."))
    friend_name = forms.CharField(
        label=_("Her or his name"), required=False, max_length=150, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    day = forms.DateField(
        label=_("On which day"),
        required=False,
        help_text=_("Empty: as soon as it is paid."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day. Write it like 2026-12-24.")},
    )
    message = forms.CharField(
        label=_("A few words with it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    field_order = [
        "token", "amount", "period", "friend", "friend_name", "day", "message", "email", "name", "provider", HONEYPOT,
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lasting = [(value, label) for value, label in Pledge.Period.choices if value != Pledge.Period.ONCE]
        names = {Pledge.Period.MONTH: _("one month"), Pledge.Period.YEAR: _("one year")}
        self.fields["period"].label = _("For how long")
        self.fields["period"].choices = [(value, names[value]) for value, _label in lasting]  # type: ignore

    def clean_friend(self) -> str:
        friend = normal(self.cleaned_data["friend"])
        if friend == normal(str(self.data.get("email", ""))):
            raise forms.ValidationError(
                _("This is your own address. Write hers or his, or become a patron for yourself.")
            )
        return friend

    def clean_day(self) -> dt.date | None:
        day = self.cleaned_data.get("day")
        today = timezone.localdate()
        if day and not today <= day <= today + dt.timedelta(days=366):
            raise forms.ValidationError(_("Choose a day from today to a year from now."))
        return day


class AmountForm(AmountMixin, forms.Form):
    amount = _amount()

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency


class WithdrawForm(forms.Form):
    """Name, contract and contact, as the law wants them asked for."""

    name = forms.CharField(label=_("Your name"), max_length=150, error_messages={"required": _("Write your name.")})
    contact = _email(_("E-mail address for the receipt"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
