"""From the spool to the database: each item exactly once, in the order in which it came.

A room that lets items wait in the spool registers who receives them, by kind. The receiver runs in a transaction and
stores the item's id in a column that is unique; only after the commit is the file removed. Whatever dies in between,
the next delivery finds the file, and the id that is stored already makes it a no-op.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

from django.db import DataError, Error, IntegrityError, transaction

from standfirst.letterbox import services, spool
from standfirst.letterbox.spool import Item

# How soon to look again while the database is away and something waits for it.
AGAIN_SECONDS = 5

Receiver = Callable[[Item], object]
_receivers: dict[str, Receiver] = {}
log = logging.getLogger("standfirst.letterbox.delivery")


def receiver_register(kind: str, receiver: Receiver) -> None:
    """Say who takes items of a kind (`ready()` of a room's apps.py).

    The receiver writes to the database and nowhere else, and twice the same `item.id` like once.
    """
    _receivers[kind] = receiver


def letter_deliver(item: Item) -> None:
    """The receiver of letters."""
    services.letter_receive(spool_id=item.id, received_at=dt.datetime.fromtimestamp(item.at, dt.UTC), **item.payload)


def spool_deliver(*, data: Path) -> dt.datetime | None:
    """Deliver what waits; returns when to look again, or None when nothing waits. Safe to run twice, also at once.

    Stops while the database is away. An item that cannot be opened, or that its receiver refuses, is set aside for
    the operator and holds up no other.
    Raises spool.KeyMissing when something waits and nothing can be opened.
    """
    for file in spool.spool_waiting(data=data):
        try:
            item = spool.spool_open(data=data, file=file)
            receiver = _receivers.get(item.kind)
            if receiver is None:
                raise spool.NotOpened(f"nobody here receives {item.kind[:40]!r}")
            with transaction.atomic():
                receiver(item)
        except spool.NotOpened as error:
            _set_aside(file, str(error))
        except (DataError, IntegrityError) as error:
            _set_aside(file, f"the database does not take it ({type(error).__name__})")
        except Error as error:
            log.warning("The spool waits for the database (%s).", type(error).__name__)
            return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=AGAIN_SECONDS)
        except (spool.KeyMissing, OSError):
            raise
        except Exception as error:
            _set_aside(file, f"its receiver failed ({type(error).__name__})")
        else:
            spool.spool_remove(file=file)
    return None


def _set_aside(file: Path, why: str) -> None:
    # Never its words: they are sealed for a reason.
    if file.exists():
        aside = spool.spool_set_aside(file=file)
        log.error("%s could not be delivered: %s. It is kept in %s.", file.name, why, aside.parent)
