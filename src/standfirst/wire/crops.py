"""Pictures cut for machines (SD-03, FE-10): made by the stories room at publication, looked up here. Makes nothing."""

from __future__ import annotations

from wagtail.images.models import Filter

from standfirst.stories.models import NewsImage, NewsRendition

# The card of networks, and the three ratios search engines ask for. JPEG: every reader of them knows it.
SHARE = "fill-1200x630|format-jpeg"
RATIOS = ("fill-1200x675|format-jpeg", "fill-1200x900|format-jpeg", "fill-1200x1200|format-jpeg")
# Search engines pass over smaller ones (SD-03).
SMALLEST_PIXELS = 50_000


def crops_of(image: NewsImage, *specs: str) -> dict[str, NewsRendition]:
    """The crops that exist, by spec: one query, none when renditions were prefetched."""
    found = image.find_existing_renditions(*(Filter(spec=spec) for spec in specs))
    return {crop.spec: rendition for crop, rendition in found.items()}


def crops_for_search(image: NewsImage) -> list[NewsRendition]:
    """The three ratios, as far as they exist and are large enough to count."""
    found = crops_of(image, *RATIOS)
    return [found[spec] for spec in RATIOS if spec in found and _pixels(found[spec]) >= SMALLEST_PIXELS]


def _pixels(rendition: NewsRendition) -> int:
    return int(rendition.width) * int(rendition.height)
