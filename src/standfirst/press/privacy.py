"""What this room keeps about people: nothing. It says so, because counters make one ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping
from standfirst.kit.keeping import Holding


def register() -> None:
    keeping.register(
        Holding(
            key="press.readings",
            what=_("How often each page was read: one number for each page, nothing about who read it"),
            why=_("So that the pages read most are renewed first."),
            how_long=_("Halved every twelve hours, until nothing is left."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=keeping.nothing_given,
            erase=keeping.nothing_erased,
        )
    )
