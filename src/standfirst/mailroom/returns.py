"""What comes back: bounces (RFC 3464) and complaints (RFC 5965), as mails in a mailbox or as reports of a supplier.

Which mail a bounce is about is told by four things, of which one is enough: the returned copy's Message-ID, the name
of the envelope that the server gives back (RFC 3461), the address that it was sent to (`mail_bounce_to` with a *), and,
of servers that write to people instead of in a form, our Message-ID anywhere in their words.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import asdict, dataclass
from email.message import EmailMessage, Message
from typing import Any

BOUNCED, COMPLAINED, LEFT = "bounced", "complained", "left"
#: The name of a mail: of a delivery, `posting.name_of`, or of one that was sent at once, `posting.name_at_once`.
NAME = re.compile(r"(?<![a-z0-9])([da])(\d{1,18})\.([0-9a-f]{16})(?![0-9a-f])")
# Who gets a mail, as the servers on its way write it down.
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_ROBOTS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon")
# So much of what a server writes in its own words is read.
_WORDS = 20_000


@dataclass(frozen=True)
class Return:
    """One mail that came back. what: one of the three above. to: the address. message_id: names the mail it is about.
    is_address: the address takes no mail at all. is_proved: a supplier has signed it, so no Message-ID of ours must."""

    what: str
    to: str = ""
    message_id: str = ""
    said: str = ""
    is_address: bool = False
    is_proved: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def returns_in(content: bytes) -> list[Return]:
    """What a mail in the mailbox reports; [] for any other mail. Delays are no bounces."""
    message: Any = email.message_from_bytes(content, policy=email.policy.default)
    if message.get_content_type() != "multipart/report":
        return _in_own_words(message)
    kind = str(message.get_param("report-type", "")).lower()
    parts = list(message.iter_parts())
    message_id = _message_id(parts) or _envelope(message)
    if kind == "delivery-status":
        return [one for part in parts if (one := _status(part, message_id))]
    if kind == "feedback-report":
        return [one for part in parts if (one := _feedback(part, message_id))]
    return []


def _in_own_words(message: Any) -> list[Return]:
    """A bounce of a server that knows no form for it. Somebody's answer, or a note that she is away, is none."""
    sender = str(message.get("From", "")).lower()
    is_robot = str(message.get("Return-Path", "")).strip() == "<>" or any(name in sender for name in _ROBOTS)
    answers = str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied") or "X-Autoreply" in message
    if not is_robot or answers:
        return []
    words = _text(message)[:_WORDS]
    named = NAME.search(words.lower())
    message_id = f"<{named[0]}>" if named else _envelope(message)
    code = re.search(r"\b5\.\d{1,3}\.\d{1,3}\b", words) or re.search(r"\b55[0-4]\b", words)
    if not message_id or code is None:
        return []
    said = " ".join(words[code.start() :].split())[:300]
    to = _typed(message.get("X-Failed-Recipients")).lower()
    return [Return(BOUNCED, to=to, message_id=message_id, said=said, is_address=_is_address(code[0]))]


def _is_address(code: str) -> bool:
    """Whether an answer means that the address takes no mail at all, and not that ours was not liked."""
    return bool(re.match(r"5\.1\.|5\.2\.1\b|5\.4\.4\b", code)) or code in ("550", "551", "553")


def _text(message: Any) -> str:
    body = message.get_body(("plain", "html"))
    try:
        return str(body.get_content()) if body is not None else ""
    except (LookupError, ValueError):  # a charset that nobody knows
        return ""


def _envelope(message: Any) -> str:
    """The name of a mail in the address that its bounce was sent to."""
    said = " ".join(str(value) for name in _ENVELOPE for value in message.get_all(name, []))
    found = NAME.search(said.lower())
    return f"<{found[0]}>" if found else ""


def _blocks(part: EmailMessage) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    return [email.message_from_string(block) for block in re.split(r"\r?\n\r?\n", str(payload)) if block.strip()]


def _status(part: EmailMessage, message_id: str) -> Return | None:
    if part.get_content_type() != "message/delivery-status":
        return None
    given_back = ""
    for block in _blocks(part):
        given_back = given_back or str(block.get("Original-Envelope-Id", "")).strip()
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        status = str(block.get("Status", "")).strip()
        diagnosis = _typed(block.get("Diagnostic-Code"))
        return Return(
            BOUNCED,
            to=_typed(block.get("Original-Recipient") or block.get("Final-Recipient")).lower(),
            message_id=message_id or given_back,
            said=" ".join(f"{status} {diagnosis}".split())[:300],
            is_address=_is_address(status),
        )
    return None


def _feedback(part: EmailMessage, message_id: str) -> Return | None:
    if part.get_content_type() != "message/feedback-report":
        return None
    for block in _blocks(part):
        kind = str(block.get("Feedback-Type", "")).strip().lower()
        if kind in ("abuse", "fraud", "not-spam", "opt-out") and kind != "not-spam":
            to = str(block.get("Original-Rcpt-To", "")).strip(" <>").lower()
            return Return(COMPLAINED, to=to, message_id=message_id, said=f"Feedback-Type: {kind}")
    return None


def _typed(value: object) -> str:
    """What stands behind the kind: `rfc822; a@example.org` → `a@example.org`."""
    text = " ".join(str(value or "").split())
    kind, semicolon, rest = text.partition(";")
    return (rest if semicolon and " " not in kind else text).strip()


def _message_id(parts: list[EmailMessage]) -> str:
    """The Message-ID of the mail that came back, from its copy or its headers alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind not in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            continue
        for block in _blocks(part):
            if found := str(block.get("Message-ID", "")).strip():
                return found
    return ""
