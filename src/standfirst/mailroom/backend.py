"""Django's way of sending, by the newsroom's suppliers: `EmailMessage.send()` tries them one after the other.

Nothing is kept of such a mail. Its name bears our mark over the address it goes to, by which a bounce or a complaint
is known as one of ours; an address that a supplier refuses at once is not written to again either.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from standfirst.mailroom import lines
from standfirst.mailroom.models import Suppression
from standfirst.mailroom.posting import Post, bounces_of, domain, name_at_once
from standfirst.mailroom.services.lists import address_suppress
from standfirst.mailroom.suppliers import suppliers

log = logging.getLogger("standfirst.mailroom")


class NotSent(OSError):
    """No supplier has taken the mail. The text says what each of them answered, without any secret."""


class Mail(BaseEmailBackend):
    """Sends at once. A supplier that is down, or does not take this mail now, is followed by the next.

    Raises NotSent when none has taken it, unless `fail_silently`.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        opened: dict[str, lines.Line] = {}
        try:
            for message in email_messages:
                if message.recipients():
                    try:
                        self._send(message, opened)
                        sent += 1
                    except NotSent:
                        if not self.fail_silently:
                            raise
        finally:
            for line in opened.values():
                line.close()
        return sent

    def _send(self, message: EmailMessage, opened: dict[str, lines.Line]) -> None:
        recipients = [parseaddr(to)[1] or to for to in message.recipients()]
        now = int(time.time())
        if len(recipients) == 1 and "message-id" not in {name.lower() for name in message.extra_headers}:
            message.extra_headers["Message-ID"] = f"<{name_at_once(recipients[0], now)}@{domain()}>"
        built = message.message()
        data = built.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message_id = str(built.get("Message-ID", "")).strip("<> ")
        said = []
        for to in recipients:
            name = name_at_once(to, now)
            sender = bounces_of(name) if settings.NEWSROOM.mail_bounce_to else parseaddr(message.from_email)[1]
            said += self._post(Post(0, sender, to, data, message_id, name), message, opened)
        if said:
            raise NotSent(" ".join(said))

    def _post(self, post: Post, message: EmailMessage, opened: dict[str, lines.Line]) -> list[str]:
        """Hand it to the first supplier that takes it; returns what was answered when none does."""
        said: list[str] = []
        for url in suppliers():
            try:
                line = opened.get(url.name)
                if line is None:
                    line = lines.line_of(url)
                    line.open()
                    opened[url.name] = line
                if isinstance(line, lines.ApiLine):
                    line.send(message, post.to)
                else:
                    line.deliver(post, _nothing)
            except lines.NotTaken as refusal:
                said.append(f"{url.name}: {refusal}")
                log.warning("%s did not take a mail: %s", url.name, refusal)
                if isinstance(refusal, lines.SupplierDown) and url.name in opened:
                    opened.pop(url.name).close()
                if isinstance(refusal, lines.Refused) and refusal.is_address:
                    _not_again(post.to, str(refusal))
                    return said
            except lines.Unsure as silence:
                # It was handed over whole: what it says is most likely on its way.
                log.warning("%s took a mail and did not answer: %s", url.name, silence)
                opened.pop(url.name, None)
                return []
            else:
                return []
        return said


def _not_again(to: str, said: str) -> None:
    try:
        address_suppress(email=to, reason=Suppression.Reason.BOUNCED, said=said)
    except DatabaseError:  # mail goes out while the database is away, too
        log.warning("An address that was refused could not be written down.")


def _nothing(*_: Any) -> None: ...
