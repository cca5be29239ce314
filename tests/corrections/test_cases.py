"""What the desk does with a case: by whom, once, and with a word to those who reported it."""

import pytest
from django.core import mail
from wagtail.models import PageLogEntry

from standfirst.corrections.errors import AlreadyDecided, NotAllowed, NotReady
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.services import cases
from tests.corrections.reports import reported, suggested

pytestmark = pytest.mark.django_db
KIND = "Thank you. Our source says so."


def history(story):
    rows = PageLogEntry.objects.filter(page_id=story.pk, action__startswith="standfirst.corrections.")
    return list(rows.order_by("timestamp").values_list("action", flat=True))


def test_a_case_that_is_no_error_is_answered_and_everybody_who_asked_is_told_once(case, story, editor, noise):
    decided = cases.case_decline(case=case, answer=f"  {KIND} ", editor=editor)

    assert (decided.state, decided.answer, decided.decided_by) == (Case.State.DECLINED, KIND, editor)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["petro@readers.example", "vira@readers.example"]
    assert all(KIND in letter.body for letter in mail.outbox)
    assert Suggestion.objects.filter(case=case, told_at=None).count() == 1
    assert history(story) == ["standfirst.corrections.decline"]
    noise.refresh_from_db()
    assert noise.state == Case.State.NEW


def test_nobody_is_sent_away_without_a_word(case, editor):
    with pytest.raises(NotReady, match="Write what the reader is told"):
        cases.case_decline(case=case, answer="  ", editor=editor)

    case.refresh_from_db()
    assert case.state == Case.State.NEW
    assert mail.outbox == []


def test_of_two_editors_the_second_sees_what_the_first_decided(case, editor, second_editor):
    theirs = Case.objects.get(pk=case.pk)
    cases.case_decline(case=case, answer=KIND, editor=editor)

    with pytest.raises(AlreadyDecided) as refusal:
        cases.case_mark_spam(case=theirs, editor=second_editor)

    assert (refusal.value.case.state, refusal.value.case.answer) == (Case.State.DECLINED, KIND)
    assert refusal.value.case.decided_by == editor
    assert len(mail.outbox) == 2


def test_a_case_is_handed_to_a_colleague_who_hears_of_it(case, editor, reporter):
    found = cases.case_check(case=case, assigned_to=reporter, note="Ask the inspector.", editor=editor)

    assert (found.state, found.assigned_to, found.note) == (Case.State.CHECKING, reporter, "Ask the inspector.")
    (letter,) = mail.outbox
    assert letter.to == [reporter.email]
    assert "Ask the inspector." in letter.body
    assert f"/desk/corrections/?show=mine&case={case.pk}" in letter.body


def test_checking_it_oneself_sends_no_mail(case, reporter):
    assert cases.case_check(case=case, assigned_to=None, editor=reporter).assigned_to == reporter
    assert mail.outbox == []


def test_a_case_is_not_handed_to_somebody_who_cannot_open_it(case, editor, viewer):
    with pytest.raises(NotReady, match="cannot open the corrections"):
        cases.case_check(case=case, assigned_to=viewer, editor=editor)

    case.refresh_from_db()
    assert case.state == Case.State.NEW


def test_readers_of_a_duplicate_hear_what_becomes_of_the_first(case, story, editor):
    again = reported(story, "nine bearings", {"reply_to": "third@readers.example"})

    cases.case_mark_duplicate(case=again, of=case, editor=editor)

    assert mail.outbox == []
    case.refresh_from_db()
    assert case.reports == 4

    cases.case_decline(case=case, answer=KIND, editor=editor)

    assert "third@readers.example" in [letter.to[0] for letter in mail.outbox]
    assert len(mail.outbox) == 3


def test_a_duplicate_of_what_is_decided_is_told_at_once(case, story, editor):
    again = reported(story, "nine bearings", {"reply_to": "third@readers.example"})
    cases.case_decline(case=case, answer=KIND, editor=editor)
    mail.outbox.clear()

    cases.case_mark_duplicate(case=again, of=case, editor=editor)

    (letter,) = mail.outbox
    assert letter.to == ["third@readers.example"]
    assert KIND in letter.body


def test_a_case_repeats_neither_itself_nor_another_story(case, noise, editor, story):
    twin = reported(story, "nine bearings")
    cases.case_mark_duplicate(case=twin, of=case, editor=editor)

    for wrong in (case, twin, noise):
        with pytest.raises(NotReady):
            cases.case_mark_duplicate(case=case, of=wrong, editor=editor)
    with pytest.raises(NotReady, match="Say which"):
        cases.case_mark_duplicate(case=case, editor=editor)

    case.refresh_from_db()
    assert case.state == Case.State.NEW


