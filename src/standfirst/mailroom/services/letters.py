"""Letters to a mailing's subscribers: queued with one delivery for each, held, let go on, stopped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from standfirst.mailroom.errors import NobodyToWriteTo, NoMailing, NotNow, NoWords
from standfirst.mailroom.links import paths_in
from standfirst.mailroom.models import Delivery, Letter, Link, Mailing, Note
from standfirst.mailroom.selectors import counts_of, readers_of
from standfirst.mailroom.services.waking import wake
from standfirst.press.services import refresh
from standfirst.press.shown import FRAME

_BATCH = 1000
#: So long a letter that an editor has sent can be taken back. Once the first server has it, nothing can.
UNDO = dt.timedelta(minutes=2)


def letter_draft(
    *,
    mailing: Mailing | str,
    subject: str,
    language: str,
    text: str = "",
    html: str = "",
    preheader: str = "",
    made_by: Any = None,
    corrects: Letter | None = None,
    source: dict[str, Any] | None = None,
    carries: list[str] | None = None,
    slot: str | None = None,
    counts_links: bool = False,
) -> Letter:
    """Write down a letter that nobody gets yet. carries: what it speaks of, such as ["story:12"]. counts_links: its
    words tell its readers that how often its links are followed is counted."""
    found = mailing if isinstance(mailing, Mailing) else Mailing.objects.filter(key=mailing).first()
    if found is None:
        raise NoMailing(gettext("There is no mailing “%(key)s”.") % {"key": mailing})
    return Letter.objects.create(
        mailing=found,
        language=language,
        subject=" ".join(subject.split())[:200],
        preheader=" ".join(preheader.split())[:200],
        text=text,
        html=html,
        made_by=made_by,
        corrects=corrects,
        source=source or {},
        carries=carries or [],
        slot=slot,
        counts_links=counts_links,
    )


def letter_queue(
    *,
    mailing: Mailing | str,
    subject: str,
    preheader: str,
    text: str,
    html: str,
    language: str,
    made_by: Any = None,
    corrects: Letter | None = None,
    carries: list[str] | None = None,
    slot: str | None = None,
) -> Letter:
    """Write a finished letter and send it: to all who get the mailing in this language.

    corrects: an earlier letter; then it goes to those who got that one and have not left, and to nobody else.
    All or nothing. Raises NoMailing and NobodyToWriteTo.
    """
    with transaction.atomic():
        letter = letter_draft(
            mailing=mailing,
            subject=subject,
            preheader=preheader,
            text=text,
            html=html,
            language=language,
            made_by=made_by,
            corrects=corrects,
            carries=carries,
            slot=slot,
        )
        return letter_send(letter=letter)


@transaction.atomic
def letter_rewrite(*, letter: Letter, **given: Any) -> Letter:
    """Change a draft: any of its mailing, language, words, source and what it carries. Raises NotNow."""
    letter = _held(letter, Letter.State.DRAFT)
    for name, value in given.items():
        setattr(letter, name, value)
    letter.save(update_fields=list(given))
    return letter


@transaction.atomic
def mailing_change(*, mailing: Mailing, **given: Any) -> Mailing:
    """Set up a mailing: any of its names, descriptions, rhythm, hour, weekday, audience, whether it is open, whether
    a line under every story offers it, and whether its links are counted.

    Whether any mailing is open shows in the frame of every page, and the line on every story.
    """
    before = _shown(mailing)
    for name, value in given.items():
        setattr(mailing, name, value)
    mailing.save(update_fields=list(given))
    if _shown(mailing) != before:
        refresh(keys={FRAME})
    return mailing


def _shown(mailing: Mailing) -> tuple[Any, ...]:
    """What pages of the paper show of a mailing."""
    words = (dict(mailing.names), dict(mailing.descriptions)) if mailing.is_under_stories else ()
    return mailing.is_open, mailing.is_open and mailing.is_under_stories, words


@transaction.atomic
def letter_send(*, letter: Letter) -> Letter:
    """Let a draft, or a letter whose time has come, go out: one delivery for each address. All or nothing.

    Raises NotNow when it has gone out before, and NobodyToWriteTo.
    """
    letter = _held(letter, Letter.State.DRAFT, Letter.State.QUEUED)
    addresses = list(readers_of(letter))
    if not addresses:
        raise _nobody(letter)
    now = timezone.now()
    letter.state, letter.started_at = Letter.State.SENDING, now
    letter.save(update_fields=["state", "started_at"])
    Delivery.objects.bulk_create(
        [Delivery(letter=letter, subscription_id=pk, to=email, next_at=now) for pk, email in addresses], _BATCH
    )
    if letter.counts_links:
        Link.objects.bulk_create([Link(letter=letter, path=path) for path in paths_in(letter.html)])
    wake()
    return letter


@transaction.atomic
def link_followed(*, letter_id: int, path: str) -> bool:
    """Count that somebody has followed a link of a letter. Not any more once it is switched off for the mailing;
    returns whether it was counted."""
    rows = Link.objects.filter(letter_id=letter_id, path=path, letter__mailing__counts_links=True)
    return bool(rows.update(count=F("count") + 1))


def letter_skip(*, mailing: Mailing, language: str, slot: str, subject: str) -> Letter:
    """Write down that a letter that goes out by itself did not, and why, so that it is not tried again."""
    return Letter.objects.create(
        mailing=mailing,
        language=language,
        slot=slot,
        subject=subject,
        state=Letter.State.STOPPED,
        finished_at=timezone.now(),
        counts={"sent": 0},
    )


@transaction.atomic
def letter_schedule(*, letter: Letter, due_at: dt.datetime) -> Letter:
    """Let a draft go out at a time. Raises NotNow and NoWords."""
    letter = _held(letter, Letter.State.DRAFT, Letter.State.QUEUED)
    if not letter.text.strip():
        raise NoWords(gettext("There is nothing in this letter yet: choose a story, or write some words."))
    letter.state, letter.due_at = Letter.State.QUEUED, due_at
    letter.save(update_fields=["state", "due_at"])
    wake()
    return letter


@transaction.atomic
def letter_send_soon(*, letter: Letter) -> Letter:
    """Let a draft go out in a moment (UNDO), until when it can be taken back.

    Raises NotNow, also when a colleague has planned it for another time meanwhile, NoWords and NobodyToWriteTo.
    """
    letter = _held(letter, Letter.State.DRAFT)
    if not readers_of(letter).exists():
        raise _nobody(letter)
    return letter_schedule(letter=letter, due_at=timezone.now() + UNDO)


def _nobody(letter: Letter) -> NobodyToWriteTo:
    return NobodyToWriteTo(
        gettext("Nobody gets “%(mailing)s” in this language, so there is nobody to send this letter to.")
        % {"mailing": letter.mailing.name_in()}
    )


@transaction.atomic
def letter_unschedule(*, letter: Letter) -> Letter:
    """A letter that waits for its time is a draft again. Raises NotNow."""
    letter = _held(letter, Letter.State.QUEUED)
    letter.state, letter.due_at = Letter.State.DRAFT, None
    letter.save(update_fields=["state", "due_at"])
    return letter


@transaction.atomic
def letter_pause(*, letter: Letter) -> Letter:
    """Send no more of it for now; what is in hand is finished. Raises NotNow."""
    letter = _held(letter, Letter.State.SENDING)
    letter.state = Letter.State.PAUSED
    letter.save(update_fields=["state"])
    return letter


@transaction.atomic
def letter_resume(*, letter: Letter) -> Letter:
    """Go on sending. Raises NotNow."""
    letter = _held(letter, Letter.State.PAUSED)
    letter.state = Letter.State.SENDING
    letter.save(update_fields=["state"])
    wake()
    return letter


@transaction.atomic
def letter_stop(*, letter: Letter) -> Letter:
    """Send nobody else this letter, ever. Who has it, has it. Raises NotNow."""
    letter = _held(letter, Letter.State.SENDING, Letter.State.PAUSED, Letter.State.QUEUED)
    waiting = letter.deliveries.filter(state__in=[Delivery.State.QUEUED, Delivery.State.DEFERRED])
    waiting.update(state=Delivery.State.GIVEN_UP, answer="The letter was stopped at the desk.")
    letter.state, letter.finished_at = Letter.State.STOPPED, timezone.now()
    letter.save(update_fields=["state", "finished_at"])
    return letter


@transaction.atomic
def letter_unsure_again(*, letter: Letter) -> int:
    """Send once more to those whose mail server was not heard; returns to how many. Some may get it twice."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    again = letter.deliveries.filter(state=Delivery.State.UNSURE).update(
        state=Delivery.State.QUEUED, next_at=timezone.now()
    )
    if again and letter.state == Letter.State.SENT:
        letter.state, letter.finished_at = Letter.State.SENDING, None
        letter.save(update_fields=["state", "finished_at"])
    wake()
    return again


