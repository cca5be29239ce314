"""The support page's own words and the ways to pay that need no company: bank details, pages elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from standfirst.patrons.models.tiers import SUPPORT_PAGE, currency_checked
from standfirst.press.models import Refreshing
from standfirst.press.shown import FRAME


@register_setting(icon="pick", order=30)
class Support(Refreshing, BaseSiteSetting, ClusterableModel):
    """One per newsroom."""

    press_kind = "support"

    is_open = models.BooleanField(
        _("readers can become patrons here"),
        default=False,
        help_text=_("Then the appeal after every story leads to the support page."),
    )
    currency = models.CharField(
        _("currency of amounts that readers choose themselves"),
        max_length=3,
        default="EUR",
        validators=[currency_checked],
    )
    account_holder = models.CharField(_("account holder"), max_length=70, blank=True)
    iban = models.CharField(_("IBAN or account number"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("support page")

    def __str__(self) -> str:
        return str(_("support page"))

    @property
    def takes_bank(self) -> bool:
        return bool(self.iban and self.account_holder)

    def press_keys(self, before: object | None) -> set[str]:
        return {SUPPORT_PAGE, FRAME}

    def words(self, field: str, language: str | None = None) -> str:
        """A field of `texts` in this language, else ''."""
        language = language or get_language()
        own = next((text for text in self.texts.all() if text.language == language), None)
        return str(getattr(own, field)) if own else ""


class SupportText(Orderable):
    """The page's words in one language."""

    support = ParentalKey(Support, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    introduction = models.CharField(_("introduction"), max_length=400, blank=True)
    pays_for = RichTextField(_("what the money pays for"), features=["bold", "italic", "link", "ul"], blank=True)
    other_ways = RichTextField(_("other ways to help"), features=["bold", "italic", "link", "ul"], blank=True)
    tax_text = models.TextField(_("what receipts say about tax"), max_length=600, blank=True)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["support", "language"], name="support_text_once_per_language")]


class ExternalPage(Orderable):
    """A page elsewhere where readers pay already: Patreon, Buy Me a Coffee, Ko-fi."""

    support = ParentalKey(Support, on_delete=models.CASCADE, related_name="pages")
    name = models.CharField(_("name"), max_length=60)
    address = models.URLField(_("address"), max_length=300)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.name
