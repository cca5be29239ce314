"""The pictures of an old version: the very ones that were published then, and never others in their place.

A frozen version names its pictures by number, the lead picture by the hash of its file too. A picture's file may have
been replaced at the desk since. Where that cannot be ruled out, words say what stood there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from standfirst.corrections.models import Withholding
from standfirst.press.shown import shows
from standfirst.stories.models import NewsImage, PublicVersion
from standfirst.stories.pictures.showing import PictureSet, picture_html
from standfirst.stories.pictures.uses import SHAPES

# Between the row of a picture that comes in and its file.
_COMING_IN = dt.timedelta(hours=1)


def pictures_put_in(version: PublicVersion, data: dict[str, Any]) -> None:
    """Put each picture that may be shown into its part of a version's data, as `shown`."""
    places = list(_places(data))
    numbers = {value["image"] for value in places}
    if not numbers:
        return
    withheld = Withholding.objects.filter(kind=Withholding.Kind.PICTURE, lifted_at=None, picture__in=numbers)
    gone = set(withheld.values_list("picture", flat=True))
    there = NewsImage.objects.in_bulk(numbers)
    shows(*(image.press_key for image in there.values()))
    PictureSet(there.values())
    for value in places:
        image = there.get(value["image"])
        if image is None or image.pk in gone or not _is_same(image, value, version):
            continue
        # Nothing is made for an old version: what is stored is shown.
        if picture_html(image, use=SHAPES[""], alt=""):
            value["shown"] = image


def _is_same(image: NewsImage, value: dict[str, Any], version: PublicVersion) -> bool:
    if "file" in value:
        return bool(value["file"]) and value["file"] == image.file_hash
    try:
        written = image.file.storage.get_modified_time(image.file.name)
    except (OSError, ValueError, NotImplementedError):
        return False
    return bool(written <= version.published_at or written <= image.created_at + _COMING_IN)


def _places(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part of a version that names a picture."""
    if isinstance(data.get("lead"), dict):
        yield from _one(data["lead"])
    for block in data.get("body") or ():
        value = block.get("value") if isinstance(block, dict) else None
        if not isinstance(value, dict):
            continue
        if block.get("type") == "picture":
            yield from _one(value)
        elif block.get("type") == "gallery":
            for picture in value.get("pictures") or ():
                inner = picture.get("value", picture) if isinstance(picture, dict) else None
                yield from _one(inner)


def _one(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("image"), int):
        yield value
