"""What this room does on hearing allauth's news."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from standfirst.people.middleware import MADE_HERE, SECOND_FACTORS


def on_second_factor_added(sender: type, request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in SECOND_FACTORS:
        request.session[MADE_HERE] = True
