"""What the fronts do on hearing of others' rows."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from standfirst.press.services import refresh
from standfirst.stories.lists import REDIRECTS


def on_redirect_changed(sender: type, **kwargs: Any) -> None:
    with transaction.atomic():
        refresh(keys={REDIRECTS})
