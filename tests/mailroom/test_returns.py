"""Bounces and complaints, from a mailbox and by hooks."""

import base64
import dataclasses
import hashlib
import hmac
import imaplib
import json
import shutil
import socketserver
import threading
import time

import pytest
from django.utils import timezone

from standfirst.mailroom.mailbox import NotThere, mailbox_read
from standfirst.mailroom.models import Delivery, Suppression
from standfirst.mailroom.posting import bounces_to, delivery_in, message_id_of, name_of
from standfirst.mailroom.returns import returns_in
from standfirst.mailroom.services import note_send
from standfirst.ops import mail_checks

pytestmark = pytest.mark.django_db
TO = "olena@example.org"

BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: newsroom@news.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; olena@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} unknown user
--b
Content-Type: text/rfc822-headers

Message-ID: <{number}>
Subject: Receipt
--b--
"""
COMPLAINT = """\
From: fbl@isp.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1
Original-Rcpt-To: <olena@example.org>
--b
Content-Type: message/rfc822

Message-ID: <{number}>
Subject: Receipt

Words.
--b--
"""


@pytest.fixture
def delivery(db):
    sent = note_send(to=TO, subject="Receipt", text="Thanks.", language="en", kind="receipt", reference="r-1")
    Delivery.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now(), foreign_id="abc@mailgun")
    return sent


class Box:
    """A mailbox with some mails in it."""

    def __init__(self, *mails):
        self.mails, self.flags = {str(n).encode(): mail.encode() for n, mail in enumerate(mails)}, {}

    def __call__(self, host, port, timeout):
        return self

    def login(self, user, password):
        assert (user, password) == ("me@news.example", "secret")

    def select(self, name):
        assert name == "INBOX"

    def search(self, _charset, _what):
        return "OK", [b" ".join(number for number in self.mails if number not in self.flags)]

    def fetch(self, number, _what):
        return "OK", [(b"", self.mails[number]), b")"]

    def store(self, number, _how, flags):
        self.flags[number] = flags

    def expunge(self): ...

    def logout(self): ...


@pytest.fixture
def boxed(settings):
    settings.NEWSROOM = dataclasses.replace(
        settings.NEWSROOM, mail_bounce_mailbox="imaps://me%40news.example:secret@mail.example/INBOX"
    )


def state(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def test_a_bounce_in_the_mailbox_ends_writing_to_that_address(delivery, boxed):
    number = message_id_of(delivery.pk)
    box = Box(
        BOUNCE.format(action="failed", status="5.1.1", number=number), "From: a@b\n\nAn answer to your letter.", ""
    )

    mailbox_read(box)
    mailbox_read(box)

    assert state(delivery) == "bounced"
    assert Suppression.objects.get().email == TO
    assert list(box.flags.values()) == ["(\\Seen \\Deleted)", *["(\\Seen \\Flagged)"] * 2]


def test_a_full_mailbox_is_no_wrong_address_and_a_delay_is_no_bounce(delivery, boxed):
    number = message_id_of(delivery.pk)

    mailbox_read(Box(BOUNCE.format(action="delayed", status="4.4.1", number=number)))
    assert state(delivery) == "sent"
    mailbox_read(Box(BOUNCE.format(action="failed", status="5.2.2", number=number)))
    assert state(delivery) == "bounced"
    assert not Suppression.objects.exists()


def test_a_complaint_ends_writing_to_that_address(delivery, boxed):
    mailbox_read(Box(COMPLAINT.format(number=message_id_of(delivery.pk))))

    assert state(delivery) == "complained"
    assert Suppression.objects.get().reason == "complained"


def test_nobody_can_end_somebodys_letters_by_a_forged_bounce(delivery, boxed):
    forged = message_id_of(delivery.pk).replace(".", ".0", 1)

    mailbox_read(Box(BOUNCE.format(action="failed", status="5.1.1", number=forged), COMPLAINT.format(number="x@y")))

    assert state(delivery) == "sent"
    assert not Suppression.objects.exists()


def told(delivery, tmp_path, content, **settings):
    """Put a mail into a Maildir and read it; returns the delivery's state."""
    for name in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "Maildir" / "new" / f"{time.time_ns()}.M1.mx").write_text(content)
    mailbox_read()
    return state(delivery)


