"""Which addresses are pressed before anybody asks: each room names its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_ahead: list[Callable[[], Iterable[str]]] = []


def ahead(addresses: Callable[[], Iterable[str]]) -> None:
    """Register, from a room's apps.py, what yields the addresses this room wants pressed ahead."""
    if addresses not in _ahead:
        _ahead.append(addresses)


def all_ahead() -> set[str]:
    """Every address that is pressed ahead, as the database has them now."""
    return {path for addresses in _ahead for path in addresses()}
