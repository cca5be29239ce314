"""People outside the desk, each known by one e-mail address that was confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from standfirst.readers.models import Reader


def current(request: HttpRequest) -> Reader | None:
    """The reader who is signed in with this browser; None for everybody else. Ask on live addresses alone.

    Reads our own cookie and asks the database once per request; a colleague of the desk is nobody here.
    Raises django.db.Error while the database is away.
    """
    from standfirst.readers import selectors  # models are not loaded when this package is

    return selectors.current(request)