@pytest.fixture
def maildir(settings, tmp_path):
    settings.NEWSROOM = dataclasses.replace(
        settings.NEWSROOM,
        mail_bounce_to="bounces+*@news.example",
        mail_bounce_mailbox=f"maildir://{tmp_path / 'Maildir'}",
    )


# Hardly any headers, as servers differ in what they bring back.
BARE = BOUNCE[: BOUNCE.index("--b\nContent-Type: text/rfc822-headers")] + "--b--\n"
IN_OWN_WORDS = """\
Return-Path: <>
{to}From: MAILER-DAEMON@old.example
Subject: failure notice
{more}
Hi. This is the mail program at old.example.
I'm afraid I wasn't able to deliver your message.

<olena@example.org>:
198.51.100.7 does not like recipient.
Remote host said: {code} no such user here.
Giving up on 198.51.100.7.

--- Below this line is a copy of the message.

{copy}
"""


def test_a_bounce_without_any_header_of_ours_finds_its_mail_by_the_address_it_came_back_to(delivery, maildir, tmp_path):
    bounce = BARE.format(action="failed", status="5.1.1", number="")
    assert told(delivery, tmp_path, bounce) == "sent"

    to = f"Delivered-To: {bounces_to(delivery.pk).upper()}\n"

    assert told(delivery, tmp_path, to + bounce) == "bounced"
    assert Suppression.objects.get().email == TO


def test_a_bounce_finds_its_mail_by_the_name_that_the_server_was_given(delivery, maildir, tmp_path):
    bounce = BARE.format(action="failed", status="5.1.1", number="").replace(
        "Reporting-MTA:", f"Original-Envelope-Id: {name_of(delivery.pk)}\nReporting-MTA:"
    )

    assert told(delivery, tmp_path, bounce) == "bounced"


@pytest.mark.parametrize(
    ("code", "more", "has_copy", "now", "is_suppressed"),
    [
        ("550 5.1.1", "", True, "bounced", True),
        ("550", "", False, "bounced", True),
        ("552 5.2.2", "", True, "bounced", False),
        ("451", "", True, "sent", False),
        ("550 5.1.1", "Auto-Submitted: auto-replied\n", True, "sent", False),
    ],
)
def test_a_server_that_tells_it_in_its_own_words_is_understood(
    delivery, maildir, tmp_path, code, more, has_copy, now, is_suppressed
):
    name = message_id_of(delivery.pk)
    bounce = IN_OWN_WORDS.format(
        code=code, more=more, to="" if has_copy else f"To: {bounces_to(delivery.pk)}\n",
        copy=f"Message-ID: <{name}>" if has_copy else "",
    )  # fmt: skip

    assert told(delivery, tmp_path, bounce) == now
    assert Suppression.objects.exists() == is_suppressed


def test_somebodys_answer_is_no_bounce_whatever_she_quotes(delivery, maildir, tmp_path):
    answer = f"From: olena@example.org\nTo: {bounces_to(delivery.pk)}\n\nI got 550 5.1.1 from {name_of(delivery.pk)}"

    assert told(delivery, tmp_path, answer) == "sent"


def test_a_maildir_keeps_what_is_no_bounce_flagged_and_reads_it_once(delivery, maildir, tmp_path, caplog):
    bounce = BOUNCE.format(action="failed", status="5.1.1", number=message_id_of(delivery.pk))
    told(delivery, tmp_path, "From: a@b\n\nAn answer to your letter.")
    told(delivery, tmp_path, bounce)
    mailbox_read()

    (kept,) = [file for file in (tmp_path / "Maildir").rglob("*") if file.is_file()]
    assert (kept.parent.name, kept.name.partition(":2,")[2]) == ("cur", "FS")
    assert "answer to your letter" in kept.read_text()
    shutil.rmtree(tmp_path / "Maildir" / "new")
    mailbox_read()
    assert "is no Maildir: it has no folder new" in caplog.text


