"""What a reader told us about herself goes: when she says so, and when its time is over (PR-05)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from standfirst.corrections import vault
from standfirst.corrections.models import Case, Suggestion
from standfirst.letterbox.selectors import with_address

# The address for an answer and the name to thank are kept this long after the case was closed.
RETENTION_DAYS = 90
# Spam and dropped piles are deleted whole. Long enough to find a person among them who asks what became of it.
SPAM_DAYS = 14
AT_ONCE = 500


def suggestion_forget_address(*, suggestion: Suggestion) -> Suggestion:
    """The reader takes her e-mail address back. What she suggested stays."""
    suggestion.reply_to = ""
    suggestion.save(update_fields=["reply_to"])
    return suggestion


def suggestion_forget(*, suggestion: Suggestion) -> Suggestion:
    """The reader takes back all that she wrote: address, name, better wording and reasons.

    The words of the story that she marked stay, and so does the case: others may have reported it too.
    """
    suggestion.reply_to = suggestion.credit = suggestion.wording = suggestion.why = ""
    suggestion.save(update_fields=["reply_to", "credit", "wording", "why"])
    vault.forgotten([suggestion.pk], ["credit", "wording", "why"])
    return suggestion


def suggestions_carried(*, old: str, new: str) -> int:
    """A reader has another address: answers to her suggestions go there."""
    return with_address(Suggestion.objects.all(), "reply_to", old).update(reply_to=new)


def suggestions_forget_due(*, now: dt.datetime | None = None) -> int:
    """Forget what has run out; returns how many suggestions that changed or deleted. Safe to run twice."""
    now = now or timezone.now()
    closed = Suggestion.objects.filter(case__decided_at__lt=now - dt.timedelta(days=RETENTION_DAYS))
    closed = closed.exclude(case__state__in=Case.OPEN).exclude(reply_to="", credit="")
    done = 0
    while pks := list(closed.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        done += Suggestion.objects.filter(pk__in=pks).update(reply_to="", credit="")
        vault.forgotten(pks, ["credit"])
    spam = Case.objects.filter(state=Case.State.SPAM, decided_at__lt=now - dt.timedelta(days=SPAM_DAYS))
    while pks := list(spam.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            gone, _by_model = Suggestion.objects.filter(case__in=pks).delete()
            Case.objects.filter(pk__in=pks).delete()
        done += gone
    return done
