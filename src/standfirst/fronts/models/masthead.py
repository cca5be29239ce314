"""The masthead: name, logo, colours, type, menu and the words of the frame, changed at the desk without code."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from standfirst.press.models import Refreshing
from standfirst.press.shown import FRAME
from standfirst.stories.pictures.uses import AS_ICON
from standfirst.stories.services import mark_prepare

colour = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six digits, such as #7a1f1f."))


@register_setting(icon="title", order=10)
class Masthead(Refreshing, BaseSiteSetting, ClusterableModel):
    """One per newsroom. Words per language are in `texts`; an empty word falls back to the first language."""

    press_kind = "masthead"

    class Face(models.TextChoices):
        BRYGADA = "brygada", _("Brygada 1918")
        SERIF = "serif", _("The reader's own serif")
        SANS = "sans", _("The reader's own sans")

    name = models.CharField(_("name of the paper"), max_length=80, default="Standfirst")
    logo = models.ForeignKey(
        "stories.NewsImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    icon = models.ForeignKey(
        "stories.NewsImage",
        verbose_name=_("square icon"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At least 192 × 192 pixels; for browser tabs and news services (SD-13)."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[colour],
        help_text=_("For the rule under the name and for buttons. Empty: the colour of the text."),
    )
    accent_dark = models.CharField(
        _("colour at night"),
        max_length=7,
        blank=True,
        validators=[colour],
        help_text=_("The same on a dark page."),
    )
    face = models.CharField(_("typeface"), max_length=10, choices=Face.choices, default=Face.BRYGADA)

    founded_year = models.PositiveSmallIntegerField(_("first year of the copyright line"), null=True, blank=True)
    legal_name = models.CharField(_("publisher (legal name)"), max_length=150, blank=True)
    contact_email = models.EmailField(_("public address for readers"), blank=True)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)
    extract_limit_chars = models.PositiveIntegerField(_("free extract, characters"), default=500)

    support_url = models.URLField(
        _("where readers can pay"),
        blank=True,
        help_text=_("Any address you already use: Patreon, Buy Me a Coffee, a bank page."),
    )
    newsletter_url = models.URLField(_("where readers sign up for letters"), blank=True)

    class Meta:
        verbose_name = _("masthead and frame")

    def __str__(self) -> str:
        return self.name

    def press_keys(self, before: Any | None) -> set[str]:
        return {FRAME}

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # A reader's request never makes a rendition: the marks are made when they are chosen.
        mark_prepare(image=self.logo)
        mark_prepare(image=self.icon, uses=AS_ICON)

    def _text(self, language: str | None) -> MastheadText | None:
        language = language or get_language()
        return next((text for text in self.texts.all() if text.language == language), None)

    def words(self, field: str, language: str | None = None) -> str:
        """A field of `texts` in this language, else in the first language that has it, else ''."""
        own = self._text(language)
        if own and getattr(own, field):
            return str(getattr(own, field))
        return ""

    def name_in(self, language: str | None = None) -> str:
        return self.words("name", language) or self.name


class MastheadText(Orderable):
    """The frame's words in one language."""

    masthead = ParentalKey(Masthead, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name of the paper"), max_length=80, blank=True)
    tagline = models.CharField(_("line under the name"), max_length=150, blank=True)
    funder_line = models.CharField(
        _("funder line"), max_length=300, blank=True, help_text=_("Who pays for the paper, in one sentence.")
    )
    appeal_heading = models.CharField(_("appeal: heading"), max_length=120, blank=True)
    appeal_text = RichTextField(_("appeal: text"), features=["bold", "italic", "link"], blank=True)
    appeal_amount = models.CharField(
        _("appeal: amount"),
        max_length=120,
        blank=True,
        help_text=_("Such as “the price of one cup of coffee a month”."),
    )
    appeal_button = models.CharField(_("appeal: button"), max_length=60, blank=True)
    other_ways = RichTextField(_("other ways to support"), features=["bold", "italic", "link", "ul"], blank=True)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["masthead", "language"], name="masthead_text_once_per_language")]


class MastheadLink(Orderable):
    """A link of the menu or the footer besides the sections."""

    class Place(models.TextChoices):
        MENU = "menu", _("Menu")
        FOOTER = "footer", _("Footer")

    masthead = ParentalKey(Masthead, on_delete=models.CASCADE, related_name="links")
    place = models.CharField(_("place"), max_length=8, choices=Place.choices, default=Place.MENU)
    language = models.CharField(_("language"), max_length=20, blank=True, help_text=_("Empty: in every language."))
    label = models.CharField(_("label"), max_length=60)
    address = models.CharField(_("address"), max_length=300, help_text=_("A path such as /about/, or https://…"))

    class Meta(Orderable.Meta):
        pass
