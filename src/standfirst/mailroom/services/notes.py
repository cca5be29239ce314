"""Service mails: a receipt, an answer, a link that somebody asked for."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.models import Delivery, Note
from standfirst.mailroom.selectors import delivery_of, is_suppressed
from standfirst.mailroom.services.waking import wake


def note_send(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    kind: str,
    reference: str,
    html: str = "",
    headers: dict[str, str] | None = None,
    even_suppressed: bool = False,
) -> Delivery:
    """Write down a service mail in the caller's transaction; the background process sends it after the commit.

    kind: what it is, in one word ("receipt"). reference: of what happened; the same reference is the same mail and goes
    out once, however often this is called. An address that is suppressed is not written to: the delivery says so.
    even_suppressed: its owner has just asked for this mail, which alone can show that the address works again.
    Raises NoAddress.
    """
    if there := delivery_of(reference):
        return there
    to = address_checked(to)
    is_refused = not even_suppressed and is_suppressed(to)
    state = Delivery.State.SUPPRESSED if is_refused else Delivery.State.QUEUED
    try:
        with transaction.atomic():
            note = Note.objects.create(
                reference=reference,
                kind=kind,
                language=language,
                subject=" ".join(subject.split())[:200],
                text=text,
                html=html,
                headers=headers or {},
            )
            delivery = Delivery.objects.create(note=note, to=to, state=state)
    except IntegrityError:
        there = delivery_of(reference)
        if there is None:
            raise
        return there
    wake()
    return delivery
