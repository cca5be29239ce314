"""Suppliers' APIs: letters go by them over HTTP, one stands in for another, and their reports are read."""

import base64
import dataclasses
import hashlib
import hmac
import itertools
import json
import time
from urllib.parse import unquote_plus

import pytest
from django.db import OperationalError
from django.utils import timezone

from standfirst.letterbox import spool
from standfirst.letterbox.delivery import spool_deliver
from standfirst.mailroom import services
from standfirst.mailroom.journal import SENT, Outcome
from standfirst.mailroom.models import Delivery, Subscription, Supplier, Suppression
from standfirst.mailroom.selectors import progress_of
from standfirst.mailroom.services import note_send, suppression_lift
from standfirst.mailroom.services.outcomes import outcomes_write
from tests.letterbox.conftest import data
from tests.mailroom.conftest import letter, readers
from tests.mailroom.fakes import KINDS, Fake

__all__ = ["data"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # anymail's makers have no account there any more to try it with.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid"),
]
NAMES = sorted(KINDS)
NOW = "2026-11-23T10:00:00Z"


@pytest.fixture
def fake():
    started = []

    def of(name, *says):
        started.append(Fake(KINDS[name], list(says)).start())
        return started[-1]

    yield of
    for one in started:
        one.stop()


# Sending ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_goes_by_a_suppliers_api_with_its_way_out(fake, supplied, daily, name):
    (to,) = readers(daily, 1)
    api = fake(name)
    sent = letter(daily)

    supplied(api.url)()

    assert progress_of(sent).counts == {"sent": 1}
    (body,) = api.taken
    said = unquote_plus(body) if name == "mailgun" else json.dumps(json.loads(body), ensure_ascii=False)
    for words in (
        to,
        "Зранку: the bridge is open",
        "Міст відкрито.",
        "List-Unsubscribe=One-Click",
        "/u/",
        "Feedback-ID",
    ):
        assert words.lower() in said.lower()
    delivery = sent.deliveries.get()
    assert delivery.supplier == name
    assert (delivery.foreign_id == KINDS[name].number) or (name == "sendgrid" and delivery.foreign_id)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_when_an_api_refuses_us_the_mail_goes_by_smtp(fake, sink, supplied, daily, status):
    everybody = readers(daily, 6)
    api = fake("postmark", *[status] * 50)
    sent = letter(daily)

    supplied(api.url, sink.url)()

    assert sink.count == dict.fromkeys(everybody, 1)
    assert progress_of(sent).counts == {"sent": 6}
    down = Supplier.objects.get(name="postmark")
    assert down.trouble == f"{status} The supplier's API refuses us."
    # Four connections may have asked at once; then it is left alone.
    assert api.calls <= 4


def test_when_a_mail_server_is_dead_the_mail_goes_by_an_api(fake, supplied, daily):
    readers(daily, 1)
    api = fake("brevo")
    sent = letter(daily)

    supplied("smtp://127.0.0.1:1?name=dead", api.url)()

    assert len(api.taken) == 1
    assert progress_of(sent).counts == {"sent": 1}


def test_a_mail_that_an_api_does_not_take_goes_by_no_other_and_its_words_are_not_repeated(fake, sink, supplied, daily):
    readers(daily, 1)
    sent = letter(daily)

    supplied(fake("brevo", 400).url, sink.url)()

    assert progress_of(sent).counts == {"bounced": 1}
    assert sent.deliveries.get().answer == "400 The supplier does not take this mail."
    assert not sink.mails
    assert not Suppression.objects.exists()


def test_an_answer_that_came_too_late_leaves_a_mail_unsure_and_sends_it_to_no_other(fake, sink, supplied, daily):
    readers(daily, 1)
    sent = letter(daily)

    supplied(fake("postmark", 504).url, sink.url)()

    assert progress_of(sent).counts == {"unsure": 1}
    assert not sink.mails


# Their reports ------------------------------------------------------------------------------------

