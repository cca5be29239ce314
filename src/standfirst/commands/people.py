"""`standfirst people …`: accounts of the desk, from the shell."""

from __future__ import annotations

import argparse
from typing import Any

from standfirst.commands.given import opened, say


def add(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.people.services import account_add

    user, password = account_add(email=given.email, name=given.name, role=given.role)
    say(
        given,
        {"email": user.email, "role": given.role, "password": password},
        f"{user.email} ({given.role}), password: {password}",
    )
    return 0


def reset(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.people.services import password_reset

    user, password = password_reset(email=given.email)
    say(
        given,
        {"email": user.email, "password": password},
        f"{user.email}, new password: {password}",
        "Second factors and sessions of this account are gone; it sets up a new one at the next sign-in. "
        "If it was switched off, it is on again.",
    )
    return 0


def list_all(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.people.models import User

    people: list[dict[str, Any]] = [
        {
            "email": user.email,
            "name": user.name,
            "roles": sorted(group.name for group in user.groups.all()),
            "active": user.is_active,
            "last_sign_in": user.last_login.isoformat(timespec="minutes") if user.last_login else None,
        }
        for user in User.objects.prefetch_related("groups").order_by("email")
    ]
    lines = [
        f"{one['email']}  {one['name']}  {', '.join(one['roles']) or 'no role'}"
        + ("" if one["active"] else "  switched off")
        for one in people
    ]
    say(given, {"people": people}, *(lines or ["There are no accounts yet."]))
    return 0
