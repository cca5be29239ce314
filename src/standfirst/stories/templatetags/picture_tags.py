"""Pictures and their credits for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from standfirst.stories.models import NewsImage
from standfirst.stories.pictures import crediting, showing, uses

register = template.Library()


@register.simple_tag(takes_context=True)
def story_picture(
    context: dict[str, Any],
    image: NewsImage | None,
    alt: str = "",
    sizes: str = "",
    shape: str = "",
    widest: int = 0,
    eager: bool = False,
    use: str = "",
) -> SafeString:
    """`{% story_picture image alt=… sizes=… shape="3x2" widest=800 eager=True %}`: a <picture> of what is stored.

    shape: "3x2" or "1x1", cut round the focal point; empty keeps the picture's own. use: instead of a shape, a name
    of stories/pictures/uses.py such as "logo". widest: in pixels, of what the layout can show. eager: the one large
    picture of the first screen. Empty when there is no picture, or nothing of it is stored yet.
    """
    return showing.picture_html(
        image,
        use=use or uses.SHAPES[shape],
        alt=alt or "",
        sizes=sizes,
        widest=widest,
        eager=bool(eager),
        make=_is_preview(context),
    )


@register.filter
def source_word(image: NewsImage) -> str:
    """“Handout”, “Archive” and the like, as readers are told; empty for our own and agencies'."""
    return "" if image.source_kind in ("own", "agency") else crediting.label_of(image.source_kind)


@register.simple_tag
def picture_url(image: NewsImage | None, use: str = "share") -> str:
    """`{% picture_url page.lead_image "share" %}`: the address of a stored rendition, or nothing."""
    return showing.picture_url(image, use)


@register.simple_tag
def picture_credit(image: NewsImage | None, override: str = "") -> crediting.CreditLine | None:
    """`{% picture_credit image credit as line %}` → line.label, line.credit, line.is_pending; printed, a sentence."""
    return crediting.credit_line(image, override or "")


@register.filter
def taken_line(image: NewsImage) -> str:
    """`{{ image|taken_line }}`: when and where it was taken."""
    return crediting.taken_line(image)


def _is_preview(context: dict[str, Any]) -> bool:
    # Wagtail marks its own previews, which only colleagues see; a reader's request never writes.
    return bool(getattr(context.get("request"), "is_preview", False))
