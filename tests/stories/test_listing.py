"""What is kept of a list is what the list is: after every act the two are compared."""

import datetime as dt

import pytest
from django.utils import timezone

from standfirst.press import kept, queue
from standfirst.press.shown import collecting
from standfirst.stories import lists
from standfirst.stories.listing import Listing
from standfirst.stories.models import Tag
from standfirst.stories.selectors import stories_about
from standfirst.stories.services import stories_take_in, story_publish, story_withdraw, tags_set
from standfirst.stories.services.intake import Arrival

DAY = dt.timedelta(days=1)


@pytest.fixture
def room(transactional_db, newsroom):
    kept.forget()
    queue.drain()
    yield newsroom
    kept.forget()


def told(listing):
    return listing.total, list(listing.newest(2)), list(listing.newest(100))


def agree(room):
    """Every list says what the database says."""
    queue.drain()
    subjects = [None, room.city, room.world, room.byline, *Tag.objects.all()]
    for subject in subjects:
        for language in ("en", "uk"):
            listing = stories_about(subject, language)
            pks = list(listing.rows.values_list("pk", flat=True))
            assert told(listing) == (len(pks), pks[:2], pks), (subject, language)
            # And once more from what is kept.
            assert told(Listing(listing.rows, listing.name)) == (len(pks), pks[:2], pks), (subject, language)


def test_a_list_says_what_is_in_it_whatever_happens(room):
    now = timezone.now()
    agree(room)

    today = room.publish("Today", tags=["Trams"])
    agree(room)
    # The newest of its list, though it came out long before anybody could have kept that list.
    late = room.publish("Three days ago", tags=["Courts"], first_published_at=now - 3 * DAY)
    agree(room)
    room.publish("Far back", tags=["Courts"], first_published_at=now - 40 * DAY)
    agree(room)
    late.section = room.world
    late.tags.set(tags_set(["Trams"]))
    late.save_revision()
    story_publish(story=late, editor=room.editor, label="update")
    agree(room)
    for story in (late, today):
        story.refresh_from_db()
        story_withdraw(story=story, editor=room.editor)
        agree(room)
    for story in (late, today):
        story_publish(story=story, editor=room.editor)
        agree(room)


def test_an_archive_that_moves_in_is_counted(room):
    agree(room)

    stories_take_in(
        arrivals=[
            Arrival(language="en", headline=f"Old {days}", section=room.city, published_at=timezone.now() - days * DAY)
            for days in (0, 2, 400)
        ]
    )

    agree(room)


def test_what_is_old_is_asked_for_once(room, django_assert_num_queries):
    told(stories_about(room.city, "en"))
    room.publish("Today")
    queue.drain()
    told(stories_about(room.city, "en"))
    room.publish("Today, too")
    queue.drain()

    with collecting() as seen:
        kept.kept("begins", lambda: None)
        with django_assert_num_queries(1):
            total, newest, _all = told(stories_about(room.city, "en"))

    assert total == 3
    assert len(newest) == 2
    assert lists.of_section(room.city.pk, "en") in seen.keys


def test_whoever_publishes_now_comes_after_what_is_kept():
    assert timezone.now() - lists.settled_until() >= DAY
    assert timezone.now() - lists.settled_until() < 2 * DAY
