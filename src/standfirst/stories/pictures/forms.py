"""The form of an upload: what is refused, in whole sentences, and what happens to a picture that was changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from standfirst.people.selectors import may_publish
from standfirst.stories import tasks
from standfirst.stories.pictures.renditions import TooManyPixels, check_pixels

# JPEG can be decoded at a fraction of its size; everything else must be held in memory whole.
MAX_WHOLE_PIXELS = 50_000_000
MESSAGES = {
    "invalid_image": gettext_lazy(
        "This file is not a picture that we can read. Send a JPEG, PNG, WebP, AVIF or GIF. If it is one, it is "
        "damaged: save it again and retry."
    ),
    "invalid_image_extension": gettext_lazy("Pictures come as JPEG, PNG, WebP, AVIF or GIF. Save it as one of these."),
    "invalid_image_known_format": gettext_lazy(
        "The file's name ends in .%(extension)s, but that is not what it holds (it looks like %(image_format)s). "
        "Correct the ending, or save it again as a JPEG."
    ),
    "file_too_large": gettext_lazy(
        "This file is %(file_size)s; the most we take is %(max_filesize)s. "
        "Save it smaller: 3000 pixels across are plenty."
    ),
    "damaged": gettext_lazy(
        "The picture “%(name)s” is damaged: it cannot be read to its end. Save it again, or send another copy."
    ),
    "too_many_pixels": gettext_lazy(
        "The picture “%(name)s” has too many pixels to be opened safely: a JPEG may have %(jpeg)d million, "
        "every other kind %(other)d million. Save it smaller: 3000 pixels across are plenty."
    ),
}


class PictureUpload(WagtailImageField):
    """Wagtail's field, which decodes at full size and falls over a file that ends too early; this one does neither."""

    def check_image_pixel_size(self, f: Any) -> None:
        file = f.image.f
        file.seek(0)
        try:
            check_pixels(file, most=self.max_image_pixels, most_whole=MAX_WHOLE_PIXELS)
        except TooManyPixels as error:
            million = 1_000_000
            limits = {"jpeg": self.max_image_pixels // million, "other": MAX_WHOLE_PIXELS // million}
            raise ValidationError(
                self.error_messages["too_many_pixels"] % {"name": f.name, **limits}, code="too_many_pixels"
            ) from error
        except Exception as error:
            raise ValidationError(self.error_messages["damaged"] % {"name": f.name}, code="damaged") from error
        finally:
            file.seek(0)


class NewsImageForm(BaseImageForm):
    """Wagtail's form for pictures, used for every upload and every change at the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # Wagtail names its field class in the code that builds the form, with no place to give another.
            self.fields["file"].__class__ = PictureUpload
            self.fields["file"].error_messages.update(MESSAGES)
        user = kwargs.get("user")
        if user is not None and not may_publish(user):
            # To send a picture out before its credit is known is a decision of those who may publish.
            self.fields.pop("credit_pending", None)

    def save(self, commit: bool = True) -> Any:
        is_new = self.instance.pk is None
        # Wagtail saves the picture and then writes it into the index of searches. In between, a background job that
        # does the same must not see it yet: the second of the two would fail, and the upload with it.
        with transaction.atomic():
            image = super().save(commit=commit)
        if commit:
            changed = set(self.changed_data)
            if "file" in changed and not is_new:
                # Wagtail has just removed the old renditions; stories that show it must not stand without.
                from standfirst.stories.services import picture_prepare

                picture_prepare(image=image, needed_only=True)
            # The credit and the terms are written into every rendition.
            is_stale = not is_new and bool(changed & {"credit", "licence_url"})
            tasks.picture_prepared.enqueue(image.pk, remake=is_stale)
        return image
