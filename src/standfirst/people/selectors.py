"""What other rooms may ask about people."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies.pages import PagePermissionPolicy


def may_publish(user: Any) -> bool:
    """Whether this person may publish anything at all; deciding about a missing credit goes with it."""
    return user is not None and bool(PagePermissionPolicy().user_has_permission(user, "publish"))


def may_reset(user: Any, account: Any) -> bool:
    """Whether `user` may take away the password and second factors of `account`: never her own, never upwards."""
    if user is None or not user.is_active or user.pk == account.pk:
        return False
    return bool(user.is_superuser or (user.has_perm("people.change_user") and not account.is_superuser))