TO = "olena@example.org"
SECRET = "topsecret"
SVIX = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
#: What each supplier posts, in the shapes of their documentation: kind → body.
SHAPES = {
    "mailgun": {
        "bounce": {"event": "failed", "severity": "permanent", "reason": "bounce",
                   "delivery-status": {"code": 550, "message": "5.1.1 no such user"}},
        "later": {"event": "failed", "severity": "temporary", "reason": "generic",
                  "delivery-status": {"code": 452, "message": "4.2.2 full"}},
        "complaint": {"event": "complained"},
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
    },
    "postmark": {
        "bounce": {"RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "BouncedAt": NOW,
                   "Email": TO, "MessageID": "M1", "Details": "no such user"},
        "soft": {"RecordType": "Bounce", "ID": 43, "Type": "SoftBounce", "TypeCode": 4096, "BouncedAt": NOW,
                 "Email": TO, "MessageID": "M1", "Details": "mailbox full"},
        "later": {"RecordType": "Bounce", "ID": 44, "Type": "Transient", "BouncedAt": NOW, "Email": TO,
                  "MessageID": "M1"},
        "complaint": {"RecordType": "SpamComplaint", "ID": 45, "Type": "SpamComplaint", "BouncedAt": NOW,
                      "Email": TO, "MessageID": "M1"},
        "delivered": {"RecordType": "Delivery", "Recipient": TO, "MessageID": "M1", "DeliveredAt": NOW},
    },
    "sendgrid": {
        "bounce": [{"event": "bounce", "type": "bounce", "email": TO, "timestamp": 1795428000, "smtp-id": "M1",
                    "sg_event_id": "e1", "reason": "550 5.1.1 no such user", "status": "5.1.1"}],
        "soft": [{"event": "bounce", "type": "blocked", "email": TO, "timestamp": 1795428000, "smtp-id": "M1",
                  "sg_event_id": "e2", "reason": "552 5.2.2 full"}],
        "later": [{"event": "deferred", "email": TO, "timestamp": 1795428000, "smtp-id": "M1", "sg_event_id": "e3",
                   "response": "400 try again"}],
        "complaint": [{"event": "spamreport", "email": TO, "timestamp": 1795428000, "smtp-id": "M1",
                       "sg_event_id": "e4"}],
        "delivered": [{"event": "delivered", "email": TO, "timestamp": 1795428000, "smtp-id": "M1",
                       "sg_event_id": "e5"}],
    },
    "brevo": {
        kind: {"event": event, "email": TO, "id": 1, "ts_epoch": 1795428000000, "message-id": "M1", "reason": "said"}
        for kind, event in (("bounce", "hard_bounce"), ("soft", "soft_bounce"), ("later", "deferred"),
                            ("complaint", "spam"), ("delivered", "delivered"))
    },
    "mailjet": {
        "bounce": [{"event": "bounce", "time": 1795428000, "MessageID": "M1", "email": TO, "hard_bounce": True,
                    "blocked": False, "error_related_to": "recipient", "error": "user unknown"}],
        "soft": [{"event": "bounce", "time": 1795428000, "MessageID": "M1", "email": TO, "hard_bounce": False,
                  "blocked": False, "error_related_to": "recipient", "error": "mailbox inactive"}],
        "later": [{"event": "bounce", "time": 1795428000, "MessageID": "M1", "email": TO, "hard_bounce": False,
                   "error": "greylisted"}],
        "complaint": [{"event": "spam", "time": 1795428000, "MessageID": "M1", "email": TO, "source": "JMRPP"}],
        "delivered": [{"event": "sent", "time": 1795428000, "MessageID": "M1", "email": TO, "smtp_reply": "250"}],
    },
    "resend": {
        kind: {"type": f"email.{event}", "created_at": NOW, "data": {"email_id": "M1", "to": [TO], **more}}
        for kind, event, more in (
            ("bounce", "bounced", {"bounce": {"type": "Permanent", "message": "sent a hard bounce message, gone"}}),
            ("soft", "bounced", {"bounce": {"type": "Transient", "message": "sent a bounce message, inbox full"}}),
            ("later", "delivery_delayed", {}),
            ("complaint", "complained", {}),
            ("delivered", "delivered", {}),
        )
    },
    "mailersend": {
        kind: {"type": f"activity.{event}", "data": {"object": "activity", "id": "1", "type": event,
               "created_at": NOW, "email": {"message": {"id": "M1"}, "recipient": {"email": TO}}, "morph": morph}}
        for kind, event, morph in (
            ("bounce", "hard_bounced", {"object": "recipient_bounce", "reason": "no such user"}),
            ("soft", "soft_bounced", {"object": "recipient_bounce", "reason": "mailbox full"}),
            ("complaint", "spam_complaint", {"object": "spam_complaint"}),
            ("delivered", "delivered", None),
        )
    },
    "sparkpost": {
        kind: [{"msys": {"message_event": {"type": event, "timestamp": "1795428000", "transmission_id": "M1",
                "event_id": "9", "raw_rcpt_to": TO, "raw_reason": "said", **more}}}]
        for kind, event, more in (
            ("bounce", "bounce", {"bounce_class": "30"}),
            ("soft", "bounce", {"bounce_class": "22"}),
            ("later", "delay", {"bounce_class": "21"}),
            ("complaint", "spam_complaint", {}),
            ("delivered", "delivery", {}),
        )
    },
}  # fmt: skip
#: What a report of each kind makes of a delivery, and whether its address is written to again.
BECOMES = {
    "bounce": ("bounced", True),
    "soft": ("bounced", False),
    "later": ("sent", False),
    "complaint": ("complained", True),
    "delivered": ("sent", False),
    "gone before": ("bounced", True),
}
CASES = [(name, kind) for name in NAMES for kind in BECOMES if kind in SHAPES[name]]


