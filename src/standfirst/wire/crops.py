"""Pictures cut for machines (SD-03, FE-10): made by the stories room at publication, looked up here. Makes nothing."""

from __future__ import annotations

from standfirst.stories.models import NewsImage
from standfirst.stories.pictures.showing import Stored, stored

# The card of networks, and the three ratios search engines ask for. JPEG: every reader of them knows it.
SHARE = "fill-1200x630|format-jpeg"
RATIOS = ("fill-1200x675|format-jpeg", "fill-1200x900|format-jpeg", "fill-1200x1200|format-jpeg")
# Search engines pass over smaller ones (SD-03).
SMALLEST_PIXELS = 50_000


def crops_of(image: NewsImage, *specs: str) -> dict[str, Stored]:
    """The crops that exist, by spec: no query on a page that has read its pictures, else one."""
    there = stored(image)
    return {spec: there[spec] for spec in specs if spec in there}


def crops_for_search(image: NewsImage) -> list[Stored]:
    """The three ratios, as far as they exist and are large enough to count."""
    found = crops_of(image, *RATIOS)
    return [found[spec] for spec in RATIOS if spec in found and _pixels(found[spec]) >= SMALLEST_PIXELS]


def _pixels(crop: Stored) -> int:
    return crop.width * crop.height
