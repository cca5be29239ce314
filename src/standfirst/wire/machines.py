"""robots.txt and the files of /.well-known/."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest

from standfirst.stories.addresses import language_prefix
from standfirst.wire.addresses import absolute

# The default of the reuse policy (RL-00): to be found, yes; to train machines, no.
SIGNALS = {"search": "yes", "ai-train": "no"}
# RFC 9116 advises less than a year ahead.
SECURITY_DAYS = 180


def robots(request: HttpRequest) -> str:
    """As annex A of the standards has it; the addresses of sitemaps are absolute (RL-03)."""
    signals = ", ".join(f"{name}={value}" for name, value in SIGNALS.items())
    lines = [
        "User-agent: *",
        f"Content-Signal: {signals}",
        "Content-Usage: train-ai=n",
        "Allow: /",
        "Disallow: /desk/",
        "",
        f"Sitemap: {absolute('/sitemap.xml', request)}",
        f"Sitemap: {absolute('/news-sitemap.xml', request)}",
    ]
    return "\n".join(lines) + "\n"


def security(request: HttpRequest, today: dt.date) -> str:
    """RFC 9116 (TR-06). Contact is the form: an address here would be read by harvesters first.

    Expires moves once a month, so that the file's bytes stand still in between.
    """
    expires = (today.replace(day=1) + dt.timedelta(days=SECURITY_DAYS)).replace(day=1)
    contact = absolute(f"{language_prefix(settings.LANGUAGE_CODE)}contact/", request)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute('/.well-known/security.txt', request)}",
    ]
    return "\n".join(lines) + "\n"
