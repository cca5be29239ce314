"""Who may see money: administrators, and whoever was given the right to see pledges. Editors do not, by themselves."""

from __future__ import annotations

from typing import Any


def may_see_money(user: Any) -> bool:
    return user is not None and user.is_active and bool(user.has_perm("patrons.view_pledge"))
