"""Putting on record: the one way to write an entry of the chain."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from standfirst.kit.chain import Link
from standfirst.kit.exports import moment
from standfirst.press.errors import NotInTransaction
from standfirst.press.services import refresh
from standfirst.stories.lists import RECORD
from standfirst.stories.models import PublicVersion, RecordEntry

VERSION = "version"
# Who holds this lock of PostgreSQL's writes the next entry; the number says nothing and is nobody else's.
_LOCK = 0x5F_5E_C0_4D
_ROWS_AT_ONCE = 100


def record_append(*, kind: str, subject: str, digest: str) -> RecordEntry:
    """Put something on record, inside the transaction in which it comes to be.

    kind and subject: "version" and "12/3". digest: what proves it later, in hexadecimal.
    Whoever else wants to write an entry waits until this transaction is over, so that numbers have no gaps.
    Raises NotInTransaction outside one.
    """
    return records_append(entries=[(kind, subject, digest)])[0]


def records_append(*, entries: Sequence[tuple[str, str, str]]) -> list[RecordEntry]:
    """Put several things on record, in this order: (kind, subject, digest) of each."""
    if not connection.in_atomic_block:
        raise NotInTransaction("record_append() belongs into the transaction of what it records. Open one around both.")
    if not entries:
        return []
    record_wait()
    last = RecordEntry.objects.order_by("-number").only("number", "hash").first()
    number, previous, now = last.number if last else 0, last.hash if last else "", timezone.now()
    rows = []
    for kind, subject, digest in entries:
        number += 1
        link = Link(number, kind, subject, digest, moment(now) or "", previous).sealed()
        rows.append(
            RecordEntry(
                number=number, kind=kind, subject=subject, digest=digest, at=now, previous=previous, hash=link.hash
            )
        )
        previous = link.hash
    made = RecordEntry.objects.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
    refresh(keys={RECORD})
    return made


def record_wait() -> None:
    """Wait until nobody else writes an entry, and let nobody until this transaction is over.

    For whoever must know the next number of something before it is put on record.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # SQLite has one writer at a time, who began as one (config.newsroom, transaction_mode).


def record_versions(*, versions: Sequence[PublicVersion]) -> list[RecordEntry]:
    """Put public versions on record that were written just now."""
    return records_append(entries=[(VERSION, str(version), version.record_digest) for version in versions])
