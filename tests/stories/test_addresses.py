"""A story's address is made once and kept; any later change leaves a way from the old one."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from standfirst.stories.services import story_publish

pytestmark = pytest.mark.django_db


def republish(room, story):
    story.save_revision(user=room.editor)
    story_publish(story=story, editor=room.editor, label="update")
    story.refresh_from_db()


def test_the_address_holds_the_day_in_the_newsrooms_time_zone(newsroom):
    late = dt.datetime(2026, 11, 3, 22, 30, tzinfo=dt.UTC)

    story = newsroom.publish("Night session", first_published_at=late)

    # Half past midnight in Kyiv.
    assert story.public_path == "/2026/11/04/night-session/"


def test_a_ukrainian_headline_gives_an_ascii_address(newsroom):
    day = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)

    story = newsroom.publish("Згурський міст закрито", language="uk", first_published_at=day)

    assert story.public_path == "/uk/2026/11/03/zghurskyi-mist-zakryto/"


def test_a_draft_has_no_address(newsroom):
    assert newsroom.draft("Not yet").public_path is None


def test_a_story_keeps_its_address_when_headline_and_section_change(newsroom):
    story = newsroom.publish("A bridge is closed")
    before = story.public_path

    story.title, story.section = "The bridge stays closed", newsroom.world
    republish(newsroom, story)

    assert story.public_path == before
    assert story.title == "The bridge stays closed"
    assert not Redirect.objects.exists()


def test_a_changed_slug_leaves_a_way_from_the_old_address(newsroom):
    day = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)
    story = newsroom.publish("A bridge is closed", first_published_at=day)

    story.slug = "bridge-closed-for-a-month"
    republish(newsroom, story)

    assert story.public_path == "/2026/11/03/bridge-closed-for-a-month/"
    ways = dict(Redirect.objects.values_list("old_path", "redirect_link"))
    assert ways["/2026/11/03/a-bridge-is-closed"] == "/2026/11/03/bridge-closed-for-a-month/"
    assert ways["/2026/11/03/a-bridge-is-closed/text"] == "/2026/11/03/bridge-closed-for-a-month/text/"


def test_two_stories_of_one_day_with_one_headline_get_two_addresses(newsroom):
    day = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)

    first = newsroom.publish("Rain", first_published_at=day)
    second = newsroom.publish("Rain", first_published_at=day)

    assert (first.public_path, second.public_path) == ("/2026/11/03/rain/", "/2026/11/03/rain-2/")


def test_an_old_date_is_kept_and_a_new_one_is_now(newsroom):
    old = dt.datetime(2019, 2, 1, 8, 0, tzinfo=dt.UTC)

    kept = newsroom.publish("Old", first_published_at=old)
    fresh = newsroom.publish("Fresh")

    assert kept.first_published_at == old
    assert abs(fresh.first_published_at - timezone.now()) < dt.timedelta(minutes=1)
