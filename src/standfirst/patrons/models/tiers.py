"""What a patron can choose, as data: names, amounts, and what each gives. Never a text: all of it is open."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from standfirst.kit import money
from standfirst.press.models import Refreshing

#: What a tier can give. Other rooms ask `selectors.standing_of` for these names.
VOTE, NO_SPONSORS, LETTERS = "vote", "no-sponsors", "letters"
SUPPORT_PAGE = "support"


def currency_checked(value: str) -> None:
    try:
        money.exponent(value)
    except money.NotMoney as error:
        raise ValidationError(_("Write the currency as three capital letters, such as UAH or EUR.")) from error


class Tier(Refreshing, ClusterableModel):
    """One way to support the paper. One that gives anything is a membership, a contract; else it is a donation."""

    press_kind = "tier"

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    promise = models.CharField(_("what it means, in one sentence"), max_length=300, blank=True)
    gives_vote = models.BooleanField(_("votes on topics"), default=True)
    gives_no_sponsors = models.BooleanField(_("sees no sponsors"), default=False)
    gives_letters = models.BooleanField(_("gets the patrons' letters"), default=True)
    is_offered = models.BooleanField(_("offered on the support page"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("way to support")
        verbose_name_plural = _("ways to support")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def gives(self) -> frozenset[str]:
        flags = {VOTE: self.gives_vote, NO_SPONSORS: self.gives_no_sponsors, LETTERS: self.gives_letters}
        return frozenset(name for name, given in flags.items() if given)

    @property
    def is_membership(self) -> bool:
        """Whether money buys something in return, so that consumer law gives a right to withdraw (PY-11)."""
        return bool(self.gives)

    def press_keys(self, before: object | None) -> set[str]:
        return {SUPPORT_PAGE}

    def _text(self, language: str | None) -> TierText | None:
        language = language or get_language()
        return next((text for text in self.texts.all() if text.language == language), None)

    def name_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.name) or self.name

    def promise_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.promise) or self.promise


class TierText(Orderable):
    """Its words in one language."""

    tier = ParentalKey(Tier, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name"), max_length=80, blank=True)
    promise = models.CharField(_("what it means, in one sentence"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["tier", "language"], name="tier_text_once_per_language")]


class TierPrice(Orderable):
    """An amount that is offered. Readers may always give another one."""

    class Period(models.TextChoices):
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")
        ONCE = "once", _("once")

    tier = ParentalKey(Tier, on_delete=models.CASCADE, related_name="prices")
    period = models.CharField(_("how often"), max_length=5, choices=Period.choices, default=Period.MONTH)
    currency = models.CharField(_("currency"), max_length=3, validators=[currency_checked])
    amount_minor = models.BigIntegerField(
        _("amount in the smallest unit (kopecks, cents)"),
        validators=[MinValueValidator(1), MaxValueValidator(money.LARGEST_MINOR)],
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tier", "period", "currency", "amount_minor"], name="tier_price_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="tier_price_is_something"),
        ]

    def __str__(self) -> str:
        return f"{money.for_people(self.amount_minor, self.currency)} {self.get_period_display()}"
