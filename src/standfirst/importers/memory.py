"""What was imported before: looked up in batches, written in batches."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from standfirst.importers.models import ImportedItem


def key_of(address: str) -> str:
    """What a file is remembered by. Addresses in other scripts are long, and may differ only at their end."""
    if len(address) <= 200:
        return address
    return f"{address[:150]}~{hashlib.sha256(address.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


class Memory:
    """The ImportedItems of one source."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get(self, kind: str, foreign_id: str | int) -> ImportedItem | None:
        return ImportedItem.objects.filter(source=self.source, kind=kind, foreign_id=str(foreign_id)[:200]).first()

    def get_many(self, kinds: Iterable[str], foreign_ids: Iterable[str | int]) -> dict[tuple[str, str], ImportedItem]:
        rows = ImportedItem.objects.filter(
            source=self.source, kind__in=list(kinds), foreign_id__in=[str(number)[:200] for number in foreign_ids]
        )
        return {(row.kind, row.foreign_id): row for row in rows}

    def pieces_of(self, kind: str, size: int = 500) -> Iterator[list[ImportedItem]]:
        """All of a kind, some hundreds at a time."""
        last = 0
        while rows := list(
            ImportedItem.objects.filter(source=self.source, kind=kind, pk__gt=last).order_by("pk")[:size]
        ):
            last = rows[-1].pk
            yield rows

    def remember(
        self,
        kind: str,
        foreign_id: str | int,
        obj: Model,
        digest: str = "",
        written: str = "",
        changed_there: dt.datetime | None = None,
    ) -> ImportedItem:
        item, _made = ImportedItem.objects.update_or_create(
            source=self.source,
            kind=kind,
            foreign_id=str(foreign_id)[:200],
            defaults={"digest": digest, "written": written, "changed_there": changed_there, **_target(obj)},
        )
        return item

    def remember_number(self, kind: str, foreign_id: str, number: int) -> None:
        """A number that was given out and is nothing yet."""
        ImportedItem.objects.create(source=self.source, kind=kind, foreign_id=foreign_id[:200], object_id=number)

    def forget(self, rows: Iterable[ImportedItem]) -> None:
        ImportedItem.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def remember_new(self, rows: Iterable[tuple[str, str | int, Model, str, str, dt.datetime | None]]) -> None:
        """Many at once: (kind, foreign id, our object, digest, written, last changed there)."""
        ImportedItem.objects.bulk_create(
            ImportedItem(
                source=self.source,
                kind=kind,
                foreign_id=str(foreign_id)[:200],
                digest=digest,
                written=written,
                changed_there=changed_there,
                **_target(obj),
            )
            for kind, foreign_id, obj, digest, written, changed_there in rows
        )


def _target(obj: Model) -> dict[str, Any]:
    return {"content_type": ContentType.objects.get_for_model(obj), "object_id": obj.pk}
