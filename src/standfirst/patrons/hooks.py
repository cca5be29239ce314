"""`/hooks/payments/NAME/`: a company's message is checked by its signature, written down and answered at once.

While the database is away it waits in the spool, raw; the background process works on it when it is back.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from standfirst.letterbox import guards
from standfirst.letterbox.errors import SpoolRefused, TooLarge
from standfirst.letterbox.spool import Item
from standfirst.letterbox.views import kept_or_waiting
from standfirst.patrons import providers, services
from standfirst.patrons.errors import BadSignature, NotRead

SPOOL_KIND = "payment-message"
LARGEST_BYTES = 512 * 1024

log = logging.getLogger("standfirst.patrons.hooks")


def hook(request: HttpRequest, name: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    provider = providers.found(name)
    if provider is None or "hooks" not in provider.capabilities or not provider.is_ready():
        return _said(404, "Nobody here listens to that payment company.")
    try:
        guards.size_check(request, largest=LARGEST_BYTES)
    except TooLarge as refusal:
        return _said(refusal.status, "The message is larger than any we know.")
    body = request.body
    try:
        message = provider.parse_webhook(body, request.headers)
    except (BadSignature, NotRead) as refusal:
        log.warning("A message for %s was refused: %s", name, refusal)
        return _said(400, str(refusal))
    payload: dict[str, Any] = {"provider": name, "event_id": message.event_id, "body": message.body}
    try:
        kept_or_waiting(lambda: services.event_take(**payload), kind=SPOOL_KIND, payload=payload)
    except SpoolRefused as refusal:
        # The company tells again later.
        return _said(refusal.status, "Nothing could be written down. Please tell it again.")
    return _said(200, "ok")


def message_deliver(item: Item) -> None:
    """The receiver of messages that waited in the spool."""
    services.event_take(
        provider=item.payload["provider"],
        event_id=item.payload["event_id"],
        body=item.payload["body"],
        received_at=dt.datetime.fromtimestamp(item.at, dt.UTC),
    )


def _said(status: int, text: str) -> HttpResponse:
    answer = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
