"""Pictures and files. Credit, licence and rights belong to the picture; caption and description to each use."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, WagtailImageField, WagtailImageFieldFile
from wagtail.search import index

from standfirst.press.models import Refreshing
from standfirst.stories.pictures.prefill import prefill
from standfirst.stories.pictures.renditions import rendition_file, upright_size


def originals_storage() -> Storage:
    return storages["originals"]


def original_upload_to(instance: NewsImage, filename: str) -> str:
    return instance.get_upload_to(filename)


class UprightFile(WagtailImageFieldFile):
    """A picture's file whose width and height are those of the picture held upright, as its renditions are."""

    def get_image_dimensions(self) -> tuple[int, int]:
        close = self.closed
        try:
            self.open()
            with PillowImage.open(self) as opened:
                return upright_size(opened)
        finally:
            if close:
                self.close()
            else:
                self.seek(0)


class PictureField(WagtailImageField):
    attr_class = UprightFile

    def deconstruct(self) -> Any:
        # Only Python differs, not the table: migrations keep knowing it as Wagtail's.
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs


class NewsImage(Refreshing, AbstractImage):
    """A picture with where it comes from. The original is never served to readers."""

    press_kind = "picture"

    class SourceKind(models.TextChoices):
        OWN = "own", _("Our own")
        AGENCY = "agency", _("Agency")
        HANDOUT = "handout", _("Handout by a party")
        READER = "reader", _("Reader")
        ARCHIVE = "archive", _("Archive")
        ILLUSTRATION = "illustration", _("Illustration, map or chart")

    file = PictureField(
        verbose_name=_("file"),
        upload_to=original_upload_to,
        storage=originals_storage,
        width_field="width",
        height_field="height",
    )
    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Who made it, as printed: “Olena Marchuk / The Lantern”."),
    )
    credit_pending = models.BooleanField(
        _("credit being checked"),
        default=False,
        help_text=_("The picture may go out; readers see “credit being checked”, and the desk is reminded."),
    )
    source_kind = models.CharField(
        _("kind of source"),
        max_length=12,
        choices=SourceKind.choices,
        default=SourceKind.OWN,
        help_text=_("“Archive” and “Handout” are shown to readers."),
    )
    taken_on = models.CharField(
        _("taken on"),
        max_length=40,
        blank=True,
        help_text=_("A date, a month or a year: 2026-11-03, 2026-11, 2026."),
    )
    taken_place = models.CharField(_("taken at"), max_length=150, blank=True)
    licence = models.CharField(
        _("licence"), max_length=120, blank=True, help_text=_("Such as “All rights reserved” or “CC BY 4.0”.")
    )
    licence_url = models.URLField(_("address of the licence"), blank=True)
    may_be_passed_on = models.BooleanField(
        _("may be passed on"),
        default=False,
        help_text=_("Whether others who reprint the story may take it along."),
    )

    # Came with an archive from another system: exempt from the picture gate, listed at the desk instead.
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "credit_pending",
        "source_kind",
        "taken_on",
        "taken_place",
        "licence",
        "licence_url",
        "may_be_passed_on",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("credit"),
        index.FilterField("source_kind"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]

    def get_upload_to(self, filename: str) -> str:
        """Originals keep their ending only: a file name may carry a place or a person's name."""
        return f"pictures/{secrets.token_urlsafe(16)}{PurePosixPath(filename).suffix.lower()[:6]}"

    @property
    def is_credited(self) -> bool:
        return bool(self.credit.strip()) or self.credit_pending

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Whichever way it came in (upload, chooser, import), a new picture says what its file says.
        if self._state.adding and self.file:
            prefill(self)
        super().save(*args, **kwargs)

    def get_rendition(self, filter: Filter | str) -> NewsRendition:  # noqa: A002
        # Wagtail's screens ask for the rendition "original" to link to the file: that is no rendition of ours, and
        # stays in its folder.
        if (filter if isinstance(filter, str) else filter.spec) == "original":
            rendition = NewsRendition(image=self, width=self.width, height=self.height, file=self.file.name)
            rendition.file.storage = self.file.storage
            return rendition
        return super().get_rendition(filter)

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:  # noqa: A002
        """Every rendition, those of the desk too, comes from here: nothing of the original's metadata goes out."""
        return rendition_file(self, filter.spec, source)


class NewsRendition(AbstractRendition):
    """A picture as readers get it, under a name nobody can guess."""

    image = models.ForeignKey(NewsImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        what = (
            f"{self.image_id}|{self.image.file.name}|{self.image.file_hash}|{self.filter_spec}|{self.focal_point_key}"
        )
        name = hmac.new(settings.SECRET_KEY.encode(), what.encode(), hashlib.sha256).hexdigest()[:24]
        return f"{name[:2]}/{name[2:]}{PurePosixPath(filename).suffix}"


def public_file_upload_to(instance: NewsDocument, filename: str) -> str:
    return instance.get_upload_to(filename)


class NewsDocument(Refreshing, AbstractDocument):
    """A file that stories offer to readers, such as a court decision."""

    press_kind = "document"

    file = models.FileField(verbose_name=_("file"), upload_to=public_file_upload_to)
    source = models.CharField(_("source"), max_length=255, blank=True)

    admin_form_fields = ("title", "file", "source", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        permissions = [("choose_document", "Can choose document")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Whichever way a file came in: Wagtail's own form alone would take its size and digest.
        if self.file and not getattr(self.file, "_committed", True):
            self._set_document_file_metadata()
            if kwargs.get("update_fields"):
                kwargs["update_fields"] = {*kwargs["update_fields"], "file_size", "file_hash"}
        super().save(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        return f"files/{secrets.token_urlsafe(12)}/{PurePosixPath(filename).name}"
