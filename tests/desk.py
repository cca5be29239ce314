"""Colleagues at the desk, signed in with a second factor as the door wants it."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from standfirst.people.models import User
from standfirst.people.services import account_add

PASSWORD = "a lantern on the harbour wall"


def colleague(role: str = "reporter", *, name: str = "Olena Marchuk", email: str = "") -> User:
    return account_add(email=email or f"{role}@lantern.example", name=name, role=role, password=PASSWORD)[0]


def with_app(user: User) -> str:
    """Give an account an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the authenticator app shows now: the code that also holds when the next half minute begins."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))


def signed_in(user: User, client: Client | None = None) -> Client:
    """A browser in which `user` has signed in with password and second factor."""
    client = client or Client()
    if not Authenticator.objects.filter(user=user).exists():
        with_app(user)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "at": time.time()},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    # Only below the desk is a cookie sent.
    client.cookies["sessionid"]["path"] = "/desk/"
    return client
