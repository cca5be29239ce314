"""The outbox: everybody once, whatever servers answer."""

import asyncio
import datetime as dt
import time

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from standfirst.mailroom import audience, sending
from standfirst.mailroom.backend import NotSent
from standfirst.mailroom.models import Delivery, Letter, Supplier, Suppression
from standfirst.mailroom.posting import TOKEN
from standfirst.mailroom.selectors import progress_of, suppliers_down
from standfirst.mailroom.services import (
    letter_pause,
    letter_resume,
    letter_stop,
    letter_unsure_again,
    note_send,
    unsubscribe,
)
from standfirst.mailroom.tokens import LENGTH
from standfirst.patrons.models import Tier
from standfirst.patrons.services import pledge_grant
from tests.mailroom.conftest import letter, readers

pytestmark = pytest.mark.django_db(transaction=True)


def states(of) -> dict[str, int]:
    return progress_of(of).counts


def test_everybody_gets_a_letter_once_with_her_own_way_out(sink, supplied, daily):
    everybody = readers(daily, 12)
    sender = supplied(sink.url)
    sent = letter(daily)

    assert sender() is None
    sender()

    assert sink.count == dict.fromkeys(everybody, 1)
    sent.refresh_from_db()
    assert (sent.state, states(sent)) == (Letter.State.SENT, {"sent": 12})
    mail = sink.mail_to("reader-3@example.org")
    assert mail["Subject"] == "Зранку: the bridge is open"
    assert mail["List-Id"] == "<daily.testserver>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = mail["List-Unsubscribe"].strip("<>")
    assert way_out.startswith("http://testserver/u/")
    assert len(way_out.rpartition("/")[2]) == LENGTH
    text, html = (part.get_content() for part in mail.iter_parts())
    assert way_out in text
    assert way_out in html
    assert "Міст відкрито." in html
    assert TOKEN not in text + html
    others = {sink.mail_to(one)["List-Unsubscribe"] for one in everybody}
    assert len(others) == 12


def test_a_supplier_that_refuses_the_connection_is_followed_by_the_next(sink, supplied, daily):
    everybody = readers(daily, 8)
    sender = supplied("smtp://127.0.0.1:1?name=gone", sink.url)
    sent = letter(daily)

    sender()

    assert sink.count == dict.fromkeys(everybody, 1)
    assert set(sent.deliveries.values_list("supplier", flat=True)) == {f"127.0.0.1:{sink.port}"}
    gone = Supplier.objects.get(name="gone")
    assert gone.down_until > timezone.now()
    assert "refused" in gone.trouble


def test_one_that_says_later_is_tried_again_and_the_others_do_not_wait(sink, supplied, daily):
    everybody = readers(daily, 5)
    sink.says["reader-2@example.org"] = ["451 4.3.0 try later"]
    sender = supplied(sink.url)
    sent = letter(daily)

    again_at = sender()

    assert states(sent) == {"sent": 4, "deferred": 1}
    assert 200 < (again_at - timezone.now()).total_seconds() <= 300
    Delivery.objects.filter(state="deferred").update(next_at=timezone.now())
    sender()
    assert sink.count == dict.fromkeys(everybody, 1)
    assert states(sent) == {"sent": 5}


def test_an_address_that_is_refused_for_good_is_not_written_to_again(sink, supplied, daily):
    readers(daily, 3)
    sink.says["reader-1@example.org"] = ["550 5.1.1 no such user"]
    sender = supplied(sink.url)
    sent = letter(daily)

    sender()

    assert states(sent) == {"sent": 2, "bounced": 1}
    (suppressed,) = Suppression.objects.all()
    assert (suppressed.email, suppressed.reason) == ("reader-1@example.org", "bounced")
    second = letter(daily)
    sender()
    assert states(second) == {"sent": 2}
    refused = note_send(
        to="Reader-1@example.org", subject="Receipt", text="Thanks.", language="en", kind="receipt", reference="r-1"
    )
    assert refused.state == "suppressed"


def test_a_mail_that_is_not_liked_says_nothing_about_its_address(sink, supplied, daily):
    readers(daily, 1)
    sink.at_the_dot["reader-0@example.org"] = ["554 5.7.1 looks like spam"]
    sender = supplied(sink.url)
    sent = letter(daily)

    sender()

    assert states(sent) == {"bounced": 1}
    assert not Suppression.objects.exists()


