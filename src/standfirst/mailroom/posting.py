"""One mail as bytes: built once for a letter; then only address, id and token are put in for each reader."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext, override

from standfirst.kit.mailaddress import normal
from standfirst.mailroom import tokens
from standfirst.mailroom.returns import NAME

if TYPE_CHECKING:
    import datetime as dt

    from standfirst.mailroom.models import Delivery, Letter, Note

#: Stands in a letter's words where each reader's own token goes. As long as one, so no line changes its length.
TOKEN = "sf0token0of0this0reader0".ljust(tokens.LENGTH, "0")
_TO, _ID = b"sf0-to-0", b"sf0-id-0"
_LINE = 74


def leave_address() -> str:
    """The address of a reader's own page about her letters, with TOKEN in it."""
    return f"{base_url()}/u/{TOKEN}"


def base_url() -> str:
    return str(settings.NEWSROOM.base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def domain() -> str:
    """The domain our mail comes from, which names our messages and lists."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def feedback_id(*what: str) -> str:
    """Three words about a mail and one of ours, by which Gmail counts complaints; the last has 5 to 15 signs."""
    ours = re.sub(r"[^a-z0-9]", "", domain().lower())[:15].ljust(5, "0")
    return ":".join([*(re.sub(r"[^A-Za-z0-9_-]", "-", word) for word in what), ours])


def message_id_of(pk: int) -> str:
    """The Message-ID of a delivery. The same at every try, so that whoever gets it twice can tell."""
    return f"{name_of(pk)}@{domain()}"


def name_of(pk: int) -> str:
    """A delivery's number with our mark, so that nobody can make up another's."""
    return f"d{pk}.{tokens.mark('message', str(pk).encode()).hex()[:16]}"


def delivery_in(text: str) -> int | None:
    """The number of the first delivery of ours that a Message-ID, an address for bounces or any text names, or None."""
    for kind, number, ours in NAME.findall(text.lower()):
        if kind == "d" and tokens.mark("message", number.encode()).hex()[:16] == ours:
            return int(number)
    return None


def name_at_once(to: str, at: int) -> str:
    """The name of a mail that is sent at once and written down nowhere: our mark over its address and a number.

    at: tells two mails to one address apart, such as the second in which what it is about happened.
    """
    return f"a{at}.{_mark_at_once(to, str(at))}"


def is_at_once(text: str, to: str) -> bool:
    """Whether a Message-ID, or an address for bounces, names a mail that we sent at once to this very address."""
    found = NAME.findall(text.lower()) if to else []
    return any(kind == "a" and hmac.compare_digest(_mark_at_once(to, number), ours) for kind, number, ours in found)


def _mark_at_once(to: str, number: str) -> str:
    return tokens.mark("at once", f"{number} {normal(to)}".encode()).hex()[:16]


def bounces_to(pk: int) -> str:
    """Where a delivery's bounce comes back to, which the receiving server learns and the reader does not see."""
    return bounces_of(name_of(pk))


def bounces_of(name: str) -> str:
    """Where the bounce of the mail of this name comes back to."""
    address = settings.NEWSROOM.mail_bounce_to
    return address.replace("*", name) if address else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


@dataclass(frozen=True)
class Post:
    """One mail, finished. sender: of the envelope, where it bounces to. name: of the delivery, for the server's report.
    data: as it goes over the line, with CRLF."""

    delivery: int
    sender: str
    to: str
    data: bytes
    message_id: str
    name: str = ""
    # For suppliers that take no bytes.
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    is_note: bool = False


class Form:
    """A letter or note with gaps, from which `post` makes the mail to one address."""

    def __init__(
        self, *, subject: str, text: str, html: str, headers: dict[str, str], date: dt.datetime, is_note: bool = False
    ) -> None:
        self._subject, self._text, self._html, self._headers = subject, text, html, headers
        self._is_note = is_note
        first = {
            "From": _from(),
            "To": _TO.decode(),
            "Subject": subject,
            "Date": format_datetime(date),
            "Message-ID": f"<{_ID.decode()}>",
            **headers,
            "MIME-Version": "1.0",
        }
        self._data = b"".join(_header(name, value) for name, value in first.items()) + _body(text, html)

    def post(self, *, delivery: int, to: str, key: str = "") -> Post:
        """key: of the subscription it goes by."""
        token = tokens.token_of(key, tokens.LEAVE) if key else ""
        message_id = message_id_of(delivery)
        data = self._data.replace(_TO, to.encode("ascii"), 1).replace(_ID, message_id.encode(), 1)
        if token:
            data = data.replace(TOKEN.encode(), token.encode())

        def own(text: str) -> str:
            return text.replace(TOKEN, token) if token else text

        return Post(
            delivery=delivery,
            sender=bounces_to(delivery),
            to=to,
            data=data,
            message_id=message_id,
            name=name_of(delivery),
            subject=self._subject,
            text=own(self._text),
            html=own(self._html),
            headers={**{name: own(value) for name, value in self._headers.items()}, "Message-ID": f"<{message_id}>"},
            is_note=self._is_note,
        )


def form_of(delivery: Delivery) -> Form:
    """The form that a delivery is posted by."""
    return form_of_note(delivery.note) if delivery.note else form_of_letter(delivery.letter)  # type: ignore[arg-type]


def form_of_letter(letter: Letter) -> Form:
    with override(letter.language):
        text, html = with_foot(text=letter.text, html=letter.html, mailing=letter.mailing.name_in())
    if letter.counts_links:
        from standfirst.mailroom.links import with_counted_links  # which asks here for the paper's address

        html = with_counted_links(html, letter.pk)
    address = leave_address()
    key = letter.mailing.key
    headers = {
        "List-Id": f"<{key}.{domain()}>",
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": feedback_id(str(letter.pk), key, "letter"),
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    date = letter.started_at or letter.made_at
    return Form(subject=letter.subject, text=text, html=html, headers=headers, date=date)


def form_of_note(note: Note) -> Form:
    headers = {
        "Feedback-ID": feedback_id("0", note.kind, "note"),
        "Auto-Submitted": "auto-generated",
        "Content-Language": note.language,
        **note.headers,
    }
    return Form(subject=note.subject, text=note.text, html=note.html, headers=headers, date=note.made_at, is_note=True)


def with_foot(*, text: str, html: str, mailing: str) -> tuple[str, str]:
    """A letter's words with the way out below them, unless they hold it already."""
    address = leave_address()
    why = gettext("You get this because you asked for “%(mailing)s” at %(paper)s.") % {
        "mailing": mailing,
        "paper": urlsplit(base_url()).hostname or settings.NEWSROOM.name,
    }
    if TOKEN not in text:
        leave = gettext("Leave, or choose which letters you get:")
        text = f"{text.rstrip()}\n\n-- \n{why}\n{leave}\n{address}\n"
    if html and TOKEN not in html:
        leave = gettext("Leave, or choose your letters")
        foot = f'<p style="font-size:13px">{escape(why)} <a href="{address}">{leave}</a></p>'
        head, body, rest = html.rpartition("</body>")
        html = f"{head}{foot}{body}{rest}" if body else f"{html}{foot}"
    return text, html


def _from() -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.NEWSROOM.name, address))


