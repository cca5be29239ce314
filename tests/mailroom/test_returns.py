"""Bounces and complaints, from a mailbox and by hooks."""

import base64
import dataclasses
import hashlib
import hmac
import json
import time

import pytest
from django.utils import timezone

from standfirst.mailroom.mailbox import mailbox_read
from standfirst.mailroom.models import Delivery, Suppression
from standfirst.mailroom.posting import message_id_of
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
