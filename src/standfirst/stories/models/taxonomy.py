"""Where a story stands: its section, its kind, its tags. One slug each; words in every language of the paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase, TagBase
from wagtail.models import Orderable

from standfirst.kit.slugs import is_reserved, slugify_ascii
from standfirst.people.models import each_language, free_slug, in_every_language
from standfirst.press.models import Refreshing
from standfirst.press.shown import FRAME


def _is_reserved(slug: str) -> bool:
    return is_reserved(slug, languages=[code for code, _name in settings.LANGUAGES])


class Section(Refreshing, ClusterableModel):
    """A part of the paper, such as World or Courts. A story is in one; moving it changes no address."""

    press_kind = "section"

    title = models.CharField(_("title"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)
    in_menu = models.BooleanField(_("in the menu"), default=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["sort_order", "title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.slug and _is_reserved(self.slug):
            raise ValidationError(
                {"slug": _("“%(slug)s” is an address the paper itself needs. Choose another.") % {"slug": self.slug}}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(Section, self.title)
        if _is_reserved(self.slug):
            self.slug = free_slug(Section, f"{self.slug} section")
        super().save(*args, **kwargs)

    def press_keys(self, before: Any | None) -> set[str]:
        # It stands in the menu of every page.
        return {*super().press_keys(before), FRAME}

    def press_paths(self) -> set[str]:
        return in_every_language(self.get_absolute_url, ("", "text/", "feed/atom", "feed/rss", "feed/json"))

    def public_addresses(self) -> list[str]:
        return each_language(self.get_absolute_url)

    def get_absolute_url(self) -> str:
        return reverse("fronts:section", args=[self.slug])

    def _text(self, language: str | None) -> SectionText | None:
        language = language or get_language()
        return next((text for text in self.texts.all() if text.language == language), None)

    def title_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.title) or self.title

    def description_in(self, language: str | None = None) -> str:
        text = self._text(language)
        return (text and text.description) or self.description


class SectionText(Orderable):
    section = ParentalKey(Section, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    title = models.CharField(_("title"), max_length=100)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["section", "language"], name="section_text_once_per_language")]


class StoryKind(Refreshing, ClusterableModel):
    """What sort of work a story is (news, analysis, opinion …), shown to readers as a label."""

    press_kind = "kind"

    label = models.CharField(_("label"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    is_opinion = models.BooleanField(
        _("opinion"), default=False, help_text=_("Readers are told that it is the author's view.")
    )
    is_labelled = models.BooleanField(
        _("label is shown"), default=True, help_text=_("Plain news usually goes without.")
    )
    is_active = models.BooleanField(_("offered in the story form"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("kind of story")
        verbose_name_plural = _("kinds of story")
        ordering = ["sort_order", "label"]

    def __str__(self) -> str:
        return self.label

    def label_in(self, language: str | None = None) -> str:
        language = language or get_language()
        text = next((text for text in self.texts.all() if text.language == language), None)
        return (text and text.label) or self.label


class StoryKindText(Orderable):
    kind = ParentalKey(StoryKind, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    label = models.CharField(_("label"), max_length=60)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="kind_text_once_per_language")]


class Tag(Refreshing, TagBase):
    """What a story is about. The name in its own language and script, the slug in ASCII."""

    press_kind = "tag"

    free_tagging = True

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = slugify_ascii(tag, max_length=90)
        return f"{slug}-{i}" if i else slug

    def press_paths(self) -> set[str]:
        return in_every_language(self.get_absolute_url)

    def public_addresses(self) -> list[str]:
        return each_language(self.get_absolute_url)

    def get_absolute_url(self) -> str:
        return reverse("fronts:tag", args=[self.slug])


class StoryTag(ItemBase):
    tag = models.ForeignKey(Tag, related_name="story_tags", on_delete=models.CASCADE)
    content_object = ParentalKey("stories.StoryPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="story_tagged_once")]
