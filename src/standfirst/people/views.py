"""HTTP of the room besides what allauth brings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def no_signup(request: HttpRequest) -> HttpResponse:
    """Accounts are made by an administrator; allauth wants the address to exist."""
    return redirect("account_login")
