"""What this room keeps about people: letters, until the desk is done with them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping, mailaddress
from standfirst.kit.keeping import Erased, Holding
from standfirst.letterbox import spool
from standfirst.letterbox.models import Letter
from standfirst.letterbox.selectors import with_address
from standfirst.letterbox.services import letters_forget_due

# What was set aside, and nobody put right, is deleted after so long.
ASIDE = dt.timedelta(days=90)


def register() -> None:
    keeping.register(
        Holding(
            key="letterbox.letters",
            what=_(
                "Letters to the desk: what you wrote, your name and e-mail address if you gave them, time, page, "
                "language"
            ),
            why=_("So that an editor can read and answer them."),
            how_long=_("90 days after the desk has closed the letter."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=letters_given,
            erase=letters_erase,
            forget_due=letters_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="letterbox.spool",
            what=_("What you sent while our database was away, sealed on disk until it can be delivered"),
            why=_("So that nothing that you send is lost."),
            how_long=_("Until it is delivered, mostly minutes; what cannot be delivered, 90 days."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=spooled_given,
            erase=spooled_erase,
            forget_due=spooled_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="letterbox.senders",
            what=_(
                "How often something was sent from one connection: a scrambled number, never the address of "
                "your machine"
            ),
            why=_("So that nobody can bury the desk."),
            how_long=_("A day at most, in memory; then the key of the scrambling is thrown away."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=keeping.nothing_given,
            erase=keeping.nothing_erased,
        )
    )


def letters_with(email: str) -> QuerySet[Letter]:
    """The letters that ask for an answer at this address."""
    return with_address(Letter.objects.all(), "reply_to", email)


def letters_given(email: str) -> list[dict[str, Any]]:
    said = (
        "received_at",
        "kind",
        "state",
        "language",
        "about_path",
        "quote",
        "wording",
        "text",
        "sender_name",
        "reply_to",
    )
    return [dict(row) for row in letters_with(email).order_by("received_at", "pk").values(*said)]


def letters_erase(email: str) -> Erased:
    return Erased(letters_with(email).delete()[0])


def spooled_with(email: str) -> Iterator[tuple[Path, spool.Item]]:
    """What lies sealed on disk, waiting or set aside, and holds this address."""
    data = settings.NEWSROOM.data
    for file in [*spool.spool_waiting(data=data), *spool.spool_aside(data=data)]:
        try:
            item = spool.spool_open(data=data, file=file)
        except (spool.KeyMissing, spool.NotOpened):
            continue  # nobody can read it: it goes when its time has come
        if any(mailaddress.normal(text) == email for text in _texts(item.payload)):
            yield file, item


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def spooled_given(email: str) -> list[dict[str, Any]]:
    return [
        {"kind": item.kind, "received_at": dt.datetime.fromtimestamp(item.at, dt.UTC), **item.payload}
        for _file, item in spooled_with(email)
    ]


def spooled_erase(email: str) -> Erased:
    files = [file for file, _item in spooled_with(email)]

    def gone() -> None:
        for file in files:
            spool.spool_remove(file=file)

    # An erasure is also run for show, and rolled back.
    transaction.on_commit(gone)
    return Erased(len(files))


def spooled_forget_due() -> int:
    return spool.spool_forget_aside(data=settings.NEWSROOM.data, before=time.time() - ASIDE.total_seconds())
