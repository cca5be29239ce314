"""The mailbox that bounces and complaints come back to. Read every few minutes; what is no report stays, flagged."""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from standfirst.mailroom.returns import returns_in
from standfirst.mailroom.services import return_take

EVERY = dt.timedelta(minutes=5)
PATIENCE_SECONDS = 30
# So many are read in one round.
AT_ONCE = 200

log = logging.getLogger("standfirst.mailroom.mailbox")


def mailbox_read(connect: Callable[..., Any] | None = None) -> dt.datetime | None:
    """Take in what came back; returns when to look again, or None without a mailbox. Safe to run twice.

    connect: makes the connection, in place of imaplib's own.
    """
    address = settings.NEWSROOM.mail_bounce_mailbox
    if not address:
        return None
    url = urlsplit(address)
    make: Any = connect or (imaplib.IMAP4_SSL if url.scheme == "imaps" else imaplib.IMAP4)
    try:
        box = make(url.hostname, url.port or (993 if url.scheme == "imaps" else 143), timeout=PATIENCE_SECONDS)
        try:
            box.login(unquote(url.username or ""), unquote(url.password or ""))
            box.select(unquote(url.path.strip("/")) or "INBOX")
            _read(box)
        finally:
            box.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        # Never the error's own words alone: some servers repeat what was typed.
        log.warning("The mailbox of bounces at %s cannot be read (%s).", url.hostname, type(error).__name__)
    return timezone.now() + EVERY


def _read(box: Any) -> None:
    _said, found = box.search(None, "UNSEEN")
    for number in (found[0] or b"").split()[:AT_ONCE]:
        _said, parts = box.fetch(number, "(BODY.PEEK[])")
        content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        reports = returns_in(content)
        taken = [return_take(returned=one) for one in reports]
        # Somebody's answer, or a report about a mail that is not ours, is left for people, and not read again.
        box.store(number, "+FLAGS", "(\\Seen \\Deleted)" if any(taken) else "(\\Seen \\Flagged)")
    box.expunge()
