"""Two editors at the same moment: one decision, and nothing of the other half done."""

import threading

import pytest
from django.db import connection

from standfirst.corrections.errors import AlreadyDecided
from standfirst.corrections.models import Case, Correction
from standfirst.corrections.services import cases
from standfirst.corrections.services.accepting import case_accept
from tests.corrections.reports import reported

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run these at the same moment, each as a request of its own; what each returned or raised."""
    ready, found = threading.Barrier(len(acts)), {}

    def run(number, act):
        ready.wait(10)
        try:
            found[number] = act()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [found[number] for number in range(len(acts))]


@pytest.fixture
def slip(newsroom):
    return reported(newsroom.publish("A bridge is closed"), "two of nine bearings", {"wording": "three of nine"})


def accept(slip, editor, wording):
    case = Case.objects.get(pk=slip.pk)
    return case_accept(case=case, wording=wording, label="correction", note="It was three.", editor=editor)


def test_of_two_who_accept_one_does(newsroom, slip):
    results = at_once(
        lambda: accept(slip, newsroom.editor, "three of nine bearings"),
        lambda: accept(slip, newsroom.editor, "four of nine bearings"),
    )

    assert sorted(type(result).__name__ for result in results) == ["Accepted", "AlreadyDecided"]
    assert slip.story.public_versions.count() == 2
    assert Correction.objects.count() == 1


def test_one_accepts_while_another_declines(newsroom, slip):
    results = at_once(
        lambda: accept(slip, newsroom.editor, "three of nine bearings"),
        lambda: cases.case_decline(case=Case.objects.get(pk=slip.pk), answer="It is two.", editor=newsroom.editor),
    )

    refused = [result for result in results if isinstance(result, AlreadyDecided)]
    slip.refresh_from_db()
    assert len(refused) == 1
    assert refused[0].case.state == slip.state
    accepted = slip.state == Case.State.ACCEPTED
    assert slip.story.public_versions.count() == (2 if accepted else 1)
    assert Correction.objects.count() == (1 if accepted else 0)
    assert bool(slip.answer) != accepted


def test_two_cases_of_one_story_are_both_accepted(newsroom, slip):
    other = reported(slip.story, "on Monday", {"wording": "on Tuesday"})

    results = at_once(
        lambda: accept(slip, newsroom.editor, "three of nine bearings"),
        lambda: accept(other, newsroom.editor, "on Tuesday"),
    )

    assert [type(result).__name__ for result in results] == ["Accepted", "Accepted"], results
    slip.story.refresh_from_db()
    words = "".join(block.value.source for block in slip.story.body)
    assert "on Tuesday after three of nine bearings" in words
    assert [entry.number for entry in Correction.objects.order_by("number")] == [1, 2]
