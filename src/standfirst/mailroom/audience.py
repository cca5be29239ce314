"""Who may get a mailing that is not for everybody. A room above says so by name ("patrons")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_audiences: dict[str, tuple[Any, Callable[[str], bool]]] = {}


def register(name: str, said: Any, has: Callable[[str], bool]) -> None:
    """Say who belongs to an audience, and what people call it (`ready()` of a room's apps.py).

    It is asked with each address at the moment a letter goes to it.
    """
    _audiences[name] = (said, has)


def choices() -> list[tuple[str, Any]]:
    """Names, and what people call them, for a form."""
    return [(name, said) for name, (said, _has) in sorted(_audiences.items())]


def belongs(name: str, email: str) -> bool:
    """Whether an address is of an audience; "" is everybody, and an audience that nobody registered is nobody."""
    if not name:
        return True
    _said, has = _audiences.get(name, ("", None))
    return has is not None and has(email)
