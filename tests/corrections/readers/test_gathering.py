"""Suggestions about the same words make one item of the queue, and it follows the words through new versions."""

import threading

import pytest
from django.db import connection

from standfirst.corrections.gravity import gravity_of
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.services import cases_carry_on, suggestion_file
from standfirst.kit.anchoring import Quote
from tests.corrections.readers.conftest import BODY, republish, stands, with_text

GRAVE, FACT, SMALL = Case.Gravity.GRAVE, Case.Gravity.FACT, Case.Gravity.SMALL


def file(story, exact, **fields):
    return suggestion_file(story=story, quote=Quote(exact, block=fields.pop("block", "")), **fields)


def test_eleven_readers_make_one_item(newsroom, story):
    for number in range(11):
        file(story, ("shaked hands", "He shaked hands with", "shaked")[number % 3], why=str(number))
    file(newsroom.noise[0], "Parliament")

    case = Case.objects.get(story=story)
    assert (case.reports, case.suggestions.count()) == (11, 11)
    assert stands(case) == "shaked hands"
    assert Case.objects.count() == 2


def test_words_that_only_stand_beside_each_other_are_two_items(story):
    file(story, "Mayor")
    file(story, "Andri Kosenko")
    file(story, "Old bridge", block="headline")

    assert Case.objects.count() == 3


def test_a_report_joins_the_item_it_shares_most_with(story):
    first, second = file(story, "Mayor Andri"), file(story, "Kosenko said it would not open")

    assert file(story, "Andri Kosenko said it").case == second.case
    assert file(story, "Mayor Andri Kosenko").case == first.case


def test_an_item_that_was_decided_takes_no_more(story):
    decided = file(story, "shaked hands").case
    Case.objects.update(state=Case.State.DECLINED)

    assert file(story, "shaked hands").case != decided


def test_words_across_paragraphs_join_what_lies_in_either(story):
    across = suggestion_file(
        story=story, quote=Quote("failed an inspection.\nMayor Andri Kosenko", block="p-aaaaa", start=64, end=105)
    )

    assert stands(across) == "failed an inspection.\nMayor Andri Kosenko"
    assert file(story, "Andri").case == across.case
    assert file(story, "an inspection").case == across.case


def test_what_stands_in_several_places_alike_is_not_placed(newsroom):
    story = newsroom.publish(body=with_text("<p>One bridge.</p><p>Two boats.</p><p>One bridge.</p>"))

    suggestion = file(story, "One bridge.")

    assert (suggestion.is_placed, suggestion.case.is_placed) == (False, False)
    assert suggestion.exact == suggestion.case.exact == "One bridge."


def test_an_open_item_follows_its_words_into_the_next_version(newsroom, story):
    case = file(story, "shaked hands").case

    moved = republish(newsroom, story, body=with_text('<p data-block-key="nnnnn">News comes first.</p>' + BODY))

    case.refresh_from_db()
    assert (case.version, case.block, stands(case)) == (2, "p-bbbbb", "shaked hands")
    assert file(moved, "He shaked").case == case


def test_words_that_were_changed_leave_the_item_open_and_without_a_place(newsroom, story):
    case = file(story, "shaked hands").case

    fixed = republish(newsroom, story, body=with_text(BODY.replace("shaked", "shook")))

    case.refresh_from_db()
    assert (case.is_open, case.is_placed, case.version, case.exact) == (True, False, 2, "shaked hands")
    assert stands(case.suggestions.get()) == "shaked hands"
    # Who saw the old version joins it; who marks the new words does not.
    assert suggestion_file(story=fixed, quote=Quote("shaked"), version=1).case == case
    assert file(fixed, "shook hands").case != case

    republish(newsroom, fixed, body=with_text(BODY))
    case.refresh_from_db()
    assert (case.version, stands(case)) == (3, "shaked hands")


def test_the_same_words_elsewhere_are_never_taken_for_those_that_went(newsroom):
    once, again = "<p data-block-key='ooooo'>He said no.</p>", "<p data-block-key='sssss'>Later: He said no.</p>"
    story = newsroom.publish(body=with_text(once + again))
    case = suggestion_file(story=story, quote=Quote("said no", block="p-ooooo", start=3, end=10)).case
    lost = suggestion_file(story=story, quote=Quote("He said no.")).case

    republish(newsroom, story, body=with_text(again))

    for one in (case, lost):
        one.refresh_from_db()
        assert not one.is_placed


