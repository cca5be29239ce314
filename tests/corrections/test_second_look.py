"""An author corrects her own story at once; where there are editors enough, another one looks at it afterwards."""

import pytest

from standfirst.corrections.errors import NotAllowed
from standfirst.corrections.models import Correction, SecondLook
from standfirst.corrections.services.accepting import case_accept
from standfirst.corrections.services.desk import second_look_done
from standfirst.people.services import byline_add
from tests.corrections.reports import reported
from tests.desk import colleague, signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/corrections/looks/"


@pytest.fixture
def own(newsroom, editor):
    """A story under this editor's own name."""
    mine = byline_add(name="Iryna Savchuk", account=editor, slug="iryna-own")
    return newsroom.publish("The lift works again", bylines=[mine])


@pytest.fixture
def three_editors(second_editor, editor, newsroom):
    assert newsroom.editor != editor != second_editor
    return editor, second_editor


def corrected(story, editor, label="correction"):
    case = reported(story, "two of nine bearings")
    return case_accept(
        case=case, wording="three of nine bearings", label=label, note="It was three of nine.", editor=editor
    )


def test_an_authors_correction_is_public_at_once_and_waits_for_another_look(own, three_editors, client):
    editor, second = three_editors

    corrected(own, editor)

    assert "three of nine bearings" in client.get(own.public_path).content.decode()
    look = SecondLook.objects.get()
    assert (look.author, look.looked_at) == (editor, None)

    page = signed_in(second).get(PLACE).content.decode()
    assert "It was three of nine." in page
    signed_in(second).post(f"{PLACE}{look.pk}/")

    look.refresh_from_db()
    assert look.looked_by == second
    assert "Nothing waits for a second look." in signed_in(second).get(PLACE).content.decode()


def test_nobody_looks_at_her_own(own, three_editors, reporter):
    editor, _second = three_editors
    corrected(own, editor)
    look = SecondLook.objects.get()

    for who in (editor, reporter):
        with pytest.raises(NotAllowed):
            second_look_done(look=look, editor=who)

    look.refresh_from_db()
    assert look.looked_at is None
    assert "Yours: another editor looks at it." in signed_in(editor).get(PLACE).content.decode()


def test_of_two_who_look_the_first_is_written_down(own, three_editors, newsroom):
    editor, second = three_editors
    corrected(own, editor)
    look = SecondLook.objects.get()

    second_look_done(look=look, editor=second)
    assert second_look_done(look=look, editor=newsroom.editor).looked_by == second


def test_another_editors_correction_needs_none(story, three_editors):
    corrected(story, three_editors[0])

    assert Correction.objects.count() == 1
    assert not SecondLook.objects.exists()


def test_a_typo_needs_none(own, three_editors):
    case = reported(own, "inspection")

    case_accept(case=case, wording="inspektion", label="typo", note="", editor=three_editors[0])

    assert not SecondLook.objects.exists()


def test_under_three_editors_nothing_waits(own, editor):
    corrected(own, editor)

    assert Correction.objects.count() == 1
    assert not SecondLook.objects.exists()


def test_the_first_page_of_the_desk_reminds_of_it(own, three_editors):
    corrected(own, three_editors[0])

    assert "Corrections for a second look" in signed_in(three_editors[1]).get("/desk/").content.decode()
    other = colleague("reporter", email="other@lantern.example")
    assert "Corrections for a second look" not in signed_in(other).get("/desk/").content.decode()
