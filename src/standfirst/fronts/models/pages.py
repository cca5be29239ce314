"""The home page, arranged by hand with slots that fill themselves, and standing pages such as /privacy/."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from standfirst.press.models import Refreshing
from standfirst.press.shown import FRAME
from standfirst.stories.addresses import PublicAddress, language_prefix
from standfirst.stories.blocks import EmbedBlock, FileBlock, GalleryBlock, PictureBlock, StoryTableBlock, used_pictures
from standfirst.stories.pictures.showing import PictureSet
from standfirst.stories.pictures.uses import IN_TEXT
from standfirst.stories.services import page_pictures

# Ends of addresses that lead to what the paper keeps below any page of its own.
HOUSE_ENDING = re.compile(r"(?:\A|/)(?:text|feed|page(?:/\d+)?)\Z")
STANDING_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "blockquote", "hr"]


def standing_at(path: str, language: str) -> str:
    """The press key of an address where a standing page stands, or might."""
    return f"standing:{language}:{path}"


class HomePage(PublicAddress, Refreshing, Page):
    """The front of one language. Empty slots fill themselves with the newest stories, never twice the same."""

    press_kind = "home"

    lead = models.ForeignKey(
        "stories.StoryPage",
        verbose_name=_("lead"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the newest story with a picture leads."),
    )
    lead_until = models.DateTimeField(
        _("leads until"), null=True, blank=True, help_text=_("After that the slot fills itself again.")
    )
    seconds_count = models.PositiveSmallIntegerField(_("stories beside the lead"), default=4)
    thirds_count = models.PositiveSmallIntegerField(_("stories below"), default=6)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["stories.MonthPage", "fronts.StandingPage"]
    template = "fronts/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def public_address(self) -> str:
        return language_prefix(self.language)


class HomeSecond(Orderable):
    """A story placed beside the lead by hand."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="seconds")
    story = models.ForeignKey("stories.StoryPage", verbose_name=_("story"), on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(Orderable.Meta):
        pass


class HomeBand(Orderable):
    """A ruled band of one section on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="bands")
    section = models.ForeignKey(
        "stories.Section", verbose_name=_("section"), on_delete=models.CASCADE, related_name="+"
    )
    count = models.PositiveSmallIntegerField(_("stories"), default=4)

    class Meta(Orderable.Meta):
        pass


class StandingMore(blocks.StreamBlock):
    """What a standing page holds below its text: pictures and the like, and the text between them."""

    text = blocks.RichTextBlock(
        label=_("Text"), icon="pilcrow", features=STANDING_FEATURES, template="fronts/blocks/text.html"
    )
    picture = PictureBlock()
    gallery = GalleryBlock()
    table = StoryTableBlock()
    embed = EmbedBlock()
    file = FileBlock()

    class Meta:
        required = False


class StandingPage(PublicAddress, Refreshing, Page):
    """A page that stands: about, privacy, cookies, reuse terms … `path` is its address below the language."""

    press_kind = "standing"

    path_in_language = models.CharField(
        _("address"),
        max_length=150,
        help_text=_("Such as “privacy” or “about/ethics”."),
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*\Z",
                _("Use small letters, digits and hyphens, with / between parts, such as about/ethics."),
            )
        ],
    )
    introduction = models.TextField(_("introduction"), max_length=600, blank=True)
    body = RichTextField(_("text"), features=STANDING_FEATURES, blank=True)
    more = StreamField(
        StandingMore(),
        verbose_name=_("pictures, tables and what follows them"),
        blank=True,
        help_text=_("Below the text: pictures with captions, galleries, tables, films, files, and text between them."),
    )
    needs_newsroom = models.BooleanField(
        _("the newsroom must still fill something in"),
        default=False,
        help_text=_("Ticked on default texts. Places to fill in are marked with [ ]; the desk is reminded."),
    )
    in_footer = models.BooleanField(_("in the footer"), default=False)

    parent_page_types = ["fronts.HomePage"]
    subpage_types: list[str] = []
    template = "fronts/standing_page.html"
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.SearchField("more"),
    ]

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def public_address(self) -> str:
        return f"{language_prefix(self.language)}{self.path_in_language}/"

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Pictures that leave the page, or leave with it, are no longer public."""
        fields = kwargs.get("update_fields")
        if fields is not None and not {"more", "live"} & set(fields):
            return super().save(*args, **kwargs)
        with transaction.atomic():
            before = StandingPage.objects.filter(pk=self.pk).first() if self.pk else None
            seen = before.public_pictures() if before else []
            result = super().save(*args, **kwargs)
            page_pictures(page=self, shown=self.public_pictures(), before=seen)
        return result

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            page_pictures(page=self, shown=[], before=self.public_pictures())
            return super().delete(*args, **kwargs)

    def public_pictures(self) -> list[Any]:
        """The pictures readers see on it."""
        found = [value.get("image") for _id, value in used_pictures(self.more)] if self.live else []
        return [image for image in found if image is not None]

    def press_keys(self, before: Any | None) -> set[str]:
        """With every page when its title stands in the footer, or when other pages begin or cease to name it."""

        def named(page: Any) -> tuple[Any, ...]:
            return (page.title, page.path_in_language, page.in_footer, page.live) if page and page.live else ()

        keys = super().press_keys(before)
        keys |= {standing_at(page.path_in_language, page.language) for page in (before, self) if page is not None}
        return keys if before is not None and named(before) == named(self) else {*keys, FRAME}

    def press_paths(self) -> set[str]:
        return {self.public_address, f"{self.public_address}text/"} if self.live else set()

    def public_addresses(self) -> list[str]:
        return [self.public_address] if self.live else []

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With its pictures' sizes read once."""
        PictureSet([value.get("image") for _id, value in used_pictures(self.more)], IN_TEXT)
        return dict(super().get_context(request, *args, **kwargs))

    def clean(self) -> None:
        super().clean()
        if HOUSE_ENDING.search(self.path_in_language):
            raise ValidationError(
                {
                    "path_in_language": _("“%(path)s” is an address the paper itself needs. Choose another ending.")
                    % {"path": self.path_in_language}
                }
            )
        twin = StandingPage.objects.filter(locale_id=self.locale_id, path_in_language=self.path_in_language)
        if twin.exclude(pk=self.pk).exists():
            raise ValidationError(
                {
                    "path_in_language": _("Another standing page already has the address “%(path)s”.")
                    % {"path": self.path_in_language}
                }
            )

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.path_in_language and not self.slug:
            self.slug = self.path_in_language.replace("/", "-")
        super().full_clean(*args, **kwargs)