def test_a_closed_item_stays_where_it_was(newsroom, story):
    case = file(story, "shaked hands").case
    Case.objects.update(state=Case.State.ACCEPTED)

    republish(newsroom, story, title="Another headline")

    case.refresh_from_db()
    assert case.version == 1


def test_carrying_on_twice_changes_nothing_more(newsroom, story):
    file(story, "shaked hands")
    story = republish(newsroom, story, title="Another headline")
    before = list(Case.objects.values())

    assert cases_carry_on(story=story) == 0

    assert list(Case.objects.values()) == before


def test_a_report_that_comes_before_the_background_has_carried_on_joins_all_the_same(newsroom, story, monkeypatch):
    case = file(story, "shaked hands").case
    monkeypatch.setattr("standfirst.corrections.services.cases_carry_on", lambda story: 0)
    story = republish(newsroom, story, title="Another headline")
    case.refresh_from_db()
    assert case.version == 1

    assert file(story, "shaked hands").case == case
    case.refresh_from_db()
    assert (case.version, case.reports) == (2, 2)


def test_the_same_sending_is_one_suggestion_however_it_comes(story):
    first = file(story, "shaked", token="form", spool_id="a" * 32)

    assert file(story, "shaked", token="form", spool_id="b" * 32) == first
    assert file(story, "bridge", token="other", spool_id="a" * 32) == first
    assert Case.objects.get().reports == 1


def test_every_receipt_is_another(story):
    made = [file(story, "shaked", why=str(number)) for number in range(50)]

    assert len({one.number for one in made}) == len({one.token for one in made}) == 50
    assert {len(one.token) for one in made} == {43}


@pytest.mark.parametrize(
    ("block", "exact", "wording", "gravity"),
    [
        ("headline", "eleven months", "", GRAVE),
        ("standfirst", "turn", "turns", GRAVE),
        ("p-a", "Some 7,000 people", "Some 10,000 people", GRAVE),
        ("p-a", "9% of them", "11% of them", GRAVE),
        ("p-a", "12 soldiers", "", FACT),
        ("p-a", "in 2027", "in 2028", FACT),
        ("p-a", "at 18:05", "at 19:05", FACT),
        ("p-a", "said Andri Kosenko", "said Andrii Kosenko", FACT),
        ("p-a", "it would open", "it would not open", FACT),
        ("p-a", "they can", "they can't", FACT),
        ("p-a", "у понеділок", "у вівторок", FACT),
        ("p-a", "він поїхав", "він не поїхав", FACT),
        ("p-a", "the president of NATO", "the head of NATO", SMALL),
        ("p-a", "shaked hands with Danylo", "shook hands with Danylo", SMALL),
        ("p-a", "The their bridge", "Their bridge", SMALL),
        ("p-a", "на протязі року", "протягом року", SMALL),
        ("p-a", "Andri Kosenko", "Andrii Kosenko", SMALL),  # nobody can tell: a sentence may begin so
        ("", "", "", SMALL),
    ],
)
def test_gravity_is_proposed_from_place_and_difference(block, exact, wording, gravity):
    assert gravity_of(block=block, exact=exact, wording=wording) == gravity


def test_a_name_in_the_middle_of_a_sentence_is_a_fact():
    assert gravity_of(block="p-a", exact="Andri Kosenko", wording="Andrii Kosenko", prefix="its Mayor ") == FACT
    assert gravity_of(block="p-a", exact="Their bridge", wording="The bridge", prefix="said. ") == SMALL


def test_a_graver_report_makes_a_new_item_graver(story):
    case = file(story, "shaked hands").case
    assert case.gravity == SMALL

    file(story, "He shaked hands", wording="He never shook hands")

    case.refresh_from_db()
    assert case.gravity == FACT


@pytest.mark.django_db(transaction=True)
def test_first_reports_at_the_same_moment_make_one_item(newsroom, story):
    gate = threading.Barrier(6)
    failed = []

    def one(number):
        try:
            gate.wait()
            file(story, "shaked hands", why=str(number))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert (Case.objects.get().reports, Suggestion.objects.count()) == (6, 6)
