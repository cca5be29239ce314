"""The picture gate: nothing goes out with a picture added here that lacks its credit or description."""

import pytest
from django.core.exceptions import ValidationError

from standfirst.stories.errors import NotAllowed, NotReady
from standfirst.stories.models import PublicVersion
from standfirst.stories.services import story_publish

pytestmark = pytest.mark.django_db


def refused(room, story) -> list[str]:
    """Try to publish; return the messages, and see that nothing changed."""
    before = PublicVersion.objects.count()
    with pytest.raises(NotReady) as caught:
        story_publish(story=story, editor=room.editor)
    story.refresh_from_db()
    assert story.live is False
    assert story.public_path is None
    assert PublicVersion.objects.count() == before
    return [problem.message for problem in caught.value.problems]


def test_a_lead_picture_without_credit_or_description_is_named(newsroom):
    story = newsroom.draft(lead_image=newsroom.picture(credit=""))

    messages = refused(newsroom, story)

    assert messages == [
        "The lead picture “The bridge at noon” has no credit. "
        "Write who made it, or tick “credit being checked” on the picture.",
        "The lead picture “The bridge at noon” has no description. Say what can be seen, or tick “decorative”.",
    ]


def test_the_message_says_which_picture_of_the_text_it_is(newsroom):
    good = {"image": newsroom.picture("First").pk, "alt": "A bridge"}
    bad = {"image": newsroom.picture("Second").pk, "alt": "", "caption": "Bearings"}
    body = [{"type": "picture", "value": good}, {"type": "picture", "value": bad}]

    messages = refused(newsroom, newsroom.draft(body=body))

    assert messages == [
        "Picture 2 in the text, “Second”, has no description. Say what can be seen, or tick “decorative”."
    ]


def test_pictures_of_a_gallery_pass_the_same_gate(newsroom):
    pictures = [
        {"image": newsroom.picture("One").pk, "alt": "One"},
        {"image": newsroom.picture("Two", credit="").pk, "alt": "Two"},
    ]
    body = [{"type": "gallery", "value": {"heading": "", "pictures": pictures}}]

    messages = refused(newsroom, newsroom.draft(body=body))

    assert len(messages) == 1
    assert "“Two”, has no credit" in messages[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"lead_alt": "A bridge without cars"},
        {"lead_decorative": True},
    ],
)
def test_a_described_or_decorative_picture_goes_out(newsroom, fields):
    story = newsroom.publish(lead_image=newsroom.picture(), **fields)

    assert story.live


def test_a_picture_whose_credit_is_being_checked_goes_out(newsroom):
    picture = newsroom.picture(credit="", credit_pending=True)

    assert newsroom.publish(lead_image=picture, lead_alt="A bridge").live


def test_a_credit_of_this_use_is_enough(newsroom):
    picture = newsroom.picture(credit="")

    assert newsroom.publish(lead_image=picture, lead_alt="A bridge", lead_credit="The council").live


def test_a_picture_of_an_imported_archive_does_not_hold_a_story_back(newsroom):
    picture = newsroom.picture(credit="", is_imported=True)

    assert newsroom.publish(lead_image=picture).live


def test_a_story_without_a_section_stays(newsroom):
    story = newsroom.draft()
    story.section = None
    story.save_revision(clean=False)

    assert refused(newsroom, story) == ["Choose the section this story belongs to."]


def test_no_other_way_of_publishing_passes_the_gate(newsroom):
    story = newsroom.draft(lead_image=newsroom.picture(credit=""))

    with pytest.raises(ValidationError):
        story.get_latest_revision().publish()

    story.refresh_from_db()
    assert story.live is False


def test_a_reporter_may_write_but_not_publish(newsroom):
    story = newsroom.draft()

    with pytest.raises(NotAllowed):
        story_publish(story=story, editor=newsroom.reporter)

    story.refresh_from_db()
    assert story.live is False
