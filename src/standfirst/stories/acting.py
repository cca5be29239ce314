"""Whose act a publication is: Wagtail's signals do not say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from wagtail.log_actions import get_active_log_context

if TYPE_CHECKING:
    from standfirst.people.models import User

_by: ContextVar[User | None] = ContextVar("stories_acting", default=None)


@contextmanager
def acting(user: User | None) -> Iterator[None]:
    """What happens within is this person's act."""
    token = _by.set(user)
    try:
        yield
    finally:
        _by.reset(token)


def actor() -> User | None:
    """Whose act it is: said by `acting`, else whoever is at the desk; None: the newsroom's own programs."""
    return _by.get() or get_active_log_context().user
