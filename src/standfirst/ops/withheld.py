"""What `doctor` says of what is withheld: what nobody has confirmed, and what should be destroyed by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from standfirst.ops.finding import ADVICE, OK, PROBLEM, Finding

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

# Destroyed once a day; then it is late.
LATE = dt.timedelta(days=2)


def withheld(newsroom: Newsroom) -> Iterator[Finding]:
    from django.db import connection
    from django.db.utils import Error
    from django.utils import timezone

    from standfirst.corrections.services import destroying, withholding

    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        return
    try:
        waiting = [one for one in withholding.unconfirmed() if withholding.is_late(one)]
        overdue = [
            one
            for one in destroying.withholdings_due()
            if (withholding.destroyed_on(one) or timezone.now()) < timezone.now() - LATE
        ]
    except Error:
        return  # said elsewhere: it is away, or migrations are missing
    if waiting:
        yield Finding(
            "withheld",
            PROBLEM,
            f"{len(waiting)} withheld for more than a day, and no second person has confirmed it",
            "Somebody else who may publish opens “Withheld” at the desk; until then nothing of it is destroyed",
        )
    if overdue:
        yield Finding(
            "withheld",
            PROBLEM,
            f"{len(overdue)} withheld should have been destroyed by now",
            "The background process does it once a day: look in its log for what went wrong",
        )
    old = sorted(newsroom.folder.parent.glob(f"{newsroom.folder.name}.before-restore-*"))
    if old and destroying.any_destroyed():
        yield Finding(
            "withheld",
            ADVICE,
            f"{old[0].name} may still hold words that were destroyed",
            f"Delete it when all is well: rm -r {old[0]}",
        )
    if not waiting and not overdue:
        yield Finding("withheld", OK, "nothing waits for a second person, nothing for its destruction")
