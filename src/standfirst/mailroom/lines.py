"""The ways a mail can go: by SMTP, by a supplier's API, into a folder. Each says in the same words what became of it.

A line is opened, takes mails one after the other, and is closed. `deliver` returns the server's answer, or raises:

NotTaken             nothing of this mail was taken, and it may be tried elsewhere or later
├── SupplierDown     this supplier takes no mail at all just now; another may
├── Deferred         this address cannot be reached just now (4xx)
└── Refused          for good (5xx); `is_address`: it is the address that is wrong, not the mail
Unsure               the mail was handed over whole and no answer was heard: it has most likely been taken
"""

from __future__ import annotations

import re
import smtplib
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from django.core.mail import EmailMultiAlternatives

from standfirst.kit.links import is_loopback
from standfirst.kit.mailurl import APIS, MailUrl
from standfirst.mailroom.posting import Post

PATIENCE_SECONDS = 20.0
# After the final dot a server may take its time (RFC 5321, 4.5.3.2.6 says ten minutes; ours would hold up the others).
PATIENCE_AT_THE_DOT = 60.0
# What a server answers that announces reports and then does not know the words for them.
_NOT_AFTER_ALL = (501, 504, 555)


class NotTaken(Exception):
    """The text is what the server said."""


class SupplierDown(NotTaken):
    pass


class Deferred(NotTaken):
    pass


class Refused(NotTaken):
    def __init__(self, answer: str, *, is_address: bool) -> None:
        super().__init__(answer)
        self.is_address = is_address


class Unsure(Exception):
    pass


class Line(Protocol):
    def open(self) -> None:
        """Raises SupplierDown."""
        ...

    def deliver(self, post: Post, at_the_dot: Callable[[], None]) -> tuple[str, str]:
        """Hand over one mail; returns the server's answer and the number by which the supplier knows it ("").

        at_the_dot: called at the last moment at which the mail can still be taken back.
        """
        ...

    def close(self) -> None: ...


def line_of(url: MailUrl) -> Line:
    if url.is_smtp:
        return SmtpLine(url)
    if url.is_api:
        return ApiLine(url)
    return FolderLine(url)


class SmtpLine:
    """A connection to an SMTP server, kept for many mails."""

    def __init__(self, url: MailUrl) -> None:
        self._url = url
        self._server: smtplib.SMTP | None = None
        self._names_mails = True

    def open(self) -> None:
        url = self._url
        try:
            kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
            server = kind(url.host, url.port, timeout=PATIENCE_SECONDS)
            # The dot is a small packet behind a large one, which would wait for an acknowledgement.
            if server.sock:
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.ehlo_or_helo_if_needed()
            # What stays on this machine needs no encryption; elsewhere nothing goes without, but by port 25.
            if url.scheme == "smtp" and (server.has_extn("starttls") or not is_loopback(url.host)) and url.port != 25:
                server.starttls()
                server.ehlo()
            if url.user:
                server.login(url.user, url.password)
        except (OSError, smtplib.SMTPException) as error:
            raise SupplierDown(_why(error)) from error
        self._server = server

    def deliver(self, post: Post, at_the_dot: Callable[[], None]) -> tuple[str, str]:
        server = self._server
        if server is None or server.sock is None:
            raise SupplierDown("The connection is closed.")
        try:
            self._envelope(server, post)
            code, said = server.docmd("DATA")
            if code != 354:
                self._check(code, said, of_address=False, of_mail=True)
            # Every line ends, or the dot would belong to the last one.
            data = post.data if post.data.endswith(b"\r\n") else post.data + b"\r\n"
            server.send(smtplib._quote_periods(data))  # type: ignore[attr-defined]
            server.sock.settimeout(PATIENCE_AT_THE_DOT)
        except OSError as error:  # smtplib's are among them
            raise SupplierDown(_why(error)) from error
        # Nothing may come between the two, see Journal.at_the_dot.
        at_the_dot()
        try:
            server.send(b".\r\n")
            code, said = server.getreply()
            server.sock.settimeout(PATIENCE_SECONDS)
        except OSError as error:
            raise Unsure(_why(error)) from error
        self._check(code, said, of_address=False, of_mail=True)
        return _answer(code, said), ""

    def _envelope(self, server: smtplib.SMTP, post: Post) -> None:
        """From whom and to whom. Where the server can, its report is to name the mail, bring headers alone and tell of
        failures only (RFC 3461): then a bounce is ours to read, whoever wrote it."""
        if post.name and self._names_mails and server.has_extn("dsn"):
            code, said = server.mail(post.sender, ("RET=HDRS", f"ENVID={post.name}"))
            if code not in _NOT_AFTER_ALL:
                self._check(code, said, of_address=False)
                code, said = server.rcpt(post.to, ("NOTIFY=FAILURE",))
            if code not in _NOT_AFTER_ALL:
                self._check(code, said, of_address=True)
                return
            self._names_mails = False
            server.rset()
        self._check(*server.mail(post.sender), of_address=False)
        self._check(*server.rcpt(post.to), of_address=True)

    def _check(self, code: int, said: bytes, *, of_address: bool, of_mail: bool = False) -> None:
        if 200 <= code < 300:
            return
        answer = _answer(code, said)
        if code == 421 or not (of_address or of_mail):
            raise SupplierDown(answer)
        if self._server and self._server.sock:
            self._server.rset()
        if code < 500:
            raise Deferred(answer)
        raise Refused(answer, is_address=of_address and is_about_address(answer))

    def close(self) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
        self._server = None