def letter_remove(*, letter: Letter) -> None:
    """Throw a draft away. Raises NotNow."""
    with transaction.atomic():
        _held(letter, Letter.State.DRAFT).delete()


def letters_forget_due(*, now: dt.datetime | None = None) -> int:
    """Forget to whom letters and notes went, 90 days later; how many there were stays. Safe to run twice."""
    before = (now or timezone.now()) - dt.timedelta(days=90)
    forgotten = 0
    for letter in Letter.objects.filter(finished_at__lt=before, counts={}):
        with transaction.atomic():
            letter.counts = counts_of(letter) or {"sent": 0}
            letter.save(update_fields=["counts"])
            forgotten += letter.deliveries.all().delete()[0]
    notes = Note.objects.filter(made_at__lt=before)
    forgotten += notes.delete()[0]
    return forgotten


def _held(letter: Letter, *states: str) -> Letter:
    """The letter as it is now, held until the transaction ends. Raises NotNow when it is in none of these states."""
    found = Letter.objects.select_for_update(of=("self",)).select_related("mailing", "corrects").get(pk=letter.pk)
    if found.state not in states:
        raise NotNow(
            gettext("This letter is in the state “%(state)s”, so this cannot be done now.")
            % {"state": found.get_state_display()}
        )
    return found
