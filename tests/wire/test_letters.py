"""Letters from stories: put together, sent at their hour, and made by hand at the desk."""

import dataclasses
import datetime as dt
import re
import zoneinfo

import pytest
from django.test import Client
from django.utils import timezone

from standfirst.mailroom.errors import NobodyToWriteTo
from standfirst.mailroom.models import Delivery, Letter, Mailing, Note, Suppression
from standfirst.mailroom.posting import TOKEN, form_of_letter
from standfirst.mailroom.services import (
    deliveries_erase,
    letter_draft,
    letter_queue,
    letter_schedule,
    letter_send,
    subscribe,
    subscriptions_erase,
    unsubscribe,
)
from standfirst.wire.letters.composing import at_night, letter_words, stories_for
from standfirst.wire.letters.schedule import letters_send_due, moment_on, next_day
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")


@pytest.fixture
def daily(newsroom):
    mailing = Mailing.objects.get(key="daily")
    mailing.is_open, mailing.hour = True, 7
    mailing.save()
    for number in range(2):
        subscribe(
            email=f"r{number}@example.org", mailing=mailing, language="en", page="", wording="", basis="import: test"
        )
    return mailing


def morning(day=None):
    """Seven o'clock in Kyiv, some minutes later: the next one, so that what is published now is in its letter."""
    day = day or (dt.datetime.now(KYIV) - dt.timedelta(hours=7)).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(7, 5), tzinfo=KYIV)


def test_a_letter_is_readable_as_text_and_as_html(newsroom, daily):
    story = newsroom.publish("A bridge & <b>a ferry</b>", standfirst="It opens on Monday, the city says. " * 4)
    other = newsroom.publish("The second")

    words = letter_words(
        mailing=daily,
        language="en",
        stories=stories_for([story.pk, other.pk], "en"),
        intro="Good morning.\n\nTwo today.",
    )

    assert words.subject == "A bridge & <b>a ferry</b>"
    assert words.preheader == "The second"
    assert words.carries == [f"story:{story.pk}", f"story:{other.pk}"]
    assert f"http://testserver{story.public_path}" in words.text.splitlines()
    assert max(len(line) for line in words.text.splitlines() if "http" not in line) <= 72
    assert "A bridge &amp; &lt;b&gt;a ferry&lt;/b&gt;" in words.html
    assert "<p style=" in words.html
    assert "prefers-color-scheme: dark" in words.html
    assert "prefers-color-scheme" not in at_night(words.html)
    assert TOKEN in words.html
    assert TOKEN in words.text
    # No picture counts who opens it, no link goes round by us.
    assert words.html.count("<img") == 0
    assert "utm_" not in words.html


def test_the_daily_letter_goes_out_once_in_the_newsrooms_own_morning(newsroom, daily):
    story = newsroom.publish("The bridge is open")

    assert letters_send_due(morning()) == moment_on(daily, morning().date() + dt.timedelta(days=1))
    for _ in range(2):
        letters_send_due(morning())

    letter = Letter.objects.get()
    assert letter.state == "sending"
    assert f"story:{story.pk}" in letter.carries
    assert Delivery.objects.count() == 2
    assert form_of_letter(letter).post(delivery=1, to="r0@example.org").data.startswith(b"From: ")


def test_no_letter_goes_out_when_nothing_was_published_and_the_desk_sees_why(newsroom, daily):
    day = timezone.localdate() + dt.timedelta(days=9)

    letters_send_due(morning(day))
    letters_send_due(morning(day))

    letter = Letter.objects.get()
    assert (letter.state, letter.subject) == ("stopped", "Nothing was published, so no letter went out")
    assert not Delivery.objects.exists()


def test_a_newsroom_that_was_down_for_long_sends_no_morning_letter_at_night(newsroom, daily):
    newsroom.publish("The bridge is open")

    letters_send_due(morning() + dt.timedelta(hours=7))

    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (dt.date(2027, 3, 27), 7, "2027-03-27T05:00:00+00:00"),
        (dt.date(2027, 3, 28), 7, "2027-03-28T04:00:00+00:00"),  # clocks went forward at three
        (dt.date(2027, 3, 28), 3, "2027-03-28T01:00:00+00:00"),  # an hour that is not there
        (dt.date(2027, 10, 31), 7, "2027-10-31T05:00:00+00:00"),
    ],
)
def test_an_hour_is_one_moment_also_when_clocks_change(day, hour, utc):
    mailing = Mailing(key="d", rhythm="daily", hour=hour)

    assert moment_on(mailing, day).isoformat() == utc
    assert next_day(mailing, moment_on(mailing, day)) == day + dt.timedelta(days=1)


