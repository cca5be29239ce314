"""The queue at the desk: the gravest first, one case open, decided by a plain form, and the next one is there."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from standfirst.corrections.models import Case, ReadyAnswer
from standfirst.corrections.services import cases
from standfirst.corrections.wordings import wordings_of
from tests.corrections.reports import placed, reported, suggested
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/corrections/"


@pytest.fixture
def desk(editor):
    return signed_in(editor)


@pytest.fixture
def three(case, story, noise):
    """Beside the first: a grave one that came later, and one older than both."""
    grave = reported(story, "A bridge is closed", gravity=3)
    old = reported(story, "in May", opened_at=timezone.now() - dt.timedelta(days=2))
    return grave, old, case, noise


def listed(page):
    return [int(pk) for pk in re.findall(r'name="ticked" value="(\d+)"', page)]


def opened(page):
    return int(re.search(r'data-case="(\d+)"', page)[1])


def text(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_gravest_come_first_and_of_equals_the_oldest(three, desk):
    grave, old, case, noise = three

    page = desk.get(PLACE).content.decode()

    assert listed(page) == [grave.pk, old.pk, noise.pk, case.pk]
    assert opened(page) == grave.pk
    assert "Corrections (4)" in page


def test_a_case_shows_the_passage_the_wordings_with_their_readers_and_why(case, desk):
    page = desk.get(f"{PLACE}?case={case.pk}").content.decode()

    assert "<mark>two of nine bearings</mark>" in page
    assert "The bridge was closed on Monday after" in page
    assert "failed an inspection." in page
    wordings = page.split('class="sf-wordings"')[1].split("</ul>")[0]
    assert text(wordings).startswith("> was: two better: three of nine bearings 2 readers")
    assert "was: nine better: eight" in text(wordings)
    assert "The report says three." in page
    assert "3 readers" in page
    assert "2 want an answer" in page
    assert "petro@readers.example" not in page


def test_who_marked_more_or_less_of_the_same_words_has_her_wording_fitted(story, editor):
    slip = reported(story, "two of nine bearings", {"wording": "three of nine bearings"})
    sent = [
        ("two", "three"),
        ("after two of nine bearings failed", "after three of nine bearings failed"),
        ("after two of nine bearings failed", "because three failed"),
        ("bearings failed an inspection", "bearings were inspected"),
    ]
    for exact, wording in sent:
        suggested(slip, **placed(story, exact), wording=wording)

    found = wordings_of([slip])[slip.pk]

    assert [(one.about, one.words, one.readers, one.fits) for one in found] == [
        ("two of nine bearings", "three of nine bearings", 3, True),
        ("after two of nine bearings failed", "because three failed", 1, False),
        ("bearings failed an inspection", "bearings were inspected", 1, False),
    ]
    page = signed_in(editor).get(f"{PLACE}?case={slip.pk}").content.decode()
    assert page.count("data-use=") == 1
    assert ">three of nine bearings</textarea>" in page


def rewritten(story, editor, old, new):
    draft = story.get_latest_revision_as_object()
    body = draft.body.get_prep_value()
    assert old in body[0]["value"]
    body[0]["value"] = body[0]["value"].replace(old, new)
    draft.body = draft.body.stream_block.to_python(body)
    draft.change_label, draft.change_note, draft.change_from = "correction", "It was three.", 1
    draft.save_revision(user=editor).publish(user=editor)


def test_words_that_changed_meanwhile_are_shown_beside_what_stands_there_now(case, story, newsroom, desk):
    rewritten(story, newsroom.editor, "two of nine bearings", "three of nine bearings")

    page = desk.get(f"{PLACE}?case={case.pk}").content.decode()

    assert "changed since they were reported" in page
    assert "three of nine bearings" in page
    assert "was: two now: three of nine bearings" in text(page)


def test_what_an_editor_wrote_stays_when_the_words_went_meanwhile(case, story, newsroom, desk):
    rewritten(story, newsroom.editor, "two of nine bearings", "something else altogether, and much longer than that,")

    fields = {"wording": "My own careful words", "note": "And my note.", "label": "correction"}
    answer = desk.post(f"{PLACE}{case.pk}/accept/", fields | {"seen": "two of nine bearings"})

    page = text(answer.content.decode())
    assert answer.status_code == 409
    assert "What you wrote My own careful words And my note." in page


def test_a_ready_answer_is_one_press_and_the_next_case_is_there(three, desk):
    grave, old, case, noise = three

    answer = desk.post(f"{PLACE}{grave.pk}/decline/", {"ready": "source", "asked": "?"}, follow=True)

    grave.refresh_from_db()
    assert grave.state == Case.State.DECLINED
    assert grave.answer.startswith("Thank you for reading so closely.")
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{PLACE}?case={old.pk}&done={grave.pk}", 302)]
    assert opened(page) == old.pk
    assert "Take back" in page
    assert listed(page) == [old.pk, noise.pk, case.pk]


def test_after_the_last_case_the_first_one_is_open(three, desk):
    grave, _old, case, _noise = three

    answer = desk.post(f"{PLACE}{case.pk}/spam/", {"asked": "?"}, follow=True)

    assert opened(answer.content.decode()) == grave.pk


def test_what_was_filtered_stays_filtered(three, desk, story):
    grave, old, case, noise = three
    asked = f"?story={story.pk}"
    assert noise.pk not in listed(desk.get(PLACE + asked).content.decode())

    answer = desk.post(f"{PLACE}{old.pk}/decline/", {"answer": "Thank you.", "asked": asked}, follow=True)

    assert listed(answer.content.decode()) == [grave.pk, case.pk]
    assert opened(answer.content.decode()) == case.pk


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?gravity=3", ["grave"]),
        ("?words=bearings", ["case"]),
        ("?section=0", ["grave", "old", "noise", "case"]),
        ("?section=nonsense&gravity=9999999999999&show=nothing&p=x&case=²", ["grave", "old", "noise", "case"]),
        ("?words=nowhere", []),
    ],
)
def test_the_list_is_narrowed(three, desk, asked, found):
    names = dict(zip(("grave", "old", "case", "noise"), three, strict=True))

    assert listed(desk.get(PLACE + asked).content.decode()) == [names[name].pk for name in found]


def test_a_report_about_no_words_is_named_after_the_whole_story(story, desk):
    case = Case.objects.create(story=story, version=1)
    suggested(case, why="All of it is wrong.")

    page = desk.get(PLACE).content.decode()

    link = re.search(r"<a class=.sf-cases-words.[^>]*>(.*?)</a>", page, re.S)[1]
    assert text(link) == "The whole story"
    assert "Tick “The whole story”" in page
    assert "not in the story any more" not in page
    assert "“”" not in text(page)
    assert "“The whole story”" in desk.get(f"/desk/pages/{story.pk}/edit/").content.decode()
    done = desk.post(f"{PLACE}{case.pk}/decline/", {"answer": "Thank you."}, follow=True).content.decode()
    assert "Not an error: The whole story" in text(done)


def test_an_answer_in_ones_own_words_is_sent_as_it_is(case, desk):
    desk.post(f"{PLACE}{case.pk}/decline/", {"answer": "It was two: see page 14.", "ready": "", "asked": ""})

    case.refresh_from_db()
    assert case.answer == "It was two: see page 14."


def test_without_an_answer_everything_stays_and_the_sentence_says_why(case, desk):
    answer = desk.post(f"{PLACE}{case.pk}/decline/", {"answer": " "})

    assert answer.status_code == 422
    assert "Write what the reader is told." in answer.content.decode()
    case.refresh_from_db()
    assert case.state == Case.State.NEW


def test_the_second_editor_sees_the_first_ones_decision_and_keeps_her_own_words(case, desk, second_editor):
    cases.case_decline(case=case, answer="It is two.", editor=second_editor)

    answer = desk.post(f"{PLACE}{case.pk}/decline/", {"answer": "I looked it up as well."})

    page = text(answer.content.decode())
    assert answer.status_code == 409
    assert "Lesia Harmash was quicker" in page
    assert "It is two." in page
    assert "I looked it up as well." in page
    case.refresh_from_db()
    assert case.answer == "It is two."


def test_a_decision_is_taken_back_at_the_desk(case, desk):
    desk.post(f"{PLACE}{case.pk}/spam/", {})

    answer = desk.post(f"{PLACE}{case.pk}/reopen/", {"asked": "?"}, follow=True)

    case.refresh_from_db()
    assert case.state == Case.State.NEW
    assert opened(answer.content.decode()) == case.pk


def test_the_decided_ones_can_be_looked_up_and_opened_again(case, desk, editor, noise):
    cases.case_decline(case=case, answer="It is two.", editor=editor)

    page = desk.get(f"{PLACE}?show=decided").content.decode()

    assert opened(page) == case.pk
    assert "It is two." in page
    assert "Open again" in page
    assert noise.exact not in text(page.split('class="sf-cases"')[1].split("</ol>")[0])


def test_what_is_mine_to_check_has_its_own_list(case, desk, editor, reporter, noise):
    desk.post(f"{PLACE}{case.pk}/check/", {"assigned_to": str(reporter.pk), "desk_note": "Ask her."})

    hers = signed_in(reporter).get(f"{PLACE}?show=mine").content.decode()
    mine = desk.get(f"{PLACE}?show=mine").content.decode()

    assert opened(hers) == case.pk
    assert "Ask her." in hers
    assert "data-case=" not in mine
    assert "two of nine bearings" in signed_in(reporter).get("/desk/").content.decode()


def test_many_are_decided_at_once_each_in_its_own_language(newsroom, three, desk, second_editor):
    grave, old, case, noise = three
    ukrainian = reported(newsroom.publish("Міст закрито", language="uk"), "The bridge")
    cases.case_mark_spam(case=old, editor=second_editor)
    ticked = [one.pk for one in (grave, old, case, ukrainian)]

    answer = desk.post(f"{PLACE}many/", {"ticked": ticked, "act": "decline", "ready": "style"}, follow=True)

    page = text(answer.content.decode())
    assert "3 cases decided." in page
    assert "1 case stays as it is" in page
    for one in (grave, case, ukrainian, old, noise):
        one.refresh_from_db()
    assert [one.state for one in (grave, case, ukrainian)] == [Case.State.DECLINED] * 3
    assert (old.state, noise.state) == (Case.State.SPAM, Case.State.NEW)
    assert "Thank you" in case.answer
    assert "Дякуємо" in ukrainian.answer


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "decline", "ready": "style"}, "Tick the cases first."),
        ({"act": "decline", "ready": "nonsense", "ticked": True}, "Choose what the readers are told."),
        ({"act": "nonsense", "ready": "style", "ticked": True}, "Choose what the readers are told."),
    ],
)
def test_half_a_decision_about_many_changes_nothing(case, desk, fields, said):
    if "ticked" in fields:
        fields = fields | {"ticked": [case.pk]}

    answer = desk.post(f"{PLACE}many/", fields)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    case.refresh_from_db()
    assert case.state == Case.State.NEW


def test_a_flood_is_one_line_and_dropping_it_is_asked_once(case, story, desk):
    for _number in range(3):
        reported(story, "in May", is_aside=True)

    page = desk.get(PLACE).content.decode()
    assert "3 cases came in a flood and wait aside." in page
    assert len(listed(page)) == 2

    asked = desk.get(f"{PLACE}pile/").content.decode()
    assert "Drop all 3 cases for good" in asked
    until = re.search(r'name="until" value="([^"]+)"', asked)[1]
    desk.post(f"{PLACE}pile/", {"act": "drop", "until": until})

    assert Case.objects.filter(state=Case.State.SPAM).count() == 3


def test_ready_answers_are_the_papers_own_and_the_standard_ones_come_back(case, desk):
    page = desk.get(f"{PLACE}answers/").content.decode()
    assert "Дякуємо" in page

    desk.post(f"{PLACE}answers/", {"en-style": "We write it so.", "en-source": ""})

    assert list(ReadyAnswer.objects.values_list("language", "kind", "text")) == [("en", "style", "We write it so.")]
    desk.post(f"{PLACE}{case.pk}/decline/", {"ready": "style"})
    case.refresh_from_db()
    assert case.answer == "We write it so."

    desk.post(f"{PLACE}answers/", {"en-style": " "})
    assert not ReadyAnswer.objects.exists()


def test_the_form_of_a_story_names_what_readers_say(case, story, desk):
    page = text(desk.get(f"/desk/pages/{story.pk}/edit/").content.decode())

    assert "Readers say that something is wrong here: “two of nine bearings”." in page


def test_the_first_page_of_the_desk_says_how_many_wait_and_since_when(three, desk):
    page = text(desk.get("/desk/").content.decode())

    assert "What readers say is wrong 4" in page
    assert "The oldest waits since" in page


ADDRESSES = ["", "many/", "pile/", "answers/", "looks/", "told/", "{pk}/decline/", "{pk}/check/", "{pk}/spam/"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_nobody_without_a_sign_in_and_no_viewer_comes_in(case, viewer, client, path):
    address = PLACE + path.format(pk=case.pk)

    for ask in (client.get, client.post):
        assert ask(address).status_code in (302, 403)
    inside = signed_in(viewer)
    for ask in (inside.get, inside.post):
        # Wagtail leads home whoever may not.
        answer = ask(address, {"answer": "x", "act": "drop"})
        assert answer.status_code in (302, 403, 405)
        if answer.status_code == 302:
            assert answer["Location"] == "/desk/"

    case.refresh_from_db()
    assert case.state == Case.State.NEW


def test_a_viewer_is_shown_no_number(case, viewer):
    page = signed_in(viewer).get("/desk/").content.decode()

    assert "Corrections (" not in page
    assert "What readers say" not in page


@pytest.mark.parametrize("path", ["answers/", "pile/", "looks/"])
def test_a_reporter_leaves_answers_piles_and_second_looks_to_editors(case, reporter, path):
    assert signed_in(reporter).get(PLACE + path).status_code == 302


def test_a_reporter_may_answer_and_not_correct(case, reporter, newsroom):
    page = signed_in(reporter).get(f"{PLACE}?case={case.pk}").content.decode()
    own = signed_in(newsroom.reporter).get(f"{PLACE}?case={case.pk}").content.decode()

    assert f"{PLACE}{case.pk}/decline/" in page
    assert f"{PLACE}{case.pk}/accept/" not in page
    assert f"{PLACE}{case.pk}/decline/" not in own
    assert "an editor answers reports about it" in own


def test_nothing_is_asked_of_the_database_for_each_case(case, story, desk):
    desk.get(PLACE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(f"{PLACE}?case={case.pk}")
    rows = [Case(story=story, exact=f"words {number}", version=1) for number in range(60)]
    Case.objects.bulk_create(rows)

    with CaptureQueriesContext(connection) as many:
        page = desk.get(f"{PLACE}?case={case.pk}").content.decode()

    assert len(many) == len(few)
    assert len(listed(page)) == 25
    assert "Page 1 of 3" in text(page)


def test_every_sentence_of_a_hostile_report_is_text(story, desk):
    hostile = reported(story, "in May", {"wording": "<script>alert(1)</script>", "why": "<img src=x onerror=alert(1)>"})

    page = desk.get(f"{PLACE}?case={hostile.pk}").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