def test_nothing_is_sent_for_spam(case, editor):
    assert cases.case_mark_spam(case=case, editor=editor).state == Case.State.SPAM
    assert mail.outbox == []


def test_a_decision_is_taken_back_and_its_readers_hear_the_next_one(case, story, editor):
    cases.case_mark_spam(case=case, editor=editor)

    again = cases.case_reopen(case=case, editor=editor)
    assert (again.state, again.decided_by, again.decided_at) == (Case.State.NEW, None, None)

    cases.case_decline(case=case, answer=KIND, editor=editor)
    cases.case_reopen(case=case, editor=editor)
    cases.case_decline(case=case, answer="Other words.", editor=editor)

    assert len(mail.outbox) == 4
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) >= 2
    assert history(story) == [
        f"standfirst.corrections.{name}" for name in ("spam", "reopen", "decline", "reopen", "decline")
    ]


def test_taking_a_duplicate_back_counts_its_readers_no_more(case, story, editor):
    again = reported(story, "nine bearings", {}, {})
    cases.case_mark_duplicate(case=again, of=case, editor=editor)

    cases.case_reopen(case=again, editor=editor)

    case.refresh_from_db()
    again.refresh_from_db()
    assert (case.reports, again.reports, again.duplicate_of) == (3, 2, None)


def test_what_was_accepted_is_not_taken_back(case, editor):
    Case.objects.filter(pk=case.pk).update(state=Case.State.ACCEPTED, decided_by=editor)

    with pytest.raises(NotReady, match="public"):
        cases.case_reopen(case=case, editor=editor)

    case.refresh_from_db()
    assert case.state == Case.State.ACCEPTED


DOORS = {
    "decline": lambda case, who: cases.case_decline(case=case, answer=KIND, editor=who),
    "check": lambda case, who: cases.case_check(case=case, assigned_to=None, editor=who),
    "spam": lambda case, who: cases.case_mark_spam(case=case, editor=who),
    "duplicate": lambda case, who: cases.case_mark_duplicate(case=case, of=case, editor=who),
    "reopen": lambda case, who: cases.case_reopen(case=case, editor=who),
    "weigh": lambda case, who: cases.case_weigh(case=case, gravity=3, editor=who),
    "release": lambda case, who: cases.pile_release(editor=who),
    "drop": lambda case, who: cases.pile_drop(editor=who),
    "tell": lambda case, who: cases.tell_again(editor=who),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_viewer_may_decide_nothing(case, viewer, door):
    with pytest.raises(NotAllowed):
        DOORS[door](case, viewer)

    case.refresh_from_db()
    assert (case.state, case.gravity) == (Case.State.NEW, 1)


@pytest.mark.parametrize("door", ["release", "drop"])
def test_a_reporter_does_not_tend_the_side_pile(case, reporter, door):
    with pytest.raises(NotAllowed):
        DOORS[door](case, reporter)


@pytest.mark.parametrize("door", ["decline", "check", "spam", "weigh"])
def test_a_reporter_answers_for_every_section(case, reporter, door):
    DOORS[door](case, reporter)


@pytest.mark.parametrize("door", ["decline", "spam", "duplicate", "reopen"])
def test_nobody_but_an_editor_turns_down_a_complaint_about_her_own_words(case, newsroom, door):
    with pytest.raises(NotAllowed):
        DOORS[door](case, newsroom.reporter)

    assert cases.case_check(case=case, assigned_to=None, editor=newsroom.reporter).state == Case.State.CHECKING


def test_a_flood_is_let_in_or_dropped_whole_and_only_what_was_seen(case, story, editor):
    first = reported(story, "in May", {"reply_to": "x@readers.example"}, is_aside=True)
    late = reported(story, "The city", is_aside=True)

    assert cases.pile_drop(editor=editor, until=first.opened_at) == 1
    assert cases.pile_release(editor=editor) == 1

    states = dict(Case.objects.values_list("pk", "state"))
    assert states[first.pk] == Case.State.SPAM
    assert states[late.pk] == Case.State.NEW
    assert not Case.objects.filter(is_aside=True).exists()
    assert mail.outbox == []


def test_many_readers_of_one_case_are_all_told(case, editor):
    for number in range(20):
        suggested(case, reply_to=f"reader-{number}@readers.example")

    cases.case_decline(case=case, answer=KIND, editor=editor)

    assert len(mail.outbox) == 22