def _header(name: str, value: str) -> bytes:
    value = " ".join(value.split())
    if value.isascii():
        value = _folded(f"{name}: {value}").partition(": ")[2]
    else:
        value = Header(value, "utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")
    return f"{name}: {value}\r\n".encode("ascii")


def _folded(header: str) -> str:
    """A header of ASCII over lines of at most 78 signs where it has spaces (RFC 5322, 2.1.1)."""
    rows = [""]
    for word in header.split(" "):
        if len(rows[-1]) + len(word) >= _LINE and rows[-1].strip(" ") and not rows[-1].endswith(":"):
            rows.append("")
        rows[-1] += f"{' ' if rows[-1] or len(rows) > 1 else ''}{word}"
    return "\r\n".join(rows)


def _body(text: str, html: str) -> bytes:
    if not html:
        return _part("text/plain", text)
    # Fixed: both parts are quoted-printable, in which no line can begin so.
    edge = b"=_standfirst_="
    return b"\r\n".join(
        [
            b'Content-Type: multipart/alternative; boundary="' + edge + b'"\r\n',
            b"--" + edge,
            _part("text/plain", text).rstrip(b"\r\n"),
            b"--" + edge,
            _part("text/html", html).rstrip(b"\r\n"),
            b"--" + edge + b"--",
            b"",
        ]
    )


def _part(kind: str, words: str) -> bytes:
    head = f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return (
        head.encode()
        + b"\r\n".join(quoted(line) for line in words.replace("\r\n", "\n").rstrip().split("\n"))
        + b"\r\n"
    )


def quoted(line: str) -> bytes:
    """One line in quoted-printable, with soft breaks that never fall into TOKEN."""
    atoms: list[str] = []
    for number, piece in enumerate(line.split(TOKEN)):
        if number:
            atoms.append(TOKEN)
        atoms += [chr(byte) if 32 <= byte <= 126 and byte != 61 else f"={byte:02X}" for byte in piece.encode()]
    if atoms and atoms[-1] == " ":
        atoms[-1] = "=20"
    rows: list[str] = []
    row: list[str] = []
    length = 0
    for atom in atoms:
        if length + len(atom) > _LINE:
            rows.append("".join(row) + "=")
            row, length = [], 0
        row.append(atom)
        length += len(atom)
    rows.append("".join(row))
    return "\r\n".join(rows).encode("ascii")
