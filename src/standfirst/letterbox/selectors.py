"""What the desk asks about letters."""

from __future__ import annotations

from standfirst.letterbox.models import Letter


def letters_waiting() -> int:
    """How many letters nobody has dealt with."""
    return Letter.objects.filter(state=Letter.State.NEW).count()
