"""`/hooks/mail/NAME/`: what an API supplier reports of bounces and complaints, by django-anymail and its signatures."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.module_loading import import_string

from standfirst.kit.mailurl import MailUrl
from standfirst.letterbox import errors, spool
from standfirst.mailroom import services
from standfirst.mailroom.returns import BOUNCED, COMPLAINED, LEFT, Return
from standfirst.mailroom.suppliers import suppliers

# Kind of supplier → the class of its hook, and what the `signing` of its line is called there.
_HOOKS = {
    "brevo": ("brevo.BrevoTrackingWebhookView", "webhook_secret"),
    "mailersend": ("mailersend.MailerSendTrackingWebhookView", "signing_secret"),
    "mailgun": ("mailgun.MailgunTrackingWebhookView", "webhook_signing_key"),
    "mailjet": ("mailjet.MailjetTrackingWebhookView", "webhook_secret"),
    "postmark": ("postmark.PostmarkTrackingWebhookView", "webhook_secret"),
    "resend": ("resend.ResendTrackingWebhookView", "signing_secret"),
    "sendgrid": ("sendgrid.SendGridTrackingWebhookView", "webhook_secret"),
    "sparkpost": ("sparkpost.SparkPostTrackingWebhookView", "webhook_secret"),
}
_WHAT = {"bounced": BOUNCED, "rejected": BOUNCED, "complained": COMPLAINED, "unsubscribed": LEFT}

log = logging.getLogger("standfirst.mailroom.hooks")


def mail_hook(request: HttpRequest, name: str) -> HttpResponse:
    """Take in a supplier's report. Unsigned ones are refused; while the database is away it waits in the spool."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    url = next((one for one in suppliers() if one.name == name and one.is_api and one.signing), None)
    if url is None:
        return HttpResponse("No supplier of that name reports here.\n", status=404, content_type="text/plain")
    from anymail.exceptions import AnymailWebhookValidationFailure

    view = _view(url)
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        log.warning("A report that %s has not signed was refused.", name)
        return HttpResponse("The signature is not right.\n", status=403, content_type="text/plain")
    except (ValueError, KeyError, TypeError) as error:
        log.warning("A report of %s could not be read (%s).", name, type(error).__name__)
        return HttpResponse("This report cannot be read.\n", status=400, content_type="text/plain")
    for returned in filter(None, map(_returned, events)):
        try:
            services.return_take(returned=returned)
        except Error:
            try:
                spool.spool_put(data=settings.NEWSROOM.data, kind="mail-return", payload=returned.plain())
            except errors.SpoolRefused:
                # The supplier sends it again.
                return HttpResponse("Try again later.\n", status=503, content_type="text/plain")
    return HttpResponse("Thank you.\n", content_type="text/plain")


def _view(url: MailUrl) -> Any:
    kind, secret = _HOOKS[url.scheme]
    return import_string(f"anymail.webhooks.{kind}")(**{secret: url.signing})


def _returned(event: Any) -> Return | None:
    what = _WHAT.get(event.event_type)
    if what is None:
        return None
    reason = event.reject_reason or ""
    said = event.mta_response or event.description or reason
    return Return(
        what,
        to=(event.recipient or "").lower(),
        message_id=str(event.message_id or ""),
        said=" ".join(str(said).split())[:300],
        # "bounced" of an API supplier is one it will not try again; soft ones are "deferred".
        is_address=what == BOUNCED and reason in ("bounced", "invalid"),
        is_proved=True,
    )
