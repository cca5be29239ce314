"""Once a day: forget what has run out, and keep the database tidy."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from standfirst.corrections.services.destroying import withholdings_destroy_due
from standfirst.kit.keeping import Holding, holdings
from standfirst.ops import jobs
from standfirst.patrons.services import pledges_carry_on

log = logging.getLogger("standfirst.ops.housekeeping")

KEEP_BACKUPS_BEFORE_UPGRADE = 5


@dataclass
class House:
    """What came of a day's chores: what failed, in words, and how many rows about people went, by holding."""

    failed: list[str] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)


def housekeeping(folder: Path) -> House:
    """Do each chore by itself, so that one that fails leaves the others done.

    What is kept about people and has had its time goes by the privacy register (kit/keeping.py), room by room.
    """
    house = House()
    chores: list[tuple[str, Callable[[], object]]] = [
        ("old sessions", lambda: call_command("clearsessions")),
        ("finished jobs", jobs.jobs_prune),
        *((f"what is due of {holding.key}", _forgetting(holding, house)) for holding in holdings()),
        ("database upkeep", _tidy_database),
        ("what is withheld and due", lambda: _destroy_withheld(folder)),
        ("pledges whose time has come", pledges_carry_on),
        ("old safety copies", lambda: _thin_out_copies(folder)),
    ]
    for name, act in chores:
        try:
            act()
        except Exception as error:
            log.exception("Daily housekeeping could not do: %s.", name)
            house.failed.append(f"{name}: {error}")
    return house


def _forgetting(holding: Holding, house: House) -> Callable[[], None]:
    def act() -> None:
        if holding.forget_due is not None:
            house.forgotten[holding.key] = holding.forget_due()

    return act


def _destroy_withheld(folder: Path) -> None:
    if withholdings_destroy_due():
        # They were made before, and hold the words.
        for copy in (folder / "data" / "backups").glob("before-*"):
            copy.unlink()


def _tidy_database() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # No statistics: SQLite counts some tables and not others, a migration that remakes a table throws its own
            # away, and with half of them it begins with every page of the paper. Without, plans are those of the tests.
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if cursor.fetchone():
                cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _thin_out_copies(folder: Path) -> None:
    copies = sorted((folder / "data" / "backups").glob("before-upgrade-*.sqlite3"))
    for copy in copies[:-KEEP_BACKUPS_BEFORE_UPGRADE]:
        copy.unlink()
