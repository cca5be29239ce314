"""Withholding at the desk: what it reaches is shown first; who may not publish finds no door."""

import datetime as dt

import pytest
from django.utils import timezone

from standfirst.corrections.models import Withholding, WithholdingRules
from standfirst.corrections.services.withholding import Wanted, withhold
from standfirst.stories.models import StoryPage
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
WORDS = {"kind": "words", "category": "danger", "words": "two of nine bearings\nnine bearings", "reason": "He called."}


def url(story):
    return f"/desk/corrections/withhold/{story.pk}/"


@pytest.fixture
def desk(editor):
    return signed_in(editor)


def test_the_reach_is_shown_before_anything_is_done(story, case, desk, newsroom):
    other = newsroom.publish(
        "Another bridge", body=[{"type": "text", "value": "<p>Here two of nine bearings fail.</p>"}]
    )

    page = desk.post(url(story), WORDS).content.decode()

    assert "the words are replaced, in every draft too" in page
    assert "Public versions: 1." in page
    assert "3 reports of readers." in page
    assert f"/desk/corrections/withhold/{other.pk}/?kind=words" in page
    assert "Withhold now" in page
    assert not Withholding.objects.exists()
    assert "two of nine bearings" in desk.get(story.public_path).content.decode()


def test_it_is_withheld_confirmed_by_another_and_lifted(story, case, desk, editor, second_editor):
    response = desk.post(url(story), WORDS | {"now": "1"})

    assert response["Location"] == "/desk/corrections/withheld/"
    one = Withholding.objects.get()
    assert (one.by, one.reason, one.words) == (editor, "He called.", ["two of nine bearings", "nine bearings"])
    assert "nine bearings" not in desk.get(story.public_path).content.decode()
    listed = desk.get("/desk/corrections/withheld/").content.decode()
    assert "waits for a second person" in listed
    assert "/confirm/" not in listed
    assert desk.post(f"/desk/corrections/withheld/{one.pk}/confirm/").status_code == 302

    other = signed_in(second_editor)
    assert "/confirm/" in other.get("/desk/corrections/withheld/").content.decode()
    other.post(f"/desk/corrections/withheld/{one.pk}/confirm/")
    one.refresh_from_db()
    assert one.confirmed_by == second_editor
    day = timezone.localdate(one.confirmed_at + dt.timedelta(days=14)).strftime("%-d")
    assert f"will be destroyed on {day}" in other.get("/desk/corrections/withheld/").content.decode()

    other.post(f"/desk/corrections/withheld/{one.pk}/lift/")
    one.refresh_from_db()
    assert one.lifted_by == second_editor
    assert "nine bearings" in desk.get(f"{story.public_path}versions/1/").content.decode()


@pytest.mark.parametrize("who", ["reporter", "viewer"])
def test_who_may_not_publish_finds_no_door(story, editor, who, request):
    one = withhold(wanted=Wanted(story, "words", "court", words=["two of nine bearings"]), editor=editor)
    client = signed_in(request.getfixturevalue(who))

    answers = [
        client.get(url(story)).status_code,
        client.post(url(story), WORDS | {"now": "1"}).status_code,
        client.post(f"/desk/corrections/withheld/{one.pk}/confirm/").status_code,
        client.post(f"/desk/corrections/withheld/{one.pk}/lift/").status_code,
        client.post("/desk/corrections/withheld/rules/", {"days": "1"}).status_code,
    ]

    # Sent back to the first page of the desk, as from every door there that is shut.
    assert set(answers) == {302}
    assert Withholding.objects.get().is_held
    assert Withholding.objects.get().confirmed_at is None
    assert "two of nine bearings" not in client.get("/desk/corrections/withheld/").content.decode()
    assert Withholding.objects.count() == 1


def test_a_form_that_says_too_little_is_told_so_and_keeps_what_was_typed(story, desk):
    response = desk.post(
        url(story), {"kind": "words", "category": "court", "words": "ab", "reason": "Wait.", "now": "1"}
    )

    assert response.status_code == 422
    assert "is too short" in response.content.decode()
    assert "Wait." in response.content.decode()
    assert not Withholding.objects.exists()


def test_two_people_can_do_without_the_second_look_and_three_cannot(story, desk, editor, newsroom):
    desk.post("/desk/corrections/withheld/rules/", {"days": "3"})
    assert (WithholdingRules.now().wants_second, WithholdingRules.now().days) == (False, 3)
    one = withhold(wanted=Wanted(story, "words", "court", words=["two of nine bearings"]), editor=editor)
    assert one.confirmed_at is not None

    from tests.desk import colleague

    colleague("editor", name="Third", email="third@lantern.example")
    other = withhold(wanted=Wanted(story, "words", "court", words=["open it again"]), editor=editor)
    assert other.confirmed_at is None
    page = desk.post("/desk/corrections/withheld/rules/", {"days": "0"}, follow=True).content.decode()
    assert "from 1 to 365" in page


def test_the_first_page_of_the_desk_alarms_after_a_day(story, desk, editor):
    one = withhold(wanted=Wanted(story, "story", "danger"), editor=editor)
    assert "to be confirmed by a second person" in desk.get("/desk/").content.decode()
    Withholding.objects.filter(pk=one.pk).update(at=timezone.now() - dt.timedelta(days=2))

    page = desk.get("/desk/").content.decode()

    assert "A day has passed." in page
    assert "waits for a second person for more than a day" in desk.get("/desk/corrections/withheld/").content.decode()
    assert not StoryPage.objects.get(pk=story.pk).live


def test_the_form_of_a_story_leads_there(story, desk, reporter):
    edit = f"/desk/pages/{story.pk}/edit/"
    assert url(story) in desk.get(edit).content.decode()
    assert url(story) not in signed_in(reporter).get(edit).content.decode()