def is_about_address(answer: str) -> bool:
    """Whether a refusal means that the address takes no mail, and not that ours was not liked."""
    enhanced = re.search(r"\b5\.(\d{1,3})\.(\d{1,3})\b", answer)
    if enhanced:
        return enhanced[1] == "1" or enhanced[0] in ("5.2.1", "5.4.4")
    return answer[:3] in ("550", "551", "553")


def _answer(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:300]


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "No answer in time."
    return f"{error.strerror or error}"[:300] if isinstance(error, OSError) else str(error)[:300]


class FolderLine:
    """Mails laid into a folder, one file each, and sent to nobody."""

    def __init__(self, url: MailUrl) -> None:
        self._folder = Path(url.path)

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SupplierDown(f"{self._folder}: {error.strerror}") from error

    def deliver(self, post: Post, at_the_dot: Callable[[], None]) -> tuple[str, str]:
        at_the_dot()
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{re.sub(r'[^a-z0-9.]+', '-', post.message_id.lower())[:80]}.eml"
        try:
            (self._folder / name).write_bytes(post.data)
        except OSError as error:
            raise SupplierDown(f"{self._folder}: {error.strerror}") from error
        return f"Laid into {self._folder}.", ""

    def close(self) -> None: ...


class ApiLine:
    """A supplier's API, by django-anymail."""

    def __init__(self, url: MailUrl) -> None:
        self._url = url
        self._backend: Any = None

    def open(self) -> None:
        self._backend = api_backend(self._url)
        self._backend.open()

    def deliver(self, post: Post, at_the_dot: Callable[[], None]) -> tuple[str, str]:
        from django.conf import settings

        headers = dict(post.headers)
        message = EmailMultiAlternatives(
            post.subject, post.text, settings.DEFAULT_FROM_EMAIL, [post.to], headers=headers
        )
        if post.html:
            message.attach_alternative(post.html, "text/html")
        at_the_dot()
        return self.send(message, post.to)

    def send(self, message: Any, to: str) -> tuple[str, str]:
        """Hand over a message of Django's; returns and raises like `deliver`."""
        status = api_send(self._backend, message)
        of_one = status.recipients.get(to)
        said = of_one.status if of_one else next(iter(status.status or ["queued"]))
        number = str((of_one.message_id if of_one else status.message_id) or "")[:200]
        if said in ("rejected", "invalid"):
            raise Refused(f"The supplier says: {said}.", is_address=said == "invalid")
        if said == "failed":
            raise Deferred("The supplier says: failed.")
        return f"The supplier says: {said}.", number

    def close(self) -> None:
        if self._backend is not None:
            self._backend.close()
        self._backend = None


def api_backend(url: MailUrl) -> Any:
    """django-anymail's backend for a supplier."""
    from django.utils.module_loading import import_string

    key, behind = APIS[url.scheme]
    given = {key: url.user}
    if behind:
        given[behind] = url.host or url.password
    if url.api:
        given["api_url"] = url.api
    return import_string(f"anymail.backends.{url.scheme}.EmailBackend")(**given)


def api_send(backend: Any, message: Any) -> Any:
    """Send one message; returns anymail's status. Raises what a line raises."""
    from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
    from requests import ConnectionError as NoConnection
    from requests import ReadTimeout

    try:
        backend.send_messages([message])
    except AnymailRecipientsRefused as error:
        raise Refused("The supplier refuses the address.", is_address=True) from error
    except AnymailAPIError as error:
        cause = error.__cause__
        status = error.status_code or 0
        if isinstance(cause, ReadTimeout) or status == 504:
            raise Unsure("No answer in time.") from error
        if status in (400, 406, 413, 422):
            # Never the answer's own words: suppliers repeat what they were sent, keys among it.
            raise Refused(f"{status} The supplier does not take this mail.", is_address=False) from error
        said = f"{status} The supplier's API refuses us." if status else f"No answer ({type(cause or error).__name__})."
        raise SupplierDown(said) from error
    except (AnymailError, NoConnection, OSError) as error:
        raise SupplierDown(f"The supplier's API cannot be used ({type(error).__name__}).") from error
    return message.anymail_status