def test_each_mail_leaves_with_an_address_of_its_own_for_its_bounce(sink, supplied, delivery):
    Delivery.objects.filter(pk=delivery.pk).update(state="queued", sent_at=None)
    # It announces reports, and refuses the words for them.
    sink.extensions = ["DSN"]

    supplied(sink.url, mail_bounce_to="bounces+*@news.example")()

    assert state(delivery) == "sent"
    (envelope,) = sink.envelopes
    assert envelope.mail_from == bounces_to(delivery.pk) == f"bounces+{name_of(delivery.pk)}@news.example"
    assert delivery_in(envelope.mail_from) == delivery.pk
    assert b"bounces+" not in envelope.content


def test_a_server_that_can_is_told_to_name_the_mail_in_its_report(supplied, delivery):
    Delivery.objects.filter(pk=delivery.pk).update(state="queued", sent_at=None)
    heard = []

    class Server(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 mx.example\r\n")
            while line := self.rfile.readline().decode().strip():
                heard.append(line)
                if line == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    while self.rfile.readline() != b".\r\n":
                        pass
                self.wfile.write(b"250-mx.example\r\n250 DSN\r\n" if line.startswith("ehlo") else b"250 2.0.0 OK\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        supplied(f"smtp://127.0.0.1:{server.server_address[1]}", mail_from="n@news.example")()
        server.shutdown()

    assert state(delivery) == "sent"
    envelope = [line for line in heard if line.lower().startswith(("mail", "rcpt"))]
    assert [line.split(" ", 2)[2] for line in envelope] == [f"RET=HDRS ENVID={name_of(delivery.pk)}", "NOTIFY=FAILURE"]


@pytest.mark.parametrize(
    ("check", "said"),
    [(None, "opens"), ("mail.example does not take user and password", "mail.example does not take user and password")],
)
def test_doctor_opens_the_mailbox_of_bounces(boxed, settings, check, said):
    def opens(address):
        assert address == settings.NEWSROOM.mail_bounce_mailbox
        if check:
            raise NotThere(check)

    (found,) = mail_checks.mailbox(settings.NEWSROOM, opens)

    assert said in found.seen
    assert (found.state, bool(found.do)) == (("problem", True) if check else ("ok", False))
    assert "secret" not in f"{found.seen} {found.do}"


def test_doctor_says_when_nobody_reads_bounces(settings):
    public = dataclasses.replace(
        settings.NEWSROOM, base_url="https://news.example", mail_url="smtp://mail.example", mail_from="n@news.example"
    )

    (found,) = mail_checks.mailbox(public)

    assert "n@news.example and are read by nobody" in found.seen
    assert not list(mail_checks.mailbox(dataclasses.replace(public, mail_url="postmark://KEY?signing=u:p")))


@pytest.mark.parametrize("why", ["login", "select", "connect"])
def test_a_mailbox_that_does_not_open_is_said_without_its_password(boxed, why, caplog):
    class Shut(Box):
        def __call__(self, *given, **more):
            if why == "connect":
                raise OSError("no route to me@news.example:secret")
            return self

        def login(self, *given):
            if why == "login":
                raise imaplib.IMAP4.error("bad secret")

        def select(self, name):
            return ("NO", [b"secret"]) if why == "select" else ("OK", [b"0"])

    assert mailbox_read(Shut()) is not None

    assert "cannot be read: mail.example does" in caplog.text or "there is no folder INBOX" in caplog.text
    assert "secret" not in caplog.text


def test_what_is_no_report_reports_nothing():
    for content in (b"", b"\xff\xfe", b"Content-Type: multipart/report; report-type=delivery-status\n\nx"):
        assert returns_in(content) == []


def mailgun(client, settings, event, key="topsecret", **data):
    settings.NEWSROOM = dataclasses.replace(
        settings.NEWSROOM, mail_url="mailgun://KEY@news.example?signing=topsecret,postmark://TOKEN?signing=u:p"
    )
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event, "id": "e1", "timestamp": time.time(), "recipient": TO, "severity": "permanent",
            "reason": "bounce", "message": {"headers": {"message-id": "abc@mailgun"}},
            "delivery-status": {"code": 550, "message": "unknown user"}, **data,
        },
    }  # fmt: skip
    return client.post("/hooks/mail/mailgun/", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(("event", "now"), [("failed", "bounced"), ("complained", "complained"), ("delivered", "sent")])
def test_a_signed_report_of_a_supplier_counts(delivery, client, settings, event, now):
    assert mailgun(client, settings, event).status_code == 200
    assert mailgun(client, settings, event).status_code == 200

    assert state(delivery) == now
    assert Suppression.objects.exists() == (now != "sent")


def test_an_unsigned_report_counts_for_nothing(delivery, client, settings):
    assert mailgun(client, settings, "failed", key="guessed").status_code == 403
    for path, headers in (
        ("/hooks/mail/postmark/", {}),
        ("/hooks/mail/postmark/", {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"u:wrong").decode()}),
        ("/hooks/mail/nobody/", {}),
    ):
        answer = client.post(path, json.dumps({"RecordType": "Bounce"}), content_type="application/json", **headers)
        assert answer.status_code in (403, 404)
    assert client.get("/hooks/mail/mailgun/").status_code == 405

    assert state(delivery) == "sent"