def test_an_editor_makes_looks_at_tests_and_sends_a_letter(newsroom, daily, client):
    story = newsroom.publish("The bridge is open")
    signed_in(newsroom.editor, client)
    assert client.get("/desk/newsletters/new/").status_code == 200

    typed = {"mailing": daily.pk, "language": "en", "subject": "", "preheader": "", "intro": "Good morning."}
    kept = client.post("/desk/newsletters/new/", typed | {f"story-{story.pk}": "1"})
    letter = Letter.objects.get()
    address = f"/desk/newsletters/{letter.pk}/"
    assert kept["Location"] == address
    assert (letter.state, letter.subject) == ("draft", "The bridge is open")
    for kind in ("day", "night", "text"):
        assert b"Good morning." in client.get(f"{address}preview/{kind}/").content
    assert client.get(f"{address}edit/").status_code == 200

    client.post(f"{address}test/")
    assert Note.objects.get(kind="test").delivery.to == newsroom.editor.email
    client.post(f"{address}send/")
    assert not Delivery.objects.filter(letter=letter).exists()
    # A tick is not enough: a second page says to how many, and shows what.
    asked = client.post(f"{address}send/", {"sure": "yes"})
    assert asked["Location"] == f"{address}really/"
    page = client.get(asked["Location"]).content.decode()
    assert "Send this to 2 readers?" in page
    assert f"{address}preview/day/" in page
    assert "It goes out in 2 minutes." in page
    client.post(f"{address}send/", {"sure": "yes", "really": "yes"})
    letter.refresh_from_db()
    assert (letter.state, letter.deliveries.count()) == ("queued", 0)
    assert 110 < (letter.due_at - timezone.now()).total_seconds() <= 120
    client.post(f"{address}unschedule/")
    letter.refresh_from_db()
    assert letter.state == "draft"

    client.post(f"{address}send/", {"sure": "yes", "really": "yes"})
    letter_send(letter=letter)
    client.post(f"{address}pause/")
    letter.refresh_from_db()
    assert (letter.state, letter.deliveries.count()) == ("paused", 2)
    assert client.get(address).status_code == 200
    assert client.get("/desk/newsletters/").status_code == 200


def test_a_correction_of_a_letter_goes_to_those_who_got_it(newsroom, daily, client):
    story = newsroom.publish("The bridge is open")
    letters_send_due(morning())
    letter = Letter.objects.get()
    letter.deliveries.filter(to="r0@example.org").update(state="sent")
    signed_in(newsroom.editor, client)

    made = client.post(f"/desk/newsletters/{letter.pk}/correct/")
    correction = Letter.objects.get(corrects=letter)
    assert made["Location"] == f"/desk/newsletters/{correction.pk}/edit/"
    typed = {"mailing": daily.pk, "language": "en", "subject": "We were wrong", "preheader": "", "intro": "It is shut."}
    client.post(made["Location"], typed | {f"story-{story.pk}": "1"})
    assert "to 1 reader?" in client.get(f"/desk/newsletters/{correction.pk}/really/").content.decode()
    client.post(f"/desk/newsletters/{correction.pk}/send/", {"sure": "yes", "really": "yes"})
    letter_send(letter=correction)

    correction.refresh_from_db()
    assert "puts right our letter" in correction.text
    assert list(correction.deliveries.values_list("to", flat=True)) == ["r0@example.org"]


def test_a_correction_is_not_sent_to_who_has_left_or_was_erased_since(newsroom, daily):
    newsroom.publish("The bridge is open")
    letters_send_due(morning())
    letter = Letter.objects.get()
    letter.deliveries.update(state="sent")
    unsubscribe(subscription=daily.subscriptions.get(email="r0@example.org"))
    subscriptions_erase(email="r1@example.org")
    deliveries_erase(email="r1@example.org")

    with pytest.raises(NobodyToWriteTo):
        letter_queue(
            mailing=daily, subject="We were wrong", preheader="", text="x", html="", language="en", corrects=letter
        )


def test_an_editor_opens_a_mailing_and_tends_the_addresses_not_written_to(newsroom, client):
    signed_in(newsroom.editor, client)
    page = client.get("/desk/newsletters/mailings/")
    assert page.status_code == 200
    typed = {}
    for key, rhythm in (("daily", "daily"), ("weekly", "weekly"), ("breaking", "by-hand")):
        typed |= {f"{key}-rhythm": rhythm, f"{key}-hour": "6", f"{key}-weekday": "0", f"{key}-name-uk": "Ранок"}
    client.post("/desk/newsletters/mailings/", typed | {"daily-is_open": "on"})
    daily = Mailing.objects.get(key="daily")
    assert (daily.is_open, daily.hour, daily.name_in("uk")) == (True, 6, "Ранок")
    assert client.get("/newsletters/").status_code == 200

    client.post("/desk/newsletters/suppressed/", {"email": "gone@example.org"})
    assert b"gone@example.org" in client.get("/desk/newsletters/suppressed/").content
    client.post("/desk/newsletters/suppressed/", {"email": "gone@example.org", "act": "lift"})
    assert b"gone@example.org</span>" not in client.get("/desk/newsletters/suppressed/").content


