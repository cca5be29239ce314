"""A story that joins the index for searching is weighed by its own title; the others are left alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.backends import get_search_backend
from wagtail.search.models import IndexEntry

from standfirst.fronts.search import find
from standfirst.stories.models import StoryPage

pytestmark = pytest.mark.django_db


def weights():
    return dict(IndexEntry.objects.values_list("object_id", "title_norm"))


def add(*stories):
    get_search_backend().add_bulk(StoryPage, list(stories))


def test_a_new_story_is_weighed_and_no_other(newsroom):
    first = newsroom.publish("Trams")
    add(first)
    IndexEntry.objects.filter(object_id=str(first.pk)).update(title_norm=7.0)
    short, long = newsroom.publish("Ferry"), newsroom.publish("Ferry and tram and bridge and harbour are open")

    add(short, long)

    found = weights()
    assert found[str(first.pk)] == 7.0
    assert found[str(short.pk)] > found[str(long.pk)] > 0
    assert [story.pk for story in find(query="ferry", language="en").results] == [short.pk, long.pk]


def test_what_is_asked_of_the_index_names_what_was_added(newsroom):
    story = newsroom.publish("Trams")

    with CaptureQueriesContext(connection) as asked:
        add(story)

    updates = [one["sql"] for one in asked if one["sql"].startswith("UPDATE") and "title_norm" in one["sql"]]
    assert len(updates) == 1
    assert "object_id" in updates[0]
