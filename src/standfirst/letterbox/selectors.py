"""What the desk asks about letters."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from standfirst.kit import mailaddress
from standfirst.letterbox.models import Letter

Row = TypeVar("Row", bound=Model)


def letters_waiting() -> int:
    """How many letters nobody has dealt with."""
    return Letter.objects.filter(state=Letter.State.NEW).count()


def with_address(rows: QuerySet[Row], field: str, email: str) -> QuerySet[Row]:
    """Those rows whose field, as people typed it, means this address (as kit.mailaddress.normal writes it)."""
    local, _at, domain = email.rpartition("@")
    if "xn--" not in domain:
        return rows.filter(**{f"{field}__iexact": email})
    # A domain in its own letters, of any size: SQLite knows small and capital letters of Latin alone.
    typed = rows.filter(**{f"{field}__istartswith": f"{local}@"}).values_list("pk", field)
    return rows.filter(pk__in=[pk for pk, address in typed if mailaddress.normal(address) == email])
