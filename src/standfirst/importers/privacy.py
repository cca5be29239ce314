"""What this room keeps about people: comments and members of an old system, in files beside the tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from standfirst.importers import asides
from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding


def register() -> None:
    keeping.register(
        Holding(
            key="importers.asides",
            what=_("Comments and members of the system that the paper used before, as they came from there"),
            why=_("So that nothing is lost in the move, and members can be asked to come along."),
            how_long=_("Until the newsroom has brought them in or deletes the files."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=asides_given,
            erase=asides_erase,
        )
    )


def asides_given(email: str) -> list[dict[str, Any]]:
    return [{"kind": file.stem, **record} for file, record in asides.records_with(settings.NEWSROOM.data, email)]


def asides_erase(email: str) -> Erased:
    data = settings.NEWSROOM.data
    found = len(list(asides.records_with(data, email)))
    if found:
        # The files know no transaction: they change when the rest has.
        transaction.on_commit(lambda: asides.records_drop(data, email))
    return Erased(found)
