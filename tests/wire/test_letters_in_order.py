"""What the letters that go out by themselves carry: the front's arrangement, and nothing twice."""

import datetime as dt

import pytest

from standfirst.fronts.models import HomePage
from standfirst.mailroom.models import Letter, Mailing
from standfirst.mailroom.services import letter_queue, subscribe
from standfirst.stories.models import StoryPage
from standfirst.wire.letters.schedule import letters_send_due, moment_on, stories_since
from tests.wire.test_letters import KYIV, morning

pytestmark = pytest.mark.django_db


@pytest.fixture
def daily(newsroom):
    mailing = Mailing.objects.get(key="daily")
    mailing.is_open, mailing.hour = True, 7
    mailing.save()
    subscribe(email="r@example.org", mailing=mailing, language="en", page="", wording="", basis="import: test")
    return mailing


def titles(letter):
    stories = {story.pk: story.title for story in StoryPage.objects.all()}
    return [stories[int(key.partition(":")[2])] for key in letter.carries]


def at(story, moment):
    StoryPage.objects.filter(pk=story.pk).update(first_published_at=moment)


def test_a_letter_has_the_order_of_the_front_then_the_newest(newsroom, daily):
    moment = moment_on(daily, morning().date())
    made = [newsroom.publish(f"Number {number}") for number in range(9)]
    for number, story in enumerate(made):
        at(story, moment - dt.timedelta(hours=9 - number))
    home = HomePage.objects.get(locale__language_code="en")
    home.seconds_count, home.thirds_count, home.lead = 2, 1, made[2]
    home.seconds.create(story=made[5], sort_order=0)
    home.seconds.create(story=made[0], sort_order=1)
    home.save()

    letters_send_due(morning())

    got = titles(Letter.objects.get())
    assert got[:3] == ["Number 2", "Number 5", "Number 0"]
    assert [title for title in got[3:] if title.startswith("Number")] == [f"Number {n}" for n in (8, 7, 6, 4, 3, 1)]


def test_what_was_sent_by_hand_is_not_sent_again_in_the_morning_nor_when_the_hour_moves(newsroom, daily):
    day = morning().date()
    sent, fresh = newsroom.publish("Breaking"), newsroom.publish("Fresh")
    letter_queue(
        mailing=daily, subject="S", preheader="", text="T", html="", language="en", carries=[f"story:{sent.pk}"]
    )

    letters_send_due(morning())
    letter = Letter.objects.get(slot__isnull=False)
    assert f"story:{fresh.pk}" in letter.carries
    assert f"story:{sent.pk}" not in letter.carries

    # Later in the day from tomorrow on: today's are inside the last day once more, and stay out.
    daily.hour = 9
    daily.save()
    assert fresh.pk not in [story.pk for story in stories_since(daily, "en", day + dt.timedelta(days=1))]


def test_what_a_missed_letter_would_have_had_comes_with_the_next(newsroom, daily):
    day = morning().date()
    first, missed, old = newsroom.publish("First"), newsroom.publish("Missed"), newsroom.publish("Of last week")
    at(first, moment_on(daily, day) - dt.timedelta(hours=2))
    at(missed, moment_on(daily, day) + dt.timedelta(hours=2))
    at(old, moment_on(daily, day) - dt.timedelta(days=6))
    letters_send_due(morning())
    letter = Letter.objects.get()
    Letter.objects.filter(pk=letter.pk).update(made_at=dt.datetime.combine(day, dt.time(7), tzinfo=KYIV))

    # Nothing ran on the day after.
    letters_send_due(morning(day + dt.timedelta(days=2)))

    assert titles(Letter.objects.exclude(pk=letter.pk).get()) == ["Missed"]
