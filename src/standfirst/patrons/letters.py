"""The words of the room's letters, in the patron's language, and their sending."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import default_task_backend

from standfirst.kit import money
from standfirst.patrons.models import Notice, Pledge, Receipt
from standfirst.patrons.providers.sandbox import Sandbox
from standfirst.patrons.services import notices

log = logging.getLogger("standfirst.patrons.mail")
PAUSES = (1, 5, 30, 120, 480, 1440)
#: Letters that go to who pays; the others go to whose pledge it is.
_TO_PAYER = {notices.WELCOME, notices.FAILED, notices.CANCELLED, notices.WITHDRAWN, notices.ENDED, notices.LINK}


def base_url() -> str:
    return str(settings.NEWSROOM.base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def page_of(pledge: Pledge) -> str:
    """The address of the patron's private page, in her language."""
    with override(pledge.language):
        return base_url() + reverse("patrons:mine", args=[pledge.token])


def message(notice: Notice) -> EmailMessage:
    """A letter: the first line of its template is the subject."""
    pledge = notice.pledge
    to = pledge.payer if notice.kind in _TO_PAYER else pledge.email
    receipt = Receipt.objects.filter(payment__pledge=pledge, payment__amount_minor__gt=0).first()
    with override(pledge.language):
        context: dict[str, Any] = {
            "pledge": pledge,
            "paper": settings.NEWSROOM.name,
            "amount": money.for_people(pledge.amount_minor, pledge.currency),
            "link": page_of(pledge),
            "receipt": base_url() + reverse("patrons:receipt", args=[receipt.token]) if receipt else "",
            "withdrawal": getattr(pledge, "withdrawal", None),
        }
        text = render_to_string(f"patrons/mail/{notice.kind}.txt", context).strip()
        if pledge.provider == Sandbox.name:
            text += "\n\n" + _("Sandbox: this is for trying out. No money moves.")
    subject, _line, body = text.partition("\n")
    headers = {
        "Message-ID": f"<patrons-{notice.pk}.{pledge.reference}@{_host()}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to], headers=headers)


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"


def notice_send(*, notice_id: int, attempt: int = 0) -> None:
    """Send a letter once; a second copy after a crash in between carries the same Message-ID."""
    from standfirst.patrons import tasks

    notice = Notice.objects.select_related("pledge__tier").filter(pk=notice_id, sent_at=None).first()
    if notice is None or notice.pledge.email.endswith(".invalid"):
        return
    try:
        message(notice).send()
    except OSError as error:  # smtplib's errors are among them
        log.warning(
            "Letter %s of pledge %s was not sent (attempt %s): %s", notice.kind, notice.pledge_id, attempt, error
        )
        if attempt < len(PAUSES) and default_task_backend.supports_defer:
            later = timezone.now() + dt.timedelta(minutes=PAUSES[attempt])
            tasks.notice_send.using(run_after=later).enqueue(notice_id, attempt + 1)
        return
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())
