"""What comes back: bounces (RFC 3464) and complaints (RFC 5965), as mails in a mailbox or as reports of a supplier."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import asdict, dataclass
from email.message import EmailMessage, Message
from typing import Any

BOUNCED, COMPLAINED, LEFT = "bounced", "complained", "left"


@dataclass(frozen=True)
class Return:
    """One mail that came back. what: one of the three above. to: the address. message_id: of the mail it is about.
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
        return []
    kind = str(message.get_param("report-type", "")).lower()
    parts = list(message.iter_parts())
    message_id = _message_id(parts)
    if kind == "delivery-status":
        return [one for part in parts if (one := _status(part, message_id))]
    if kind == "feedback-report":
        return [one for part in parts if (one := _feedback(part, message_id))]
    return []


def _blocks(part: EmailMessage) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    return [email.message_from_string(block) for block in re.split(r"\r?\n\r?\n", str(payload)) if block.strip()]


def _status(part: EmailMessage, message_id: str) -> Return | None:
    if part.get_content_type() != "message/delivery-status":
        return None
    for block in _blocks(part):
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        status = str(block.get("Status", "")).strip()
        diagnosis = _typed(block.get("Diagnostic-Code"))
        return Return(
            BOUNCED,
            to=_typed(block.get("Original-Recipient") or block.get("Final-Recipient")).lower(),
            message_id=message_id,
            said=" ".join(f"{status} {diagnosis}".split())[:300],
            is_address=bool(re.match(r"5\.1\.|5\.2\.1|5\.4\.4", status)),
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
