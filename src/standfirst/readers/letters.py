"""The few letters of this room. Sent at once and never stored: a code in a queue would lie there to be read."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfirst.readers.errors import MailNotSent

log = logging.getLogger("standfirst.readers")
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def code_send(*, email: str, code: str, language: str, form: str, is_change: bool = False) -> None:
    """Send a code. form: where it is typed; opening that address does nothing else.

    Raises MailNotSent when the mail server does not take it.
    """
    with override(language):
        paper = settings.NEWSROOM.name
        if is_change:
            subject = _("Confirm your address for %(paper)s") % {"paper": paper}
            what = _("is the code that makes this the e-mail address of your account at %(paper)s.")
        else:
            subject = _("Your code for %(paper)s") % {"paper": paper}
            what = _("is your code for signing in to %(paper)s.")
        text = "\n\n".join(
            (
                f"{code[:4]} {code[4:]}",
                what % {"paper": paper},
                _("It is good for a quarter of an hour, once, and only in the browser that asked for it: %(form)s")
                % {"form": form},
                _("Nobody from the paper will ever ask you for it. Give it to nobody."),
                _("You did not ask for a code? Then do nothing: without it nobody gets in."),
            )
        )
    _send(email, subject, text)


def address_changed_tell(*, old: str, language: str, contact: str) -> None:
    """Tell the address that was given up. Whether it arrives changes nothing."""
    with override(language):
        paper = settings.NEWSROOM.name
        subject = _("Your account at %(paper)s has another address") % {"paper": paper}
        text = _(
            "The e-mail address of your account at %(paper)s was changed just now; this one does not sign in any more. "
            "Was it not you? Write to us: %(contact)s"
        ) % {"paper": paper, "contact": contact}
    try:
        _send(old, subject, text)
    except MailNotSent:
        log.warning("The notice of a changed address did not go out.")


def _send(email: str, subject: str, text: str) -> None:
    letter = EmailMessage(" ".join(subject.split()), text + "\n", settings.DEFAULT_FROM_EMAIL, [email], headers=HEADERS)
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        log.error("A letter of the readers' room did not go out (%s).", type(error).__name__)
        raise MailNotSent from error