@pytest.mark.parametrize(("language", "name"), [("en", "The day"), ("uk", "День")])
def test_a_line_under_a_story_leads_to_the_letter_once_an_editor_has_ticked_it(newsroom, client, language, name):
    story = newsroom.publish("The bridge is open", language=language)
    editions = [story.public_path, f"{story.public_path}text/"]
    signed_in(newsroom.editor, client)
    typed = {}
    for key, rhythm in (("daily", "daily"), ("weekly", "weekly"), ("breaking", "by-hand")):
        typed |= {f"{key}-rhythm": rhythm, f"{key}-hour": "6", f"{key}-weekday": "0"}
    reader = Client()
    prefix = "" if language == "en" else f"/{language}"
    line = f'<a href="{prefix}/newsletters/?letter=daily" rel="nofollow">{name}</a>'

    client.post("/desk/newsletters/mailings/", typed | {"daily-is_open": "on"})
    assert all(line not in reader.get(path).content.decode() for path in editions)
    client.post("/desk/newsletters/mailings/", typed | {"daily-is_open": "on", "daily-is_under_stories": "on"})

    for path in editions:
        answer = reader.get(path)
        assert line in answer.content.decode()
        # In the footer too; and nobody gets a cookie for looking.
        assert f'href="{prefix}/newsletters/"' in answer.content.decode()
        assert not answer.cookies
    page = reader.get(f"{prefix}/newsletters/?letter=daily")
    assert re.search(r'value="daily"[^>]*checked', page.content.decode())
    assert not page.cookies


def test_who_may_not_publish_may_not_write_to_readers(newsroom, daily, client):
    signed_in(newsroom.reporter, client)

    for path in ("", "new/", "mailings/", "suppressed/"):
        assert client.get(f"/desk/newsletters/{path}").status_code in (302, 403)


def test_a_letter_with_nothing_in_it_is_neither_kept_nor_sent(newsroom, daily):
    desk = signed_in(newsroom.editor)
    words = {"mailing": daily.pk, "language": "en", "subject": "Hello", "preheader": "", "intro": "  "}

    answer = desk.post("/desk/newsletters/new/", words)
    again = desk.post("/desk/newsletters/new/", words | {"again": "1"})

    assert "There is nothing in this letter yet" in answer.content.decode()
    # Who only looks for the stories of another language is not scolded.
    assert "There is nothing in this letter yet" not in again.content.decode()
    assert not Letter.objects.exists()

    # A correction begins empty; whoever goes back and sends it is stopped.
    sent = letter_queue(mailing=daily, subject="S", preheader="", text="T", html="<p>T</p>", language="en")
    sent.deliveries.update(state="sent")
    draft = desk.post(f"/desk/newsletters/{sent.pk}/correct/", follow=True).context["letter"]
    refused = desk.post(f"/desk/newsletters/{draft.pk}/send/", {"sure": "yes", "really": "yes"}, follow=True)
    assert "There is nothing in this letter yet" in refused.content.decode()
    assert Letter.objects.get(pk=draft.pk).state == "draft"


def test_what_a_colleague_has_planned_meanwhile_is_not_sent_now_from_an_old_page(newsroom, daily):
    letter = letter_draft(mailing=daily, subject="S", language="en", text="T", html="<p>T</p>")
    tomorrow = timezone.now() + dt.timedelta(days=1)
    desk = signed_in(newsroom.editor)
    assert desk.get(f"/desk/newsletters/{letter.pk}/really/").status_code == 200
    letter_schedule(letter=letter, due_at=tomorrow)

    answer = desk.post(f"/desk/newsletters/{letter.pk}/send/", {"sure": "yes", "really": "yes"}, follow=True)

    assert "this cannot be done now" in answer.content.decode()
    assert Letter.objects.get(pk=letter.pk).due_at == tomorrow


def test_what_is_no_address_is_not_put_among_those_not_written_to(newsroom):
    desk = signed_in(newsroom.editor)

    answer = desk.post("/desk/newsletters/suppressed/", {"email": "olena@"}, follow=True)
    right = desk.post("/desk/newsletters/suppressed/", {"email": " Olena@Example.org "}, follow=True)

    assert "is not an e-mail address" in answer.content.decode()
    assert "olena@example.org is not written to any more" in right.content.decode()
    assert list(Suppression.objects.values_list("email", flat=True)) == ["olena@example.org"]


def test_the_preview_shows_the_papers_pictures_by_whatever_name_the_desk_is_open(newsroom, daily, settings):
    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, base_url="https://news.example")
    settings.ALLOWED_HOSTS = ["news.example"]
    letter = letter_draft(mailing=daily, subject="S", language="en", text="T", html="<p>T</p>")

    answer = signed_in(newsroom.editor).get(f"/desk/newsletters/{letter.pk}/preview/day/", HTTP_HOST="news.example")

    assert "img-src 'self' https://news.example;" in answer["Content-Security-Policy"]