def test_who_leaves_while_a_letter_waits_does_not_get_it(sink, supplied, daily):
    readers(daily, 2)
    sender = supplied(sink.url)
    sent = letter(daily)
    unsubscribe(subscription=daily.subscriptions.get(email="reader-0@example.org"))

    sender()

    assert dict(sink.count) == {"reader-1@example.org": 1}
    assert states(sent) == {"sent": 1, "suppressed": 1}


def test_a_paused_letter_waits_and_a_stopped_one_ends(sink, supplied, daily):
    readers(daily, 3)
    sender = supplied(sink.url)
    sent = letter(daily)
    letter_pause(letter=sent)
    sender()
    assert not sink.mails

    letter_resume(letter=sent)
    sent.deliveries.filter(to="reader-2@example.org").update(next_at=timezone.now() + dt.timedelta(hours=1))
    sender()
    letter_stop(letter=sent)
    sender()

    assert len(sink.mails) == 2
    assert states(sent) == {"sent": 2, "given-up": 1}


def test_a_server_that_falls_silent_at_the_dot_leaves_a_letter_unsure(sink, supplied, daily, monkeypatch):
    readers(daily, 1)
    sender = supplied(sink.url)
    sent = letter(daily)
    monkeypatch.setattr(sending.lines, "PATIENCE_AT_THE_DOT", 0.1)

    async def silent(server, session, envelope):
        import asyncio

        sink.mails.append((envelope.rcpt_tos[0], envelope.content))
        await asyncio.sleep(0.5)
        return "250 late"

    sink.handle_DATA = silent
    sender()

    assert states(sent) == {"unsure": 1}
    assert len(sink.mails) == 1
    assert letter_unsure_again(letter=sent) == 1
    assert states(sent) == {"queued": 1}


def test_the_desk_knows_of_a_dead_supplier_while_the_letter_still_goes_by_the_next(sink, supplied, daily, monkeypatch):
    readers(daily, 3)
    letter(daily)
    sender = supplied("smtp://127.0.0.1:1?name=dead", sink.url)

    def killed():
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "letters_finish", killed)
    with pytest.raises(KeyboardInterrupt):
        sender()

    assert [(one.name, one.trouble) for one in suppliers_down()] == [("dead", "Connection refused")]


def test_a_new_supplier_begins_slowly_and_a_note_does_not_wait_for_it(sink, supplied, daily):
    readers(daily, 10)
    sender = supplied(sink.url, mail_warm_up=60)
    letter(daily)

    again_at = sender()
    assert len(sink.mails) == 1
    assert timezone.now() < again_at <= timezone.now() + dt.timedelta(seconds=61)

    note_send(to="eve@example.org", subject="Code", text="1234", language="en", kind="code", reference="code-1")
    sender()
    assert sink.count["eve@example.org"] == 1
    assert len(sink.mails) == 2


def test_the_same_reference_is_the_same_note(sink, supplied, db):
    sender = supplied(sink.url)
    for _ in range(2):
        note_send(to="eve@example.org", subject="Receipt", text="Thanks.", language="en", kind="r", reference="r-1")
    sender()
    sender()

    assert dict(sink.count) == {"eve@example.org": 1}


def test_every_mail_of_django_goes_by_the_suppliers_in_order(sink, supplied, db):
    supplied("smtp://127.0.0.1:1?name=gone", sink.url)

    assert EmailMessage("Subject", "Привіт", "desk@testserver", ["a@example.org", "b@example.org"]).send() == 1

    assert dict(sink.count) == {"a@example.org": 1, "b@example.org": 1}
    assert sink.mail_to("a@example.org").get_content().strip() == "Привіт"


def test_when_no_supplier_takes_it_the_sender_hears_so_without_a_password(supplied, db):
    supplied("smtp://me:topsecret@127.0.0.1:1")

    with pytest.raises(NotSent) as refusal:
        EmailMessage("Subject", "Words", "desk@testserver", ["a@example.org"]).send()

    assert "127.0.0.1:1" in str(refusal.value)
    assert "topsecret" not in str(refusal.value)


