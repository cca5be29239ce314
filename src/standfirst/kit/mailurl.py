"""Mail suppliers as one line each: `smtp://user:password@host:587`, `mailgun://KEY@news.example`, `file:///folder`.

Nothing here connects to anybody. The password is in no text that these functions return or raise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

# Scheme → what its address must hold: the key before the @ under this name, and what stands behind the @.
APIS: Mapping[str, tuple[str, str]] = {
    "brevo": ("api_key", ""),
    "mailersend": ("api_token", ""),
    "mailgun": ("api_key", "sender_domain"),
    "mailjet": ("api_key", "secret_key"),
    "postmark": ("server_token", ""),
    "resend": ("api_key", ""),
    "sendgrid": ("api_key", ""),
    "sparkpost": ("api_key", ""),
}
# What may stand behind a "?": where an API is reached, and with what its reports of bounces are signed.
OPTIONS = {"api", "signing", "name"}

INSTEAD = (
    "Use smtp://user:password@host:587, smtps://user:password@host:465, file:///folder, or an API supplier such as "
    "mailgun://KEY@news.example or postmark://TOKEN; several with commas, in the order in which they are tried."
)


class NoSupplier(ValueError):
    """A line that names no supplier. The text is a whole sentence: what would be right. It holds no secret."""


@dataclass(frozen=True)
class MailUrl:
    """One supplier, told apart. name: for people, hooks and records; holds no secret."""

    scheme: str
    name: str
    host: str = ""
    port: int = 0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    path: str = ""
    api: str = ""
    signing: str = field(default="", repr=False)

    @property
    def is_smtp(self) -> bool:
        return self.scheme in ("smtp", "smtps")

    @property
    def is_api(self) -> bool:
        return self.scheme in APIS


def without_secret(url: str) -> str:
    """A line as it may be shown: everything before an @, a key alone, and all options are left out."""
    shown = re.sub(r"//[^@/]*@", "//…@", url.partition("?")[0])
    scheme = url.partition(":")[0].lower()
    return f"{scheme}://…" if scheme in APIS and "@" not in shown else shown


def mail_urls(text: str) -> list[MailUrl]:
    """All suppliers of a setting, in order. Raises NoSupplier with a sentence."""
    return [mail_url(one) for one in (item.strip() for item in text.split(",")) if one]


def mail_url(url: str) -> MailUrl:
    """One supplier. Raises NoSupplier with a sentence."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoSupplier(INSTEAD) from None
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    options = dict(parse_qsl(parts.query))
    if scheme == "ses":
        raise NoSupplier("Use Amazon SES by SMTP: smtp://USER:PASSWORD@email-smtp.REGION.amazonaws.com:587.")
    if unknown := set(options) - OPTIONS:
        raise NoSupplier(
            f"Leave out {', '.join(sorted(unknown))}: behind the ? only {', '.join(sorted(OPTIONS))} stand."
        )
    if options.get("name") and not re.fullmatch(r"[a-z0-9-]{1,30}", options["name"]):
        raise NoSupplier("Behind name= use small letters, figures and hyphens, at most 30.")
    if scheme == "file":
        if not parts.path.startswith("/") or parts.netloc:
            raise NoSupplier("Write three slashes before the folder: file:///var/mail/newsroom.")
        return MailUrl("file", options.get("name", "folder"), path=unquote(parts.path))
    if scheme in ("smtp", "smtps"):
        if not host or port == 0:
            raise NoSupplier(INSTEAD)
        where = port or (465 if scheme == "smtps" else 587)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return MailUrl(scheme, options.get("name", f"{host}:{where}"), host, where, user, password)
    if scheme not in APIS:
        raise NoSupplier(INSTEAD)
    _key, behind = APIS[scheme]
    before, at, after = parts.netloc.rpartition("@")
    secret, more = (before, after) if at else (after, "")
    if not secret or (behind and not more):
        raise NoSupplier(f"Write {scheme}://KEY{'@' + behind.upper() if behind else ''}.")
    api = options.get("api", "")
    if api and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", api):
        raise NoSupplier("Behind api= stands an address that begins with https://.")
    return MailUrl(
        scheme,
        options.get("name", scheme),
        host=unquote(more) if behind == "sender_domain" else "",
        user=unquote(secret),
        password=unquote(more) if behind == "secret_key" else "",
        api=api,
        signing=options.get("signing", ""),
    )