RECORDS = {
    ("news.example", "TXT"): ["v=spf1 include:mail.example -all", "google-site=1"],
    ("s1._domainkey.news.example", "TXT"): ["v=DKIM1; p=MIIB"],
    ("_dmarc.news.example", "TXT"): ["v=DMARC1; p=none"],
    ("news.example", "MX"): ["10 mx.news.example."],
}


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (None, None),
        (("news.example", "TXT"), "no SPF record"),
        (("s1._domainkey.news.example", "TXT"), "has no key"),
        (("_dmarc.news.example", "TXT"), "no DMARC record"),
        (("news.example", "MX"), "takes no mail"),
    ],
)
def test_doctor_reads_the_records_that_decide_whether_mail_arrives(settings, gone, said):
    newsroom = dataclasses.replace(
        settings.NEWSROOM, base_url="https://news.example", mail_url="smtp://mail.example",
        mail_from="newsroom@news.example", mail_dkim_selector="s1",
    )  # fmt: skip

    found = list(mail_checks.records(newsroom, lambda *asked: [] if asked == gone else RECORDS.get(asked, [])))

    wrong = [one for one in found if one.state != "ok"]
    assert [said in one.seen and bool(one.do) for one in wrong] == ([True] if said else [])


def looked(settings, ask, mail_url="smtp://mail.example"):
    newsroom = dataclasses.replace(
        settings.NEWSROOM, base_url="https://news.example", mail_url=mail_url, mail_from="newsroom@news.example",
        mail_dkim_selector="s1",
    )  # fmt: skip
    return [one for one in mail_checks.records(newsroom, ask) if one.state != "ok"]


def test_doctor_names_the_record_to_set(settings):
    (found,) = [
        one
        for one in looked(settings, lambda *_: [], "mailgun://KEY@news.example,smtp://mail.example,smtp://127.0.0.1:25")
        if "SPF" in one.seen
    ]

    assert '"v=spf1 include:mailgun.org a:mail.example a ~all"' in found.do
    everybody = {**RECORDS, ("news.example", "TXT"): ["v=spf1 +all"]}
    (open_to_all,) = looked(settings, lambda *asked: everybody.get(asked, []))
    assert "lets everybody send" in open_to_all.seen


def test_a_silent_dns_is_no_missing_record_and_is_waited_for_once(settings):
    asked = []

    def silent(name, kind):
        asked.append(name)
        raise mail_checks.NoAnswer(name)

    (found,) = looked(settings, silent)

    assert "did not answer" in found.seen
    assert found.state == "advice"
    assert asked == ["news.example"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "has no name (no PTR record)"),
        ({("203.0.113.9", "PTR"): ["static-9.host.example."]}, "does not lead back to it"),
        ({("203.0.113.9", "PTR"): ["news.example."]}, None),
    ],
)
def test_a_mail_server_of_our_own_needs_a_name_that_leads_back(settings, more, said):
    known = {**RECORDS, ("news.example", "A"): ["203.0.113.9"], **more}

    found = looked(settings, lambda *asked: known.get(asked, []), "smtp://127.0.0.1:25")

    assert [said in one.seen and "PTR" in one.do for one in found] == ([True] if said else [])
    assert not looked(settings, lambda *asked: known.get(asked, []))
