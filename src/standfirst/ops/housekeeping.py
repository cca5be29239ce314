"""Once a day: forget what has run out, and keep the database tidy."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from standfirst.corrections.services import suggestions_forget_due
from standfirst.corrections.services.destroying import withholdings_destroy_due
from standfirst.letterbox.services import letters_forget_due
from standfirst.mailroom.services import letters_forget_due as mail_forget_due
from standfirst.mailroom.services import lists_forget_due
from standfirst.ops import jobs

log = logging.getLogger("standfirst.ops.housekeeping")

KEEP_BACKUPS_BEFORE_UPGRADE = 5


def housekeeping(folder: Path) -> list[str]:
    """Do each chore by itself, so that one that fails leaves the others done. Returns what failed, in words."""
    chores: list[tuple[str, Callable[[], object]]] = [
        ("old sessions", lambda: call_command("clearsessions")),
        ("finished jobs", jobs.jobs_prune),
        ("database upkeep", _tidy_database),
        ("letters dealt with long ago", letters_forget_due),
        ("who sent suggestions decided long ago", suggestions_forget_due),
        ("what is withheld and due", lambda: _destroy_withheld(folder)),
        ("addresses that nobody confirmed, or that have left", lists_forget_due),
        ("to whom letters went long ago", mail_forget_due),
        ("old safety copies", lambda: _thin_out_copies(folder)),
    ]
    failed = []
    for name, act in chores:
        try:
            act()
        except Exception as error:
            log.exception("Daily housekeeping could not do: %s.", name)
            failed.append(f"{name}: {error}")
    return failed


def _destroy_withheld(folder: Path) -> None:
    if withholdings_destroy_due():
        # They were made before, and hold the words.
        for copy in (folder / "data" / "backups").glob("before-*"):
            copy.unlink()


def _tidy_database() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _thin_out_copies(folder: Path) -> None:
    copies = sorted((folder / "data" / "backups").glob("before-upgrade-*.sqlite3"))
    for copy in copies[:-KEEP_BACKUPS_BEFORE_UPGRADE]:
        copy.unlink()
