"""Going out: one transaction, a frozen version, the gate before every way out."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction

from standfirst.kit.canonical import salted_digest
from standfirst.stories import services
from standfirst.stories.errors import NotAllowed, NotReady
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.services import publication


def test_publishing_freezes_the_words_as_canonical_bytes_with_a_salted_digest(draft, editor):
    story = draft(standfirst="What it means.", tags=["Bridges"])

    version = services.story_publish(story=story, editor=editor)

    content = bytes(version.text.canonical)
    data = json.loads(content)
    assert version.number == 1
    assert version.digest == salted_digest(content, salt=bytes(version.salt))
    assert data["headline"] == "Council votes on the bridge"
    assert data["standfirst"] == "What it means."
    assert data["tags"] == ["bridges"]
    assert data["bylines"] == [{"slug": "olena-marchuk", "name": "Olena Marchuk", "note": ""}]


def test_no_account_appears_in_the_frozen_version(draft, editor, reporter):
    version = services.story_publish(story=draft(), editor=editor)

    content = bytes(version.text.canonical).decode()
    assert reporter.email not in content
    assert editor.email not in content
    assert editor.name not in content


def test_publishing_the_same_words_again_makes_no_new_version(draft):
    story = draft()
    first = services.story_publish(story=story)

    again = services.story_publish(story=story)

    assert again == first
    assert story.public_versions.count() == 1


def test_a_changed_word_makes_version_two_and_moves_the_change_date(draft):
    story = draft()
    services.story_publish(story=story)
    published, changed = story.first_published_at, story.changed_at
    story.title = "Council votes for the bridge"
    story.save_revision()

    version = services.story_publish(story=story)

    assert version.number == 2
    assert story.first_published_at == published
    assert story.changed_at > changed


def test_a_draft_saved_after_publication_changes_nothing_readers_see(draft, client):
    story = draft()
    services.story_publish(story=story)
    story.title = "A title nobody approved"
    story.save_revision()

    assert StoryPage.objects.get(pk=story.pk).title == "Council votes on the bridge"
    assert story.public_versions.count() == 1


def test_a_failure_while_recording_leaves_nothing_published(draft, monkeypatch):
    story = draft()

    def full_disk(_story):
        raise OSError("No space left on device")

    monkeypatch.setattr(publication, "story_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        services.story_publish(story=story)

    story.refresh_from_db()
    assert not story.live
    assert story.public_path is None
    assert story.first_published_at is None
    assert not PublicVersion.objects.filter(story=story).exists()


def test_a_reporter_may_not_publish(draft, reporter):
    story = draft()

    with pytest.raises(NotAllowed):
        services.story_publish(story=story, editor=reporter)

    story.refresh_from_db()
    assert not story.live


def test_a_once_published_story_cannot_be_deleted_from_the_database(draft):
    story = draft()
    services.story_publish(story=story)

    with pytest.raises((IntegrityError, Exception)) as caught, transaction.atomic():
        StoryPage.objects.get(pk=story.pk).delete()

    assert "protected" in str(caught.value).lower()
    assert StoryPage.objects.filter(pk=story.pk).exists()


class TestTheGate:
    def test_a_lead_picture_without_credit_and_description_stays_in(self, draft, picture, editor):
        story = draft(lead_image=picture())

        with pytest.raises(NotReady) as refusal:
            services.story_publish(story=story, editor=editor)

        assert [problem.field for problem in refusal.value.problems] == ["lead_image", "lead_image"]
        assert "The lead picture “A bridge” has no credit." in str(refusal.value)
        assert "has no description" in str(refusal.value)
        story.refresh_from_db()
        assert not story.live
        assert story.public_path is None

    def test_the_message_says_which_picture_in_the_text(self, draft, picture):
        good = picture(title="Good", credit="Olena Marchuk")
        bad = picture(title="Bad", credit="")
        body = [
            {"type": "picture", "value": {"image": good.pk, "alt": "A bridge", "caption": ""}},
            {
                "type": "gallery",
                "value": {"pictures": [{"image": bad.pk, "alt": "Another"}, {"image": good.pk, "alt": "x"}]},
            },
        ]
        story = draft(body=body)

        with pytest.raises(NotReady) as refusal:
            services.story_publish(story=story)

        assert len(refusal.value.problems) == 1
        assert "Picture 2 in the text, “Bad”, has no credit" in refusal.value.problems[0].message

    def test_credit_being_checked_lets_it_out(self, draft, picture):
        story = draft(lead_image=picture(credit_pending=True), lead_alt="A bridge at dusk")

        assert services.story_publish(story=story).number == 1

    def test_a_decorative_picture_needs_no_description(self, draft, picture):
        story = draft(lead_image=picture(credit="Archive"), lead_decorative=True)

        assert services.story_publish(story=story).number == 1

    def test_an_imported_picture_is_exempt(self, draft, picture):
        story = draft(lead_image=picture(is_imported=True))

        assert services.story_publish(story=story).number == 1

    def test_wagtails_own_publish_meets_the_same_gate(self, draft, picture):
        story = draft(lead_image=picture())

        with pytest.raises(ValidationError):
            story.get_latest_revision().publish()

        story.refresh_from_db()
        assert not story.live

    def test_a_story_without_section_stays_in(self, draft):
        with pytest.raises(NotReady, match="Choose the section"):
            services.story_publish(story=draft(section=None))


class TestTheSchedule:
    def test_a_scheduled_story_goes_out_with_address_and_version(self, draft):
        story = draft()
        story.go_live_at = timezone.now() + dt.timedelta(hours=1)
        story.save_revision().publish()
        story.refresh_from_db()
        assert not story.live
        assert story.public_path is None
        revision = story.scheduled_revision
        # An hour passes.
        past = timezone.now() - dt.timedelta(minutes=1)
        revision.approved_go_live_at = past
        revision.content["go_live_at"] = past.isoformat()
        revision.save(update_fields=["approved_go_live_at", "content"])

        call_command("publish_scheduled")

        story.refresh_from_db()
        assert story.live
        assert story.public_path
        assert story.public_versions.count() == 1

    def test_what_would_stop_it_at_night_stops_it_when_it_is_scheduled(self, draft, picture):
        story = draft(lead_image=picture())
        story.go_live_at = timezone.now() + dt.timedelta(hours=1)
        revision = story.save_revision()

        with pytest.raises(ValidationError), transaction.atomic():
            revision.publish()

        story.refresh_from_db()
        assert not story.approved_schedule


class TestWithdrawing:
    def test_a_withdrawn_story_answers_410_and_keeps_its_versions(self, draft, client):
        story = draft()
        services.story_publish(story=story)

        services.story_withdraw(story=story)

        assert client.get(story.public_path).status_code == 410
        assert client.get(story.text_path).status_code == 410
        assert story.public_versions.count() == 1

    def test_wagtails_own_unpublish_is_heard_too(self, draft, client):
        story = draft()
        services.story_publish(story=story)

        UnpublishPageAction(story).execute(skip_permission_checks=True)

        assert client.get(story.public_path).status_code == 410

    def test_it_comes_back_at_its_old_address(self, draft, client):
        story = draft()
        services.story_publish(story=story)
        address = story.public_path
        services.story_withdraw(story=story)

        services.story_publish(story=story)

        assert story.public_path == address
        assert client.get(address).status_code == 200
