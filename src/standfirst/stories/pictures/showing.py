"""Showing pictures: what is stored, read once for a whole page. A reader's request never makes a rendition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Prefetch, QuerySet
from django.db.models.query import ModelIterable
from django.utils.html import escape
from django.utils.safestring import SafeString

from standfirst.stories.pictures import uses as places
from standfirst.stories.pictures.renditions import focal_key, renditions_make
from standfirst.stories.pictures.uses import Use

if TYPE_CHECKING:
    from standfirst.stories.models import NewsImage, NewsRendition

_ROW = ("image_id", "filter_spec", "focal_point_key", "file", "width", "height")


class Stored(NamedTuple):
    """One stored rendition: its address below /m/ and its size in pixels."""

    url: str
    width: int
    height: int


class PictureSet:
    """All stored renditions of the pictures of one page, in one query, whatever their number.

    The pictures remember theirs, so that every template tag and selector after it finds them without asking.
    """

    def __init__(self, images: Iterable[NewsImage | None], uses: Sequence[Use] = ()) -> None:
        # The same picture may stand in several places, each time as an object of its own.
        self.images = [image for image in images if image is not None and image.pk]
        rows = _renditions().filter(image_id__in={image.pk for image in self.images})
        if uses:
            rows = rows.filter(filter_spec__in=places.all_specs(tuple(uses)))
        found: dict[int, list[tuple[Any, ...]]] = {image.pk: [] for image in self.images}
        if self.images:
            for row in rows.values_list(*_ROW):
                found[row[0]].append(row)
        for image in self.images:
            image.__dict__["_stored"] = _chosen(image, found[image.pk])


class _Fields(NamedTuple):
    image_id: int
    spec: str
    focal_key: str
    name: str
    width: int
    height: int


class Row(_Fields):
    """A stored rendition as a list of stories prefetches it: a plain row, not a model with its file field."""

    __slots__ = ()
    # Django asks whether the picture behind a row is known already. It is.
    _state = SimpleNamespace(fields_cache={"image": None})
    _meta = None


class _Rows(ModelIterable):
    def __iter__(self) -> Iterator[Row]:
        yield from map(Row._make, self.queryset.values_list(*_ROW))


def _renditions() -> QuerySet[NewsRendition]:
    from standfirst.stories.models import NewsRendition

    return NewsRendition.objects.all()


def list_renditions() -> Prefetch[Any, Any, Any]:
    """For `prefetch_related` of stories: what a list shows of their lead pictures, and no more."""
    rows = _renditions().filter(filter_spec__in=places.all_specs(places.ON_LISTS))
    # Eighteen rows a picture and twenty pictures a front: as models they would cost more than all the rest.
    rows._iterable_class = _Rows
    return Prefetch("lead_image__renditions", rows, to_attr="list_renditions")


def _chosen(image: NewsImage, rows: Iterable[tuple[Any, ...]]) -> dict[str, Stored]:
    """One rendition per filter: that of today's focal point, else an older crop until the new one is made."""
    stored: dict[str, Stored] = {}
    key: str | None = None
    # Names of renditions are ours, letters and digits: nothing to escape.
    below = default_storage.base_url if isinstance(default_storage, FileSystemStorage) else None
    for _image_id, spec, row_key, name, width, height in rows:
        if row_key and spec in stored:
            key = key if key is not None else focal_key(image, spec)
            if row_key != key:
                continue
        stored[spec] = Stored(f"{below}{name}" if below else default_storage.url(name), width, height)
    return stored


def stored(image: NewsImage) -> dict[str, Stored]:
    """The stored renditions of a picture by filter; a query only when no one asked for the whole page before."""
    known = image.__dict__.get("_stored")
    if known is None:
        listed = image.__dict__.get("list_renditions")
        if listed is None:
            PictureSet([image])
            return image.__dict__.get("_stored", {})
        known = _chosen(image, listed)
        image.__dict__["_stored"] = known
    return known


def picture_stored(image: NewsImage | None, use: str | Use) -> Stored | None:
    """The largest stored rendition for one use, in the format everyone reads; None when there is none yet.

    For machines: Open Graph ("share"), JSON-LD ("wide", "classic", "square"), feeds. Falls back to the picture's
    own shape while a crop is being made. Never makes one.
    """
    if image is None:
        return None
    use = places.USES[use] if isinstance(use, str) else use
    there = stored(image)
    for place in (use, places.STORY):
        for width in reversed(place.widths):
            for kind in reversed(place.formats):
                if found := there.get(place.spec(width, kind)):
                    return found
    return None


def picture_url(image: NewsImage | None, use: str | Use) -> str:
    """The address of a stored rendition for one use, or ""."""
    found = picture_stored(image, use)
    return found.url if found else ""


def picture_html(
    image: NewsImage | None,
    *,
    use: str | Use = places.STORY,
    alt: str = "",
    sizes: str = "",
    widest: int = 0,
    eager: bool = False,
    make: bool = False,
) -> SafeString:
    """A <picture> of what is stored: AVIF once all its widths are there, WebP and JPEG; "" when nothing is.

    widest: leave out renditions wider than that, where the layout never shows more.
    eager: the largest picture of the first screen; it is asked for first and not put off.
    make: for previews at the desk, where nothing may have been made yet.
    """
    if image is None:
        return SafeString("")
    use = places.USES[use] if isinstance(use, str) else use
    if make:
        renditions_make(image=image, specs=use.specs_for(image, needed_only=True))
    lists = _by_format(image, use, widest)
    # A crop may still be in the making: its place is kept, and the theme's `object-fit: cover` does the cutting.
    shape = use.shape if not lists and use.shape else None
    if not lists and use.shape:
        lists = _by_format(image, places.STORY, widest)
    if not lists:
        return SafeString("")
    said_sizes = escape(sizes or use.sizes)
    *sources, (_kind, last) = lists
    markup = ["<picture>" if sources else ""]
    for kind, rows in sources:
        markup.append(f'<source type="image/{kind}" srcset="{_srcset(rows)}" sizes="{said_sizes}">')
    # The fallback's own address: a middling size, for what knows no srcset.
    plain = next((row for row in last if row.width >= 800), last[-1])
    width, height = plain.width, plain.height
    if shape:
        height = round(width * shape[1] / shape[0])
    markup.append(f'<img src="{plain.url}"')
    if len(last) > 1:
        markup.append(f' srcset="{_srcset(last)}" sizes="{said_sizes}"')
    markup.append(f' width="{width}" height="{height}" alt="{escape(alt)}"')
    markup.append(' fetchpriority="high">' if eager else ' loading="lazy" decoding="async">')
    markup.append("</picture>" if sources else "")
    return SafeString("".join(markup))


def _by_format(image: NewsImage, use: Use, widest: int = 0) -> list[tuple[str, list[Stored]]]:
    """The formats that may be offered, best first, each with its renditions in ascending width."""
    there = stored(image)
    widths = use.widths_for(image)
    shown = tuple(width for width in widths if width <= widest) if widest else widths
    lists = []
    for kind in use.formats:
        wanted = [use.spec(width, kind) for width in shown or widths[:1] if kind in use.kinds(width, widths)]
        rows = [there[spec] for spec in wanted if spec in there]
        # A browser takes the first format it knows: offered half-made, AVIF would give small pictures to all.
        if rows and (kind != "avif" or len(rows) == len(wanted)):
            lists.append((kind, rows))
    return lists


def _srcset(rows: Iterable[Stored]) -> str:
    return ", ".join(f"{row.url} {row.width}w" for row in rows)
