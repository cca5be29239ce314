"""How a credit is said aloud: what kind of picture it is, who made it, and whether that is still being checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from standfirst.stories.models import NewsImage


@dataclass(frozen=True)
class CreditLine:
    """label: "Photo", "Handout", "Archive" … in the page's language. credit: who made it, as printed.

    is_pending: the newsroom is still checking; readers are told so.
    """

    label: str
    credit: str
    is_pending: bool

    def __str__(self) -> str:
        return self._said(self.credit)

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and behind the credit itself."""
        before, _credit, after = self._said("\0").partition("\0")
        return before, after

    def _said(self, credit: str) -> str:
        if self.is_pending and not credit:
            return _("%(kind)s: credit being checked") % {"kind": self.label}
        if self.is_pending:
            return _("%(kind)s: %(credit)s (credit being checked)") % {"kind": self.label, "credit": credit}
        if credit:
            return _("%(kind)s: %(credit)s") % {"kind": self.label, "credit": credit}
        # Of an imported picture we may know nothing; “Archive” and “Handout” are said all the same.
        return "" if self.label == label_of("own") else self.label

    def __bool__(self) -> bool:
        return bool(str(self))


def label_of(source_kind: str) -> str:
    """What readers are told of where a picture comes from."""
    return {
        "handout": pgettext("kind of picture", "Handout"),
        "archive": pgettext("kind of picture", "Archive"),
        "reader": pgettext("kind of picture", "Sent in by a reader"),
        "illustration": pgettext("kind of picture", "Illustration"),
    }.get(source_kind, pgettext("kind of picture", "Photo"))


def credit_line(image: NewsImage | None, override: str = "") -> CreditLine | None:
    """The credit of one use of a picture: its own word, else the picture's. None without a picture.

    A credit written at the use settles a pending one there.
    """
    if image is None:
        return None
    own = (override or "").strip()
    return CreditLine(label_of(image.source_kind), own or image.credit.strip(), image.credit_pending and not own)


def taken_line(image: NewsImage) -> str:
    """When and where it was taken: “Kazan, 2024-10”; "" when neither is known."""
    return ", ".join(filter(None, (image.taken_place, image.taken_on)))