#: What suppliers say of an address that they keep on a list of their own, and of a mail they never tried to deliver.
GONE_BEFORE = {
    "mailgun": {"event": "failed", "severity": "permanent", "reason": "suppress-bounce",
                "delivery-status": {"code": 605, "message": "", "description": "Not delivering to previously bounced"}},
    "postmark": {"RecordType": "SubscriptionChange", "Recipient": TO, "MessageID": "M1", "ChangedAt": NOW,
                 "SuppressSending": True, "SuppressionReason": "HardBounce", "Origin": "Recipient"},
    "sendgrid": [{"event": "dropped", "email": TO, "timestamp": 1795428000, "smtp-id": "M1", "sg_event_id": "e6",
                  "reason": "Bounced Address"}],
    "brevo": {"event": "invalid_email", "email": TO, "id": 1, "ts_epoch": 1795428000000, "message-id": "M1"},
    "mailjet": [{"event": "bounce", "time": 1795428000, "MessageID": "M1", "email": TO, "hard_bounce": True,
                 "blocked": True, "error_related_to": "domain", "error": "invalid domain"}],
    "resend": {"type": "email.bounced", "created_at": NOW, "data": {"email_id": "M1", "to": [TO], "bounce": {
        "type": "Permanent", "subType": "Suppressed", "message": "Resend has suppressed sending to this address"}}},
    "mailersend": {"type": "activity.hard_bounced", "data": {"type": "hard_bounced", "created_at": NOW, "email": {
        "message": {"id": "M1"}, "recipient": {"email": TO}}, "morph": {"object": "recipient_bounce",
        "readable_reason": "The address is on the list of hard bounces."}}},
    "sparkpost": [{"msys": {"message_event": {"type": "out_of_band", "timestamp": "1795428000", "transmission_id": "M1",
                   "raw_rcpt_to": TO, "bounce_class": "10", "raw_reason": "550 5.1.1"}}}],
}  # fmt: skip
#: What suppliers say when the reader has pressed a way out of theirs, or of her mail program that they saw first.
WAY_OUT = {
    "mailgun": {"event": "unsubscribed"},
    "postmark": {"RecordType": "SubscriptionChange", "Recipient": TO, "MessageID": "M1", "ChangedAt": NOW,
                 "SuppressSending": True, "SuppressionReason": "ManualSuppression", "Origin": "Recipient"},
    "sendgrid": [{"event": "group_unsubscribe", "email": TO, "timestamp": 1795428000, "smtp-id": "M1",
                  "sg_event_id": "e7"}],
    "brevo": {"event": "unsubscribe", "email": TO, "id": 1, "ts_epoch": 1795428000000, "message-id": "M1"},
    "mailjet": [{"event": "unsub", "time": 1795428000, "MessageID": "M1", "email": TO}],
    "mailersend": {"type": "activity.unsubscribed", "data": {"type": "unsubscribed", "created_at": NOW, "email": {
        "message": {"id": "M1"}, "recipient": {"email": TO}}, "morph": {"object": "recipient_unsubscribe"}}},
    "sparkpost": [{"msys": {"unsubscribe_event": {"type": "list_unsubscribe", "timestamp": "1795428000",
                   "transmission_id": "M1", "raw_rcpt_to": TO}}}],
}  # fmt: skip
for _kind, _shapes in (("gone before", GONE_BEFORE), ("way out", WAY_OUT)):
    for _name, _shape in _shapes.items():
        SHAPES[_name][_kind] = _shape


@pytest.fixture
def delivery(db):
    sent = note_send(to=TO, subject="Receipt", text="Thanks.", language="en", kind="receipt", reference="r-1")
    Delivery.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now(), foreign_id="M1")
    return sent


