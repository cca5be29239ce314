"""The page /account/ is made of sections: each room hands in its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from standfirst.readers.models import Reader

#: Returns safe HTML inside <section class="sf-part">…, or "" when there is nothing to show.
View = Callable[[HttpRequest, Reader], str]


@dataclass(frozen=True)
class Section:
    name: str
    order: int
    view_part: View


_SECTIONS: dict[str, Section] = {}


def section_register(name: str, order: int, view_part: View) -> None:
    """Put a room's part on /account/.

    order: 100 the pledge, 200 letters, 300 suggestions, 400 votes; the account's own parts follow after 800.
    """
    _SECTIONS[name] = Section(name, order, view_part)


def sections() -> list[Section]:
    return sorted(_SECTIONS.values(), key=lambda section: (section.order, section.name))
