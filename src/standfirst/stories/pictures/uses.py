"""Every place a picture can stand in the paper, and the renditions it needs there. The one list of sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfirst.stories.models import NewsImage

# In the order a browser is offered them; the last is the fallback in <img>.
FORMATS = ("avif", "webp", "jpeg")
# A rendition of a width up to this may weigh HEAVY_BYTES; the encoder lowers its quality until it does.
LIGHT_WIDTH, HEAVY_BYTES = 1200, 100_000


@dataclass(frozen=True)
class Use:
    """One place a picture stands.

    shape: width to height, cut round the focal point; None keeps the picture's own.
    tallest: with the picture's own shape, a height it may not pass.
    widths: in pixels, ascending. needed: those that must be stored before a story goes out; the rest, and
    every AVIF, follow in the background.
    sizes: the default of the `sizes` attribute.
    """

    name: str
    widths: tuple[int, ...]
    needed: tuple[int, ...] = ()
    shape: tuple[int, int] | None = None
    tallest: int = 0
    formats: tuple[str, ...] = FORMATS
    # JPEG is for the few browsers without WebP: not every width.
    jpeg_widths: tuple[int, ...] = ()
    sizes: str = "100vw"

    def spec(self, width: int, kind: str) -> str:
        """Wagtail's filter for one rendition, such as fill-800x533|format-webp."""
        if self.tallest:
            return f"max-{width}x{self.tallest}|format-{kind}"
        if self.shape is None:
            return f"width-{width}|format-{kind}"
        across, down = self.shape
        return f"fill-{width}x{round(width * down / across)}|format-{kind}"

    def usable_width(self, image: NewsImage) -> int:
        """How wide this picture can be here without being blown up."""
        if self.shape is None:
            return int(image.width)
        across, down = self.shape
        return int(min(image.width, image.height * across / down))

    def widths_for(self, image: NewsImage) -> tuple[int, ...]:
        """The widths worth making: all that fit, and one more at the picture's natural width where that adds much."""
        usable = self.usable_width(image)
        fitting = tuple(width for width in self.widths if width <= usable)
        beyond = next((width for width in self.widths if width > usable), None)
        if beyond and (not fitting or usable > fitting[-1] * 1.15):
            return (*fitting, beyond)
        return fitting

    def kinds(self, width: int, widths: tuple[int, ...]) -> Iterator[str]:
        """The formats in which one of `widths` is made."""
        for kind in self.formats:
            wanted = self.jpeg_widths if kind == "jpeg" and self.jpeg_widths else widths
            # The fallback must exist even where the picture is smaller than every width asked for.
            if width in wanted or (kind == "jpeg" and width == widths[-1] and not set(wanted) & set(widths)):
                yield kind

    def specs_for(self, image: NewsImage, *, needed_only: bool = False, without_avif: bool = False) -> list[str]:
        widths = self.widths_for(image)
        chosen: tuple[int, ...] = widths
        if needed_only:
            chosen = tuple(width for width in widths if width in self.needed) or widths[-1:] if self.needed else ()
        return [
            self.spec(width, kind)
            for width in chosen
            for kind in self.kinds(width, widths)
            if not (kind == "avif" and (needed_only or without_avif))
        ]


# In its own shape: the lead picture, pictures and galleries of a story; the first story of a front.
STORY = Use(
    "story",
    widths=(480, 800, 1200, 1600),
    needed=(800, 1200),
    jpeg_widths=(800, 1200),
    sizes="(min-width: 60rem) 40rem, 92vw",
)
# The first picture of the home page.
LEAD = Use(
    "lead",
    widths=(480, 800, 1200),
    needed=(480, 800),
    shape=(3, 2),
    jpeg_widths=(800,),
    sizes="(min-width: 75rem) 36rem, (min-width: 48rem) 58vw, 92vw",
)
# Beside or above a line of a list, and under “Related”: the widths it shares with the lead are made once.
CARD = Use(
    "card",
    widths=(240, 480, 800),
    needed=(240, 480, 800),
    shape=(3, 2),
    jpeg_widths=(480,),
    sizes="(min-width: 48rem) 20rem, 92vw",
)
# An author's face.
PORTRAIT = Use(
    "portrait",
    widths=(160, 320),
    needed=(160, 320),
    shape=(1, 1),
    formats=("webp", "jpeg"),
    jpeg_widths=(320,),
    sizes="7rem",
)
# The newsroom's own marks: clear where the file is clear.
LOGO = Use("logo", widths=(800,), needed=(800,), tallest=240, formats=("png",), sizes="20rem")
ICON = Use("icon", widths=(192, 512), needed=(192, 512), shape=(1, 1), formats=("png",), sizes="3rem")
# For machines: Open Graph, and the three crops of NewsArticle.image (SD-03).
SHARE = Use("share", widths=(1200,), needed=(1200,), shape=(1200, 630), formats=("jpeg",))
WIDE = Use("wide", widths=(1200,), shape=(16, 9), formats=("jpeg",))
CLASSIC = Use("classic", widths=(1200,), shape=(4, 3), formats=("jpeg",))
SQUARE = Use("square", widths=(1200,), shape=(1, 1), formats=("jpeg",))

USES = {use.name: use for use in (STORY, LEAD, CARD, PORTRAIT, LOGO, ICON, SHARE, WIDE, CLASSIC, SQUARE)}
# A line of a list.
USES["thumb"] = CARD
# A template may name the shape instead.
SHAPES = {"": STORY, "own": STORY, "3x2": CARD, "1x1": PORTRAIT}

# What each role of a picture asks for.
IN_TEXT = (STORY,)
AS_LEAD = (STORY, LEAD, CARD, SHARE, WIDE, CLASSIC, SQUARE)
AS_PORTRAIT = (PORTRAIT,)
AS_LOGO = (LOGO,)
AS_ICON = (ICON, LOGO)
# Nobody knows yet what an uploaded picture will be: made in the background, so that publishing finds them ready.
ON_UPLOAD = (STORY, LEAD, CARD, PORTRAIT, SHARE)
# A line of a front or a feed shows these.
ON_LISTS = (STORY, LEAD, CARD, SHARE)


def all_specs(uses: tuple[Use, ...]) -> list[str]:
    """Every filter that these uses can ask for, whatever the picture: what a list of stories reads."""
    return [
        use.spec(width, kind)
        for use in uses
        for width in use.widths
        for kind in use.formats
        if kind != "jpeg" or not use.jpeg_widths or width in use.jpeg_widths or width == use.widths[0]
    ]
