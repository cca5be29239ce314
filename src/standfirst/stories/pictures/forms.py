"""The form of an upload: what is refused, in whole sentences, and what happens to a picture that was changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image
from wagtail.images.forms import BaseImageForm

from standfirst.people.selectors import may_publish
from standfirst.stories import tasks
from standfirst.stories.pictures.renditions import check_pixels

# JPEG can be decoded at a fraction of its size; everything else must be held in memory whole.
MAX_WHOLE_PIXELS = 50_000_000
MESSAGES = {
    "invalid_image": gettext_lazy(
        "This file is not a picture that we can read. Send a JPEG, PNG, WebP, AVIF or GIF. If it is one, it is "
        "damaged: save it again and retry."
    ),
    "invalid_image_extension": gettext_lazy("Pictures come as JPEG, PNG, WebP, AVIF or GIF. Save it as one of these."),
    "invalid_image_known_format": gettext_lazy(
        "The file's name ends in .%(extension)s, but it is a %(image_format)s file. "
        "Correct the ending, or save it again."
    ),
    "file_too_large": gettext_lazy(
        "This file is %(file_size)s; the most we take is %(max_filesize)s. "
        "Save it smaller: 3000 pixels across are plenty."
    ),
    "file_too_many_pixels": gettext_lazy(
        "This picture has %(num_pixels)s pixels; the most we take is %(max_pixels_count)s. "
        "Save it smaller: 3000 pixels across are plenty."
    ),
}


class NewsImageForm(BaseImageForm):
    """Wagtail's form for pictures, used for every upload and every change at the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].error_messages.update(MESSAGES)
        user = kwargs.get("user")
        if user is not None and not may_publish(user):
            # To send a picture out before its credit is known is a decision of those who may publish.
            self.fields.pop("credit_pending", None)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file or "file" not in self.changed_data:
            return file
        name = getattr(file, "name", "")
        try:
            opened = check_pixels(file)
            size = opened.width * opened.height
            whole = opened.format not in ("JPEG", "MPO")
        except (Image.DecompressionBombError, MemoryError):
            size, whole = MAX_WHOLE_PIXELS + 1, True
        except Exception as error:
            raise ValidationError(
                _(
                    "The picture “%(name)s” is damaged: it cannot be read to its end. "
                    "Save it again, or send another copy."
                )
                % {"name": name}
            ) from error
        finally:
            file.seek(0)
        if whole and size > MAX_WHOLE_PIXELS:
            raise ValidationError(
                _(
                    "The picture “%(name)s” is too large to be opened safely: only a JPEG may have more than "
                    "%(million)d million pixels. Save it smaller: 3000 pixels across are plenty."
                )
                % {"name": name, "million": MAX_WHOLE_PIXELS // 1_000_000}
            )
        return file

    def save(self, commit: bool = True) -> Any:
        is_new = self.instance.pk is None
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
