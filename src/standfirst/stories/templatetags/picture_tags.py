"""Pictures and their credits for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from standfirst.stories.models import NewsImage
from standfirst.stories.pictures import crediting, showing

register = template.Library()


@register.simple_tag(takes_context=True)
def story_picture(
    context: dict[str, Any],
    image: NewsImage | None,
    alt: str = "",
    use: str = "story",
    sizes: str = "",
    eager: bool = False,
) -> SafeString:
    """`{% story_picture image alt=… use="lead" sizes=… eager=True %}`: a <picture> of the stored renditions.

    use: one of stories/pictures/uses.py: story, lead, thumb, portrait, logo, icon. eager: the one large picture
    of the first screen. Empty when there is no picture, or nothing of it is stored yet.
    """
    return showing.picture_html(
        image, use=use, alt=alt or "", sizes=sizes, eager=bool(eager), make=_is_preview(context)
    )


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
