"""What a new picture's fields start with: what its file says, else what we said of it, else of the last one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PIL import Image

from standfirst.kit import iptc

if TYPE_CHECKING:
    from standfirst.stories.models import NewsImage

_COPIED = (
    "credit",
    "source_kind",
    "licence",
    "licence_url",
    "may_be_passed_on",
    "taken_on",
    "taken_place",
    "description",
)
_CREATIVE_COMMONS = re.compile(
    r"//creativecommons\.org/"
    r"(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)/(?P<version>\d\.\d)|publicdomain/(?P<free>zero|mark))"
)


def prefill(image: NewsImage) -> None:
    """Fill the empty fields of a picture that is about to be added. What somebody wrote stays; never raises.

    The file's own words (credit line, else its creator) go first; then what the same file was given when it came
    before; then, for a picture of our own, the uploader's last credit.
    """
    facts = facts_of(image)
    said = {
        "credit": facts.credit or facts.creator,
        "description": _sentence(facts.alt or facts.caption),
        "taken_on": facts.taken_on,
        "taken_place": facts.place,
        "licence": licence_name(facts.statement) or facts.terms,
        "licence_url": facts.statement,
    }
    for name, value in said.items():
        if not getattr(image, name):
            setattr(image, name, value[: image._meta.get_field(name).max_length])
    if not image.file_hash:
        image._set_image_file_metadata()
    # Guessing is for people at the desk, who see the guess; an archive that moves in is taken at its word.
    if image.credit or image.credit_pending or image.is_imported or not image.uploaded_by_user_id:
        return
    others = type(image)._default_manager.exclude(credit="")
    twin = others.filter(file_hash=image.file_hash).order_by("-created_at").first()
    if twin is not None:
        for name in _COPIED:
            setattr(image, name, getattr(twin, name) or getattr(image, name))
    elif image.source_kind == image.SourceKind.OWN:
        mine = others.filter(uploaded_by_user_id=image.uploaded_by_user_id, source_kind=image.SourceKind.OWN)
        last = mine.filter(credit_pending=False).order_by("-created_at").first()
        image.credit = last.credit if last else ""


def facts_of(image: NewsImage) -> iptc.PictureFacts:
    """What the original says about itself; nothing when it cannot be read."""
    try:
        with image.open_file() as file, Image.open(file) as opened:
            return iptc.read_facts(opened)
    except Exception:  # a strange file is refused elsewhere; here it just says nothing
        return iptc.PictureFacts()
    finally:
        if image.file and not image.file.closed:
            image.file.seek(0)


def licence_name(url: str) -> str:
    """ "CC BY-SA 4.0" for the address of a Creative Commons licence; "" for any other."""
    match = _CREATIVE_COMMONS.search(url)
    if not match:
        return ""
    if match["free"]:
        return "CC0" if match["free"] == "zero" else "Public domain"
    return f"CC {match['terms'].upper()} {match['version']}"


def _sentence(text: str, limit: int = 250) -> str:
    """A caption cut at a word's end, short enough for a description."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
