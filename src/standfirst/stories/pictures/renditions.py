"""Making what readers get: decoded once, turned upright, cut, in sRGB, encoded, with credit and terms and no more.

Nothing of the original's own metadata survives here, because nothing is copied: a fresh XMP packet is written
(PV-01, RL-10). Coordinates, place, device and serial numbers cannot leak.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import ExifTags, Image, ImageCms, ImageOps
from wagtail.images.image_operations import BackgroundColorOperation, FormatOperation
from wagtail.images.models import IMAGE_FORMAT_EXTENSIONS, Filter

from standfirst.kit import iptc
from standfirst.press.services import refresh
from standfirst.stories.pictures import uses as places

if TYPE_CHECKING:
    from standfirst.stories.models import NewsImage, NewsRendition

logger = logging.getLogger(__name__)

# Above this Pillow warns, above twice this it refuses; Wagtail's form refuses above it first.
Image.MAX_IMAGE_PIXELS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
# Decoding a large picture takes a few bytes per pixel: one at a time in a process.
_one_at_a_time = threading.Lock()

WHITE = (255, 255, 255)
SRGB = ImageCms.createProfile("sRGB")
# Formats that keep transparency; the others, and every picture in a story, stand on white.
CLEAR = ("png",)
# Quality by format, best first; a rendition that is too heavy goes down a step.
QUALITIES = {
    "jpeg": (settings.WAGTAILIMAGES_JPEG_QUALITY, 66, 54),
    "webp": (settings.WAGTAILIMAGES_WEBP_QUALITY, 64, 52),
    "avif": (settings.WAGTAILIMAGES_AVIF_QUALITY, 44, 36),
}
# AVIF: libavif's speed 8 costs a sixth of its default 6 for five per cent more bytes.
AVIF_SPEED = 8


class Source:
    """An original opened once, from which any number of renditions are cut."""

    def __init__(self, image: NewsImage, file: Any, *, widest: int) -> None:
        self.image = image
        opened = Image.open(file)
        self.format = (opened.format or "").lower()
        self.packet = iptc.packet(public_facts(image, iptc.read_facts(opened)))
        # The desk marks a focal point on the whole picture, turned upright.
        self.size = upright_size(opened)
        if self.format in ("jpeg", "mpo"):
            # libjpeg can decode at a half, a quarter or an eighth: quicker, and less memory.
            opened.draft("RGB", _at_least(opened.size, widest))
        self.upright = upright(opened)
        self._flat: Image.Image | None = None

    @property
    def flat(self) -> Image.Image:
        if self._flat is None:
            self._flat = on_white(self.upright)
        return self._flat

    def encoded(self, spec: str) -> tuple[bytes, str]:
        """The bytes of one rendition and the name of its format."""
        filter_ = Filter(spec=spec)
        kind, ground = self._wanted(filter_)
        picture = self.upright if kind in CLEAR and ground is None else self.flat
        transform = filter_.get_transform(self.image, self.size)
        left, top, right, bottom = transform.get_rect()
        across, down = picture.width / self.size[0], picture.height / self.size[1]
        box = (
            max(0.0, left * across),
            max(0.0, top * down),
            min(float(picture.width), right * across),
            min(float(picture.height), bottom * down),
        )
        size = (max(1, round(transform.size[0])), max(1, round(transform.size[1])))
        if size != picture.size or box != (0, 0, *picture.size):
            picture = picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
        return _encode(picture, kind, self.packet), kind

    def _wanted(self, filter_: Filter) -> tuple[str, Any]:
        # Wagtail's own screens name no format: a clear picture stays clear, every other becomes a JPEG.
        kind, ground = ("png" if "A" in self.upright.getbands() else "jpeg"), None
        for operation in filter_.filter_operations:
            if isinstance(operation, FormatOperation):
                kind = operation.format
            elif isinstance(operation, BackgroundColorOperation):
                ground = operation.color
        return (kind if kind in ("avif", "webp", "jpeg", "png") else "jpeg"), ground


def _at_least(size: tuple[int, int], widest: int) -> tuple[int, int]:
    # Twice what is needed, so that the fine resampling still has something to average.
    width, height = size
    scale = min(1.0, widest * 1.5 / max(1, min(width, height)))
    return max(1, int(width * scale)), max(1, int(height * scale))


def upright_size(opened: Image.Image) -> tuple[int, int]:
    """Width and height the way the camera was held (Exif orientation 5 to 8 lie on their side)."""
    width, height = opened.size
    try:
        turned = opened.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8)
    except Exception:  # broken Exif never blocks an upload
        turned = False
    return (height, width) if turned else (width, height)


def upright(opened: Image.Image) -> Image.Image:
    """The first frame as RGB or RGBA in sRGB, turned the way its camera was held; bare of metadata."""
    profile = opened.info.get("icc_profile")
    opened.load()
    try:
        frame: Image.Image = ImageOps.exif_transpose(opened)
    except Exception:  # broken Exif never blocks an upload
        frame = opened.copy()
    if frame.mode.startswith("I") or frame.mode == "F":
        # Sixteen bits and more: scaled down to eight, not clipped.
        high = frame.convert("F")
        top = high.getextrema()[1] or 1.0
        frame = high.point(lambda value: value * (255.0 / (65535.0 if top > 255 else 255.0)) + 0.0).convert("L")  # type: ignore[operator]
    is_clear = frame.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in frame.info
    mode = "RGBA" if is_clear else "RGB"
    if profile and b"sRGB" not in profile and frame.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            frame = ImageCms.profileToProfile(frame, source, SRGB, outputMode=mode) or frame
        except (ImageCms.PyCMSError, OSError, ValueError):
            logger.info("A picture's colour profile is broken; its colours are taken as sRGB.")
    if frame.mode != mode:
        frame = frame.convert(mode)
    frame.info = {}
    return frame


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: dark lines on a clear ground would vanish on a dark page."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def public_facts(image: NewsImage, said: iptc.PictureFacts) -> iptc.PictureFacts:
    """What goes into every rendition: the desk's word before the file's."""
    return replace(
        said,
        credit=image.credit or said.credit,
        # A credit that the desk changed may have been wrong in the file's "creator" too.
        creator=said.creator if not image.credit or said.creator in image.credit else "",
        statement=image.licence_url or said.statement,
    )


def _encode(picture: Image.Image, kind: str, packet: bytes) -> bytes:
    if kind == "png":
        return _saved(picture, "PNG", optimize=True)
    most = places.HEAVY_BYTES if picture.width <= places.LIGHT_WIDTH else places.HEAVY_BYTES * 2
    data = b""
    for quality in QUALITIES[kind]:
        data = _saved(picture, kind.upper(), quality=quality, xmp=packet, **_OPTIONS[kind])
        if len(data) <= most:
            break
    return data


_OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"progressive": True, "optimize": True},
    # Newer browsers take AVIF: method 2 is two and a half times as quick as 4 for eight per cent more bytes.
    "webp": {"method": 2},
    "avif": {"speed": AVIF_SPEED, "max_threads": 1},
}


def _saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format_, **{name: value for name, value in options.items() if value != b""})
    return out.getvalue()


def open_source(image: NewsImage, specs: Iterable[str], file: Any = None) -> Source:
    widest = max((_asked_width(spec) for spec in specs), default=1600)
    if file is not None:
        return Source(image, file, widest=widest)
    with image.open_file() as opened:
        return Source(image, opened, widest=widest)


def _asked_width(spec: str) -> int:
    numbers = [int(part) for piece in spec.split("|")[0].split("-")[1:] for part in piece.split("x") if part.isdigit()]
    return max(numbers, default=4000)


def rendition_file(image: NewsImage, spec: str, file: Any = None) -> ContentFile[bytes]:
    """One rendition as a file; its name is only good for its ending."""
    with _one_at_a_time:
        data, kind = open_source(image, [spec], file).encoded(spec)
    return ContentFile(data, name=f"rendition{IMAGE_FORMAT_EXTENSIONS[kind]}")


def renditions_make(*, image: NewsImage, specs: Sequence[str]) -> list[NewsRendition]:
    """Make and store those of `specs` that this picture lacks, decoding it once. May run twice, and by two at once.

    Returns the new ones. Raises OSError when the original is missing or broken.
    """
    missing = missing_specs(image, specs)
    if not missing:
        return []
    made = []
    with _one_at_a_time:
        source = open_source(image, missing)
        for spec in missing:
            data, kind = source.encoded(spec)
            made.append((spec, ContentFile(data, name=f"rendition{IMAGE_FORMAT_EXTENSIONS[kind]}")))
    stored = []
    with transaction.atomic():
        for spec, file in made:
            rendition, is_new = image.renditions.get_or_create(
                filter_spec=spec, focal_point_key=focal_key(image, spec), defaults={"file": file}
            )
            if is_new:
                stored.append(rendition)
        if stored:
            refresh(keys={image.press_key})
    # What a page had read of this picture is no longer all there is.
    image.__dict__.pop("_stored", None)
    return stored


def missing_specs(image: NewsImage, specs: Iterable[str]) -> list[str]:
    there = set(image.renditions.values_list("filter_spec", "focal_point_key"))
    return [spec for spec in dict.fromkeys(specs) if (spec, focal_key(image, spec)) not in there]


def focal_key(image: NewsImage, spec: str) -> str:
    """Wagtail's key for the focal point a rendition was cut round; empty for one that was not cut."""
    return Filter(spec=spec).get_cache_key(image) if spec.startswith("fill-") else ""


class TooManyPixels(ValueError):
    """A picture that is too large to be decoded."""


def check_pixels(file: Any, *, most: int, most_whole: int) -> None:
    """Decode a whole file, so that a broken one is found at the door.

    most: how many pixels a JPEG may have, which can be decoded at a fraction; most_whole: any other picture.
    Raises TooManyPixels, or what Pillow raises for a broken file.
    """
    with _one_at_a_time:
        try:
            opened = Image.open(file)
        except Image.DecompressionBombError as error:
            raise TooManyPixels from error
        is_jpeg = opened.format in ("JPEG", "MPO")
        if opened.width * opened.height > (most if is_jpeg else most_whole):
            raise TooManyPixels
        if is_jpeg:
            opened.draft("RGB", (800, 800))
        opened.load()
