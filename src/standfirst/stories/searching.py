"""The index for searching, as the database keeps it: adding one story looks at that story alone.

Wagtail's own goes through every title there is, twice, whenever one is added: it weighs a title by how its length
compares with the average. The average of the latest says the same, and only what was added has no weight yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Avg, F
from django.db.models.functions import Length
from modelsearch.backends import database
from modelsearch.utils import get_content_type_pk

_LATEST = 500


class _WeighsWhatIsAdded:
    entries: Any

    def add_items(self, model: Any, objs: Sequence[Any]) -> None:
        super().add_items(model, objs)  # type: ignore[misc]
        added = self.entries.filter(
            content_type_id=get_content_type_pk(model), object_id__in=[str(one.pk) for one in objs]
        )
        lengths = self.entries.annotate(length=Length("title"))
        latest = lengths.filter(pk__in=self.entries.order_by("-pk").values("pk")[:_LATEST], length__gt=0)
        average = latest.aggregate(average=Avg("length"))["average"]
        if average:
            added.annotate(length=Length("title")).filter(length__gt=0).update(title_norm=average / F("length"))

    def _refresh_title_norms(self, full: bool = False) -> None:
        if full:
            super()._refresh_title_norms(full=True)  # type: ignore[misc]


@cache
def _index_class(base: type) -> type:
    return type(base.__name__, (_WeighsWhatIsAdded, base), {})


def SearchBackend(params: Any) -> Any:  # noqa: N802  modelsearch asks for this name
    backend = database.SearchBackend(params)
    backend.index_class = _index_class(backend.index_class)
    return backend
