"""`/hooks/mail/NAME/`: what an API supplier reports of bounces and complaints, by django-anymail and its signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.module_loading import import_string

from standfirst.kit.mailurl import MailUrl
from standfirst.letterbox.errors import SpoolRefused
from standfirst.letterbox.views import kept_or_waiting
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
    # Its own check needs a package of Svix; ours is _svix_check.
    "resend": ("resend.ResendTrackingWebhookView", "webhook_secret"),
    "sendgrid": ("sendgrid.SendGridTrackingWebhookView", "webhook_secret"),
    "sparkpost": ("sparkpost.SparkPostTrackingWebhookView", "webhook_secret"),
}
# A signature that names its time is good for so long; suppliers try again for some hours.
FRESH_SECONDS = {"mailgun": 24 * 3600, "resend": 300}
# SparkPost's classes of a bounce that may pass: full, too large, unreachable for now.
_PASSING = {"20", "21", "22", "23", "24", "40", "70"}
SPOOL_KIND = "mail-return"
_WHAT = {"bounced": BOUNCED, "rejected": BOUNCED, "complained": COMPLAINED, "unsubscribed": LEFT}

log = logging.getLogger("standfirst.mailroom.hooks")


class NotSigned(Exception):
    """The supplier has not signed it, or so long ago that somebody may have kept it. The text says which."""


def mail_hook(request: HttpRequest, name: str) -> HttpResponse:
    """Take in a supplier's report; unsigned and old ones are refused. It waits while the database is away."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    url = next((one for one in suppliers() if one.name == name and one.is_api and one.signing), None)
    if url is None:
        return HttpResponse("No supplier of that name reports here.\n", status=404, content_type="text/plain")
    from anymail.exceptions import AnymailConfigurationError, AnymailError  # large, and seldom needed

    try:
        view = _view(url)
        _signature_check(url, request, view)
        events = view.parse_events(request)
    except NotSigned as refusal:
        log.warning("A report of %s was refused: %s", name, refusal)
        return HttpResponse(f"{refusal}\n", status=403, content_type="text/plain")
    except (AnymailError, AnymailConfigurationError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.warning("A report of %s could not be read (%s).", name, type(error).__name__)
        return HttpResponse("This report cannot be read.\n", status=400, content_type="text/plain")
    for returned in filter(None, map(_returned, events)):
        try:
            kept_or_waiting(partial(services.return_take, returned=returned), kind=SPOOL_KIND, payload=returned.plain())
        except SpoolRefused as refusal:
            # The supplier sends it again.
            return HttpResponse("Try again later.\n", status=refusal.status, content_type="text/plain")
    return HttpResponse("Thank you.\n", content_type="text/plain")


def _view(url: MailUrl) -> Any:
    kind, secret = _HOOKS[url.scheme]
    return import_string(f"anymail.webhooks.{kind}")(**{secret: url.signing})


# Who has sent it ----------------------------------------------------------------------------------


def _signature_check(url: MailUrl, request: HttpRequest, view: Any) -> None:
    """Raises NotSigned."""
    from anymail.exceptions import AnymailWebhookValidationFailure

    stamp = None
    if url.scheme == "resend":
        stamp = _svix_check(url.signing, request)
    else:
        try:
            view.run_validators(request)
        except AnymailWebhookValidationFailure as failure:
            raise NotSigned("The signature is not right.") from failure
        if url.scheme == "mailgun":
            stamp = json.loads(request.body)["signature"]["timestamp"]
    if stamp is not None and abs(time.time() - float(stamp)) > FRESH_SECONDS[url.scheme]:
        raise NotSigned("This report was signed too long ago.")


def _svix_check(secret: str, request: HttpRequest) -> str:
    """The signatures of Svix, which Resend uses: HMAC-SHA256 over id, time and body. Returns the time."""
    number, stamp = request.headers.get("svix-id", ""), request.headers.get("svix-timestamp", "")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"))
    except binascii.Error:
        raise NotSigned("The secret in mail_url is none of Resend's.") from None
    right = base64.b64encode(
        hmac.new(key, f"{number}.{stamp}.".encode() + request.body, hashlib.sha256).digest()
    ).decode()
    given = [one.removeprefix("v1,") for one in request.headers.get("svix-signature", "").split()]
    if not stamp.isdigit() or not any(hmac.compare_digest(one.encode(), right.encode()) for one in given):
        raise NotSigned("The signature is not right.")
    return stamp


# What it says -------------------------------------------------------------------------------------


def _returned(event: Any) -> Return | None:
    what = _WHAT.get(event.event_type)
    if what is None:
        return None
    said = event.mta_response or event.description or event.reject_reason or ""
    return Return(
        what,
        to=(event.recipient or "").lower(),
        message_id=str(event.message_id or ""),
        said=" ".join(str(said).split())[:300],
        is_address=what == BOUNCED and _is_for_good(event),
        is_proved=True,
    )


def _is_for_good(event: Any) -> bool:
    """Whether the address takes no mail at all. Suppliers call a full mailbox a bounce too, each in its own words."""
    raw: Any = event.esp_event
    raw = raw if isinstance(raw, dict) else {}
    kinds = [raw.get("event"), raw.get("Type"), (raw.get("data") or {}).get("type")]
    if any("soft" in str(kind).lower() for kind in kinds) or raw.get("hard_bounce") is False:
        return False
    inner: Any = next(iter((raw.get("msys") or {}).values()), {})
    if str(inner.get("bounce_class", "")) in _PASSING:
        return False
    if event.reject_reason is None and raw.get("event") == "bounce":  # SendGrid's
        return raw.get("type", "bounce") == "bounce"
    said = str(((raw.get("data") or {}).get("bounce") or {}).get("type", "")).lower()  # Resend's
    return event.reject_reason in ("bounced", "invalid") and said not in ("transient", "undetermined")