def test_what_a_killed_sender_had_in_hand_follows_its_journal(sink, supplied, daily, tmp_path):
    readers(daily, 4)
    sender = supplied(sink.url)
    sent = letter(daily)
    by_address = {one.to: one.pk for one in sent.deliveries.all()}
    sent.deliveries.update(state="sending")
    book = sending.Journal(tmp_path / "data" / "run" / sending.JOURNAL)
    now = time.time()
    book.at_the_dot(by_address["reader-0@example.org"], "x", now)
    book.outcome(sending.Outcome(by_address["reader-0@example.org"], "sent", now, "x", "250 taken"))
    book.at_the_dot(by_address["reader-1@example.org"], "x", now)
    book.close()

    sender()

    # 0 was answered for, 1 was handed over and nobody heard; 2 and 3 never were.
    assert dict(sink.count) == {"reader-2@example.org": 1, "reader-3@example.org": 1}
    assert states(sent) == {"sent": 3, "unsure": 1}


def test_letters_for_patrons_go_to_those_whose_tier_gives_them_on_that_day(sink, supplied, daily):
    """The audience that the patrons' room has registered, asked for each address when it is written to."""
    one, other, _nobody = readers(daily, 3)
    daily.audience = "patrons"
    daily.save()
    for email, slug, gives in ((one, "letters", True), (other, "none", False)):
        tier = Tier.objects.create(name=slug, slug=slug, gives_letters=gives)
        pledge_grant(email=email, tier=tier, until=timezone.now() + dt.timedelta(days=30), by="Daria Kovalenko")
    sent = letter(daily)

    supplied(sink.url)()

    assert sink.count == {one: 1}
    assert states(sent) == {"sent": 1, "suppressed": 2}
    assert ("patrons", "Patrons") in audience.choices()


@pytest.mark.parametrize(("breaks_at", "state"), [("deliver", "deferred"), ("getreply", "unsure")])
def test_what_breaks_in_our_own_house_holds_up_one_mail_and_sends_none_twice(
    sink, supplied, daily, monkeypatch, breaks_at, state
):
    readers(daily, 3)
    sender = supplied(sink.url)
    sent = letter(daily)
    of_line = breaks_at == "deliver"
    home = sending.lines.SmtpLine if of_line else sending.lines.smtplib.SMTP
    real, broken = getattr(home, breaks_at), []

    def breaks(self, *given):
        is_first = not broken and (of_line or self._is_at_the_dot)
        if is_first:
            broken.append(given)
            raise AssertionError("a mistake of ours")
        return real(self, *given)

    if not of_line:
        send = home.send
        monkeypatch.setattr(home, "_is_at_the_dot", False, raising=False)

        def watched(self, words):
            self._is_at_the_dot = words == b".\r\n"
            return send(self, words)

        monkeypatch.setattr(home, "send", watched)
    monkeypatch.setattr(home, breaks_at, breaks)

    sender()

    assert states(sent) == {"sent": 2, state: 1}


@pytest.mark.parametrize(("act", "rest"), [(letter_stop, "given-up"), (letter_pause, "queued")])
def test_who_is_next_in_hand_is_spared_when_the_desk_stops_a_letter_in_the_middle(
    sink, supplied, daily, monkeypatch, act, rest
):
    """A slow server, a hundred mails claimed: the press of a button is felt at once and told truly."""
    readers(daily, 100)
    sender = supplied(sink.url)
    sent = letter(daily)
    monkeypatch.setattr(sending, "FLUSH_SECONDS", 0.02)
    real, done = sending.outcomes_write, []

    def pressed(outcomes):
        written = real(outcomes)
        if len(sink.mails) >= 4 and not done:
            done.append(act(letter=sent))
        return written

    monkeypatch.setattr(sending, "outcomes_write", pressed)
    taken = sink.handle_DATA

    async def slow(server, session, envelope):
        await asyncio.sleep(0.03)
        return await taken(server, session, envelope)

    sink.handle_DATA = slow
    sender()

    found = states(sent)
    assert found["sent"] == len(sink.mails) < 60
    assert found == {"sent": len(sink.mails), rest: 100 - len(sink.mails)}
