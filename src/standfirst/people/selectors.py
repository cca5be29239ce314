"""What other rooms may ask about people."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies.pages import PagePermissionPolicy


def may_publish(user: Any) -> bool:
    """Whether this person may publish anything at all; deciding about a missing credit goes with it."""
    return user is not None and bool(PagePermissionPolicy().user_has_permission(user, "publish"))
