"""Who may get a mailing that is not for everybody. A room above says so by name ("patrons")."""

from __future__ import annotations

from collections.abc import Callable

_audiences: dict[str, Callable[[str], bool]] = {}


def register(name: str, has: Callable[[str], bool]) -> None:
    """Say who belongs to an audience (`ready()` of a room's apps.py); asked with each address when a letter is sent."""
    _audiences[name] = has


def names() -> list[str]:
    return sorted(_audiences)


def belongs(name: str, email: str) -> bool:
    """Whether an address is of an audience; "" is everybody, and an audience that nobody registered is nobody."""
    if not name:
        return True
    has = _audiences.get(name)
    return has is not None and has(email)
