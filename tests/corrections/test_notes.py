"""A note about a story of which no word changes, issued at the desk."""

import pytest
from django.contrib.auth.models import Permission

from standfirst.corrections.models import Correction
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(second_editor):
    second_editor.user_permissions.add(Permission.objects.get(codename="speak_for_paper"))
    return second_editor


def place(story):
    return f"/desk/corrections/note/{story.pk}/"


@pytest.mark.parametrize("label", ["clarification", "editors-note", "retraction"])
def test_a_note_is_public_though_no_word_changes(story, chief, client, label):
    draft = story.get_latest_revision_as_object()
    draft.title = "What a colleague is writing"
    draft.save_revision()
    fields = {"label": label, "note": " We did not ask the mayor. ", "origin": "subject", "credit": "Vira"}

    answer = signed_in(chief).post(place(story), fields, follow=True)

    entry = Correction.objects.get()
    assert answer.redirect_chain[-1][0] == f"/desk/pages/{story.pk}/edit/"
    assert f"{entry} is public." in answer.content.decode()
    assert (entry.label, entry.origin, entry.after.number) == (label, "subject", 2)
    assert (entry.text.note, entry.text.was, entry.text.now) == ("We did not ask the mayor.", "", "")
    page = client.get(story.public_path).content.decode()
    assert "We did not ask the mayor." in page
    assert "What a colleague is writing" not in page
    story.refresh_from_db()
    assert story.get_latest_revision_as_object().title == "What a colleague is writing"
    assert "We did not ask the mayor." in client.get(f"{story.public_path}versions/").content.decode()
    assert client.get("/corrections/1/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": "clarification", "note": " "}, "Write what readers are told"),
        ({"label": "correction", "note": "Wrong."}, "Nothing would change for readers."),
        ({"label": "", "note": "Wrong."}, "Nothing would change for readers."),
        ({"label": "retraction", "note": "Wrong."}, "are for the editor in chief to issue"),
    ],
    ids=["no words", "a correction corrects words", "no label", "not hers to issue"],
)
def test_half_a_note_changes_nothing_and_keeps_what_was_typed(story, editor, fields, said):
    answer = signed_in(editor).post(place(story), fields)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert fields["note"] in answer.content.decode()
    assert story.public_versions.count() == 1
    assert not Correction.objects.exists()


def test_only_who_may_publish_the_story_adds_a_note(story, reporter, editor, client):
    assert signed_in(reporter).get(place(story)).status_code in (302, 403)
    assert client.get(place(story)).status_code == 302
    page = signed_in(editor).get(f"/desk/pages/{story.pk}/edit/").content.decode()
    assert place(story) in page
    assert place(story) not in signed_in(reporter).get(f"/desk/pages/{story.pk}/edit/").content.decode()
    story.unpublish()
    assert signed_in(editor).get(place(story)).status_code == 404
