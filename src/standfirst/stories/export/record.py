"""The record in an export: one entry a line, so that anybody can check it without us (docs/developers/the-record.md).

All of it goes into a public export too: a chain with holes proves nothing. Of what was withdrawn it holds a number, a
moment and the digest of a digest that was salted.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from standfirst.kit.canonical import canonical_bytes
from standfirst.kit.chain import Broken, Link, checked
from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop
from standfirst.stories.models import PublicVersion, RecordEntry
from standfirst.stories.record import digests_here, is_known, links
from standfirst.stories.services.record import record_versions

RECORD = "record.jsonl"


def write(out: Out) -> None:
    out.count("entries on record", 0)
    out.pieces(RECORD, _lines(out))


def _lines(out: Out) -> Iterator[bytes]:
    for link in links():
        out.count("entries on record")
        yield canonical_bytes(link.as_dict()) + b"\n"


def read(inward: In) -> None:
    """The entries as they were. What they say must be true of what came along."""
    if not inward.has(RECORD):
        # Of a release that kept none: what came along goes on record now.
        record_versions(versions=list(PublicVersion.objects.order_by("pk")))
        return
    here = digests_here()
    rows: list[RecordEntry] = []
    try:
        for link in checked(_links(inward)):
            digest = here.pop((link.kind, link.subject), None)
            if digest is not None and digest != link.digest:
                raise BadExport(
                    gettext_noop(
                        "%(record)s: %(kind)s %(subject)s of the export is not what went on record. Export again."
                    ),
                    record=RECORD,
                    kind=link.kind,
                    subject=link.subject,
                )
            rows.append(_row(link, digest is None and is_known(link.kind)))
    except Broken as broken:
        raise BadExport(
            gettext_noop("%(record)s: %(broken)s. It was changed after it was written; export again."),
            record=RECORD,
            broken=broken,
        ) from broken
    if here:
        kind, subject = next(iter(here))
        raise BadExport(
            gettext_noop("%(record)s: %(kind)s %(subject)s of the export is not on record. Export again."),
            record=RECORD,
            kind=kind,
            subject=subject,
        )
    RecordEntry.objects.bulk_create(rows, batch_size=100)
    inward.count("entries on record", len(rows))


def _links(inward: In) -> Iterator[Link]:
    for number, line in enumerate(inward.data(RECORD).splitlines(), 1):
        try:
            value = json.loads(line)
        except ValueError:
            raise BadExport(
                gettext_noop("%(record)s, line %(number)s, is not JSON. Export again."), record=RECORD, number=number
            ) from None
        said = Fields(value, f"{RECORD}, line {number}")
        if said.moment("at") is None:
            raise BadExport(gettext_noop("%(where)s: “at” should be a moment."), where=said.where)
        yield Link(
            said.number("number"),
            said.needed("kind", 20),
            said.needed("subject", 60),
            said.needed("digest", 64),
            said.needed("at", 40),
            said.text("previous", 64),
            said.needed("hash", 64),
        )


def _row(link: Link, is_elsewhere: bool) -> RecordEntry:
    row = RecordEntry(
        number=link.number,
        kind=link.kind,
        subject=link.subject,
        digest=link.digest,
        at=dt.datetime.fromisoformat(link.at).astimezone(dt.UTC),
        previous=link.previous,
        hash=link.hash,
        is_elsewhere=is_elsewhere,
    )
    if row.link != link:
        raise BadExport(
            gettext_noop("%(record)s: entry %(number)s has a moment that is not written as Standfirst writes it."),
            record=RECORD,
            number=link.number,
        )
    return row
