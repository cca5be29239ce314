"""What this room does on hearing others' news."""

from __future__ import annotations

from typing import Any

from standfirst.patrons import services


def on_address_changed(old: str, new: str, **kwargs: Any) -> None:
    services.address_move(old=old, new=new)
