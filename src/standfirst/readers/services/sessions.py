"""Signed in, and out again. A session's key is new with every sign-in and stays in that browser alone."""

from __future__ import annotations

import datetime as dt
import secrets

from django.utils import timezone

from standfirst.readers.guard import SESSION_DAYS
from standfirst.readers.models import Reader, Session
from standfirst.readers.selectors import mark_of


def session_begin(*, reader: Reader, device: str = "", instead: str = "") -> str:
    """Sign a browser in; returns the secret for its cookie. instead: the key it had before, which ends."""
    secret = secrets.token_urlsafe(32)
    if instead:
        Session.objects.filter(mark=mark_of(instead)).delete()
    Session.objects.create(
        reader=reader,
        mark=mark_of(secret),
        device=device[:60],
        expires_at=timezone.now() + dt.timedelta(days=SESSION_DAYS),
    )
    return secret


def session_seen(*, session: Session) -> bool:
    """Carry a session on for another SESSION_DAYS, once a day at most; whether that was done."""
    today = timezone.localdate()
    if session.seen_on >= today:
        return False
    Session.objects.filter(pk=session.pk).update(
        seen_on=today, expires_at=timezone.now() + dt.timedelta(days=SESSION_DAYS)
    )
    Reader.objects.filter(pk=session.reader_id).update(seen_on=today)
    return True


def session_end(*, session: Session) -> None:
    session.delete()


def sessions_end(*, reader: Reader, but: Session | None = None) -> int:
    """Sign out everywhere (but here); returns how many browsers."""
    rows = Session.objects.filter(reader=reader)
    return (rows.exclude(pk=but.pk) if but else rows).delete()[0]
