"""Mail that is sent at once and kept nowhere: what comes back of it still ends writing to that address."""

import time

import pytest
from django.core.mail import EmailMessage

from standfirst.mailroom.backend import NotSent
from standfirst.mailroom.mailbox import mailbox_read
from standfirst.mailroom.models import Suppression
from standfirst.mailroom.posting import is_at_once, name_at_once
from tests.mailroom.test_returns import BARE, BOUNCE, COMPLAINT, TO, Box, boxed, maildir

__all__ = ["boxed", "maildir"]
pytestmark = pytest.mark.django_db


def sent(sink, to=TO, **headers):
    EmailMessage("An answer", "Thank you.", "newsroom@news.example", [to], headers=headers).send()
    return sink.mail_to(to)["Message-ID"].strip("<>")


def test_a_bounce_ends_writing_to_the_address_it_went_to(sink, supplied, boxed):
    supplied(sink.url)
    bounce = BOUNCE.format(action="failed", status="5.1.1", number=sent(sink))

    mailbox_read(Box(bounce, bounce))

    assert Suppression.objects.get().email == TO
    assert Suppression.objects.get().reason == "bounced"


def test_a_complaint_ends_it_where_it_names_the_address(sink, supplied, boxed):
    supplied(sink.url)
    named = "Feedback-Type: abuse\nOriginal-Rcpt-To: <Olena@example.org>"
    complaint = COMPLAINT.format(number=sent(sink)).replace("Feedback-Type: abuse", named)

    mailbox_read(Box(complaint))

    assert Suppression.objects.get().reason == "complained"


def test_a_full_mailbox_does_not(sink, supplied, boxed):
    supplied(sink.url)

    mailbox_read(Box(BOUNCE.format(action="failed", status="5.2.2", number=sent(sink))))

    assert not Suppression.objects.exists()


def test_who_got_one_can_end_nobody_elses_mail_with_it(sink, supplied, boxed):
    supplied(sink.url)
    mine = sent(sink, "mallory@example.org")
    made_up = f"a{int(time.time())}.{'0' * 16}@news.example"

    mailbox_read(Box(*(BOUNCE.format(action="failed", status="5.1.1", number=one) for one in (mine, made_up))))

    assert not Suppression.objects.exists()


def test_its_bounce_comes_back_to_an_address_of_its_own(sink, supplied, maildir, settings, tmp_path):
    supplied(sink.url)
    sent(sink, **{"Message-ID": "<of-somebody@else.example>"})
    (envelope,) = sink.envelopes

    assert envelope.mail_from.startswith("bounces+a")
    assert is_at_once(envelope.mail_from, TO)
    for name in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    bounce = f"Delivered-To: {envelope.mail_from}\n" + BARE.format(action="failed", status="5.1.1", number="")
    (tmp_path / "Maildir" / "new" / "1.M1.mx").write_text(bounce)
    mailbox_read()
    assert Suppression.objects.get().email == TO


def test_an_address_that_is_refused_at_once_is_not_written_to_again(sink, supplied):
    supplied(sink.url)
    sink.says[TO] = ["550 5.1.1 no such user"]

    with pytest.raises(NotSent):
        EmailMessage("An answer", "Thank you.", "newsroom@news.example", [TO]).send()

    assert Suppression.objects.get().email == TO
    assert "5.1.1" in Suppression.objects.get().said


def test_a_name_is_of_one_address_however_it_is_spelled():
    name = name_at_once("Olena@Example.org", 7)

    assert is_at_once(f"<suggestion-K7-42-{name}@news.example>".upper(), TO)
    assert not is_at_once(name, "petro@example.org")
    assert not is_at_once(name, "")
