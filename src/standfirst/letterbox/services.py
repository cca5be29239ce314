"""The room's doors: a letter arrives, the desk deals with it, and it is forgotten."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from standfirst.letterbox.models import Letter
from standfirst.letterbox.selectors import with_address

# Letters are kept this long after the desk has closed them (PR-05).
RETENTION_DAYS = 90


def letter_receive(
    *,
    token: str,
    kind: str,
    text: str,
    language: str,
    about_path: str = "",
    about_block: str = "",
    quote: str = "",
    wording: str = "",
    sender_name: str = "",
    reply_to: str = "",
    is_spam: bool = False,
    spool_id: str | None = None,
    received_at: dt.datetime | None = None,
) -> Letter:
    """Put a reader's letter on the desk. The guards have let it pass.

    token: of the form it came in. The same words in the same form arrive once, however often they are sent;
    other words in the same form are another letter.
    is_spam: a machine filled it in; kept aside, because a machine may be a person's browser.
    spool_id, received_at: of a letter that waited in the spool; it arrives once, however often it is delivered.
    """
    words = {
        "kind": kind,
        "text": text,
        "about_path": about_path[:300],
        "about_block": about_block[:40],
        "quote": quote[:500],
        "wording": wording,
        "sender_name": sender_name,
        "reply_to": reply_to,
    }
    once = hashlib.sha256("\0".join([token, *words.values()]).encode()).hexdigest()
    state = Letter.State.SPAM if is_spam else Letter.State.NEW
    try:
        with transaction.atomic():
            return Letter.objects.create(
                token=once,
                language=language,
                state=state,
                closed_at=timezone.now() if is_spam else None,
                spool_id=spool_id,
                received_at=received_at or timezone.now(),
                **words,
            )
    except IntegrityError:
        there = Letter.objects.filter(Q(token=once) | Q(spool_id=spool_id, spool_id__isnull=False)).first()
        if there is None:
            raise
        return there


def letter_decide(*, letter: Letter, state: str, note: str = "") -> Letter:
    """Write down what the desk did with a letter. Closing it starts the time after which it is forgotten."""
    letter.state = state
    letter.note = note
    if state == Letter.State.NEW:
        letter.closed_at = None
    elif letter.closed_at is None:
        letter.closed_at = timezone.now()
    letter.save(update_fields=["state", "note", "closed_at"])
    return letter


def letters_carried(*, old: str, new: str) -> int:
    """A reader has another address: the answers to her letters go there."""
    return with_address(Letter.objects.all(), "reply_to", old).update(reply_to=new)


def letters_forget_due(*, now: dt.datetime | None = None) -> int:
    """Delete the letters that were closed more than RETENTION_DAYS ago; returns how many. Safe to run twice."""
    before = (now or timezone.now()) - dt.timedelta(days=RETENTION_DAYS)
    gone, _by_model = Letter.objects.filter(closed_at__lt=before).exclude(state=Letter.State.NEW).delete()
    return gone