@pytest.fixture
def report(client, settings):
    """Post what a supplier posts, signed as it signs."""
    lines = ",".join(
        f"{kind.line}?signing={'u:' + SECRET if name not in SIGNED else SVIX if name == 'resend' else SECRET}"
        for name, kind in KINDS.items()
    )
    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, mail_url=lines)

    def post(name, kind, *, secret=SECRET, age=0):
        said = SHAPES[name][kind]
        stamp = str(int(time.time()) - age)
        headers = {}
        if name == "mailgun":
            token = "t" * 50
            signature = hmac.new(secret.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
            about = {"recipient": TO, "timestamp": 1795428000, "message": {"headers": {"message-id": "M1"}}}
            said = {
                "signature": {"timestamp": stamp, "token": token, "signature": signature},
                "event-data": {**about, **said},
            }
        body = json.dumps(said).encode()
        if name == "resend":
            key = base64.b64decode(SVIX[6:]) if secret == SECRET else b"guessed"
            mac = base64.b64encode(hmac.new(key, f"m1.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
            headers = {"svix-id": "m1", "svix-timestamp": stamp, "svix-signature": f"v1,AAAA v1,{mac}"}
        elif name == "mailersend":
            headers = {"Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
        elif name != "mailgun":
            headers = {"Authorization": "Basic " + base64.b64encode(f"u:{secret}".encode()).decode()}
        return client.post(f"/hooks/mail/{name}/", body, content_type="application/json", headers=headers)

    return post


#: Those that sign; the others send a name and a password that they were given.
SIGNED = {"mailgun", "mailersend", "resend"}


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_each_suppliers_reports_are_understood_and_twice_is_once(delivery, report, name, kind):
    for _ in range(2):
        assert report(name, kind).status_code == 200

    delivery.refresh_from_db()
    state, is_suppressed = BECOMES[kind]
    assert delivery.state == state
    assert list(Suppression.objects.values_list("email", flat=True)) == ([TO] if is_suppressed else [])


@pytest.mark.parametrize("name", NAMES)
def test_reports_in_any_order_late_and_twice_end_the_same(delivery, report, name):
    for kinds, ends in ((("delivered", "bounce", "complaint"), "complained"), (("delivered", "bounce"), "bounced")):
        for order in itertools.permutations(kinds):
            Delivery.objects.filter(pk=delivery.pk).update(state="sent")
            Suppression.objects.all().delete()

            for kind in (*order, order[0]):
                assert report(name, kind).status_code == 200

            delivery.refresh_from_db()
            assert (delivery.state, Suppression.objects.count()) == (ends, 1), order


@pytest.mark.parametrize("name", sorted(WAY_OUT))
def test_a_reader_who_left_by_a_suppliers_way_out_has_left_that_mailing_and_is_no_wrong_address(daily, report, name):
    Subscription.objects.create(email=TO, mailing=daily, language="en", state="active", confirmed_at=timezone.now())
    sent = letter(daily)
    sent.deliveries.update(state="sent", sent_at=timezone.now(), foreign_id="M1")

    for _ in range(2):
        assert report(name, "way out").status_code == 200

    assert Subscription.objects.get().state == "left"
    assert not Suppression.objects.exists()


def test_a_report_that_comes_before_we_have_written_down_that_it_was_taken_is_about_that_mail(delivery, report):
    later = note_send(to=TO, subject="Second", text="T", language="en", kind="receipt", reference="r-2")
    Delivery.objects.filter(pk=later.pk).update(state="sending")
    Delivery.objects.filter(pk=delivery.pk).update(foreign_id="another")

    report("postmark", "soft")
    outcomes_write([Outcome(later.pk, SENT, time.time(), supplier="postmark", answer="queued", foreign_id="M1")])

    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "bounced"]


def test_reports_wait_in_the_spool_while_the_database_is_away_and_are_refused_when_it_is_full(
    delivery, report, data, monkeypatch
):
    def away(**_):
        raise OperationalError("gone")

    with monkeypatch.context() as cut:
        cut.setattr(services, "return_take", away)
        assert report("brevo", "bounce").status_code == 200
        cut.setattr(spool, "MEGABYTES", 0)
        refused = report("brevo", "bounce")
    spool_deliver(data=data)

    assert (refused.status_code, refused.content) == (503, b"Try again later.\n")
    delivery.refresh_from_db()
    assert delivery.state == "bounced"


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_report_is_refused_and_changes_nothing(delivery, report, name):
    refused = report(name, "bounce", secret="guessed")

    assert (refused.status_code, refused.content) == (403, b"The signature is not right.\n")
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", ["mailgun", "resend"])
def test_a_report_that_somebody_has_kept_and_sends_again_later_is_refused(delivery, report, name):
    refused = report(name, "complaint", age=25 * 3600)

    assert (refused.status_code, refused.content) == (403, b"This report was signed too long ago.\n")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_report_sent_again_after_the_desk_has_lifted_it_changes_nothing(delivery, report, name):
    report(name, "bounce")
    suppression_lift(email=TO)

    assert report(name, "bounce").status_code == 200
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"x"', b"\xff", b'{"signature": 1}', b'{"items": []}'])
def test_what_no_supplier_would_send_is_refused_in_a_sentence(report, client, body):
    right = {"Authorization": "Basic " + base64.b64encode(f"u:{SECRET}".encode()).decode()}
    for name in NAMES:
        answer = client.post(f"/hooks/mail/{name}/", body, content_type="application/json", headers=right)
        assert answer.status_code in (200, 400, 403)
    assert client.post("/hooks/mail/nobody/", body, content_type="application/json").status_code == 404
    assert not Suppression.objects.exists()
