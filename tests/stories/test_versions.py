"""Public versions are frozen copies: a number always means a change, and no copy is ever touched."""

import json

import pytest

from standfirst.kit.canonical import salted_digest
from standfirst.stories.services import story_publish, story_withdraw

pytestmark = pytest.mark.django_db


def test_publishing_freezes_the_words_readers_see(newsroom):
    story = newsroom.publish("A bridge is closed", standfirst="Two bearings failed.")

    version = story.public_versions.get()
    content = json.loads(bytes(version.text.canonical))
    assert version.number == 1
    assert "Two bearings failed." in json.dumps(content)
    assert version.digest == salted_digest(bytes(version.text.canonical), salt=bytes(version.salt))


def test_the_same_words_published_again_make_no_new_version(newsroom):
    story = newsroom.publish()
    changed = story.changed_at

    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)

    story.refresh_from_db()
    assert story.public_versions.count() == 1
    assert story.changed_at == changed


def test_changed_words_make_the_next_version_and_leave_the_first_alone(newsroom):
    story = newsroom.publish("A bridge is closed")
    first = bytes(story.public_versions.get().text.canonical)

    story.title = "The bridge stays closed"
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")

    story.refresh_from_db()
    versions = list(story.public_versions.order_by("number"))
    assert [version.number for version in versions] == [1, 2]
    assert bytes(versions[0].text.canonical) == first
    assert b"stays closed" in bytes(versions[1].text.canonical)
    assert story.changed_at == versions[1].published_at


def test_the_account_behind_a_byline_is_in_no_version(newsroom):
    story = newsroom.publish()

    content = bytes(story.public_versions.get().text.canonical).decode()

    assert "Taras Melnyk" in content
    assert newsroom.reporter.email not in content
    assert f'"account": {newsroom.reporter.pk}' not in content


def test_withdrawing_keeps_the_versions(newsroom):
    story = newsroom.publish()

    story_withdraw(story=story, editor=newsroom.editor)

    story.refresh_from_db()
    assert story.live is False
    assert story.public_versions.count() == 1


def test_typing_in_a_published_story_changes_nothing_for_readers(newsroom):
    story = newsroom.publish("A bridge is closed")

    story.title = "Half a thought"
    story.save_revision(user=newsroom.reporter)

    story.refresh_from_db()
    assert story.title == "A bridge is closed"
    assert story.public_versions.count() == 1


def test_a_dated_update_is_frozen_and_makes_no_version_of_itself(newsroom):
    note = {"type": "update_note", "value": {"at": "2026-11-05T09:10:00+02:00", "text": "<p>It is open again.</p>"}}
    story = newsroom.publish(body=[note])

    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)

    assert story.public_versions.count() == 1
    assert "2026-11-05T" in bytes(story.public_versions.get().text.canonical).decode()
