"""The words of the room's letters, in the patron's language, and their sending."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfirst.kit import money
from standfirst.mailroom.errors import NoAddress
from standfirst.mailroom.services import note_send
from standfirst.patrons.models import Notice, Pledge, Receipt
from standfirst.patrons.providers.sandbox import Sandbox
from standfirst.patrons.services import notices

log = logging.getLogger("standfirst.patrons.mail")
#: Letters that go to who pays; the others go to whose pledge it is.
_TO_PAYER = {notices.WELCOME, notices.FAILED, notices.CANCELLED, notices.WITHDRAWN, notices.ENDED, notices.LINK,
             notices.RECEIPT, notices.RENEWAL}  # fmt: skip


def base_url() -> str:
    return str(settings.NEWSROOM.base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def page_of(pledge: Pledge) -> str:
    """The address of the patron's private page, in her language."""
    with override(pledge.language):
        return base_url() + reverse("patrons:mine", args=[pledge.token])


@dataclass(frozen=True)
class Words:
    """A letter, ready to go."""

    to: str
    subject: str
    text: str


def words_of(notice: Notice) -> Words:
    """A letter: the first line of its template is the subject."""
    pledge = notice.pledge
    to = pledge.payer if notice.kind in _TO_PAYER else pledge.email
    receipt = _receipt_of(notice)
    with override(pledge.language):
        context: dict[str, Any] = {
            "pledge": pledge,
            "paper": settings.NEWSROOM.name,
            "amount": money.for_people(pledge.amount_minor, pledge.currency),
            "link": page_of(pledge),
            "receipt": base_url() + reverse("patrons:receipt", args=[receipt.token]) if receipt else "",
            "payment": receipt.payment if receipt else None,
            "paid": money.for_people(receipt.payment.amount_minor, receipt.payment.currency) if receipt else "",
            "withdrawal": getattr(pledge, "withdrawal", None),
        }
        text = render_to_string(f"patrons/mail/{notice.kind}.txt", context).strip()
        if pledge.provider == Sandbox.name:
            text += "\n\n" + _("Sandbox: this is for trying out. No money moves.")
    subject, _line, body = text.partition("\n")
    return Words(to, " ".join(subject.split()), body.strip() + "\n")


def _receipt_of(notice: Notice) -> Receipt | None:
    """The receipt that a letter speaks of: of its own payment, else the newest."""
    found = Receipt.objects.filter(payment__pledge=notice.pledge, payment__amount_minor__gt=0).select_related("payment")
    if notice.kind == notices.RECEIPT:
        number = notice.reference.split(":", 3)[-1]
        return found.filter(payment__provider_id__startswith=number).first() or found.first()
    return found.first()


def notice_send(*, notice_id: int) -> None:
    """Hand a letter over to the mailroom's outbox, which sends it once however often this is called."""
    notice = Notice.objects.select_related("pledge__tier").filter(pk=notice_id, sent_at=None).first()
    if notice is None or notice.pledge.email.endswith(".invalid"):
        return
    words = words_of(notice)
    try:
        with transaction.atomic():
            note_send(
                to=words.to,
                subject=words.subject,
                text=words.text,
                language=notice.pledge.language,
                kind=f"patrons-{notice.kind}",
                reference=notice.reference,
                headers={"Auto-Submitted": "auto-generated"},
            )
            Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())
    except NoAddress as error:
        log.warning("Letter %s of pledge %s cannot be sent: %s", notice.kind, notice.pledge_id, error)
