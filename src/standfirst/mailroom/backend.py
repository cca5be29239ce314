"""Django's way of sending, by the newsroom's suppliers: `EmailMessage.send()` tries them one after the other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from standfirst.mailroom import lines
from standfirst.mailroom.posting import Post
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
        data = message.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message_id = str(message.message().get("Message-ID", "")).strip("<> ")
        said = []
        for to in message.recipients():
            post = Post(0, parseaddr(message.from_email)[1], parseaddr(to)[1] or to, data, message_id)
            said += self._post(post, message, opened)
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
                    return said
            except lines.Unsure as silence:
                # It was handed over whole: what it says is most likely on its way.
                log.warning("%s took a mail and did not answer: %s", url.name, silence)
                opened.pop(url.name, None)
                return []
            else:
                return []
        return said


def _nothing(*_: Any) -> None: ...
