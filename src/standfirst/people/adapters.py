"""How allauth behaves in a newsroom: nobody signs up, links carry the paper's address, mail is in our words."""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from standfirst.people import sealing

log = logging.getLogger(__name__)

# Said by allauth on the page that follows, which says it by being there.
_SILENT = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    # Said better by the page that shows them.
    "mfa/messages/recovery_codes_generated.txt",
)


class DeskAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        # Already the caller's own, also behind a trusted proxy (config/middleware.py).
        return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the paper's own address, whatever host was asked for."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        path = path.replace("UID-KEY", key)
        base = settings.NEWSROOM.base_url
        if base:
            return base + path
        return self.request.build_absolute_uri(path) if self.request else settings.WAGTAILADMIN_BASE_URL + path

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.NEWSROOM.name}: {subject}"

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *a: Any, **k: Any):
        if message_template not in _SILENT:
            super().add_message(request, level, message_template, *a, **k)


class DeskSecondFactors(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return str(settings.NEWSROOM.name)

    def _get_site_name(self) -> str:
        return str(settings.NEWSROOM.name)

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return sealing.unseal(encrypted_text)
        except sealing.Unreadable:
            log.warning(
                "A second factor was sealed with another secret_key and opens nothing any more. "
                "Put the old secret_key back, or run `standfirst people reset` for that account."
            )
            # Never something that could be guessed: an empty secret has well-known digits.
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")
