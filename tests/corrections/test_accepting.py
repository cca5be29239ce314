"""A reader was right: the story, its drafts, the public log and the decision change together, or nothing does."""

import re

import pytest
from django.core import mail

from standfirst.corrections.errors import AlreadyDecided, NotAllowed, NotReady, PassageMoved
from standfirst.corrections.models import Case, Correction, Suggestion
from standfirst.corrections.services import cases
from standfirst.corrections.services.accepting import _narrowed, case_accept
from standfirst.stories.models import PublicVersion
from standfirst.stories.services import PassageEdit
from tests.corrections.reports import reported, suggested
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/corrections/"
BLOCK = re.compile(r'data-block-key="([^"]+)"')
NOTE = "An earlier version said that two of nine bearings failed. It was three."


def accept(case, editor, **fields):
    given = {"wording": "three of nine bearings", "label": "correction", "note": NOTE}
    return case_accept(case=case, editor=editor, **given | fields)


def edited(story, old, new, editor, *, publish):
    """A colleague changes words in the form of the story."""
    draft = story.get_latest_revision_as_object()
    body = draft.body.get_prep_value()
    for block in body:
        block["value"] = block["value"].replace(old, new)
    draft.body = draft.body.stream_block.to_python(body)
    newest = story.public_versions.order_by("-number")[0].number
    draft.change_label, draft.change_note, draft.change_from = "update", "", newest
    revision = draft.save_revision(user=editor)
    if publish:
        revision.publish(user=editor)
    story.refresh_from_db()
    return revision


def nothing_happened(case, story):
    case.refresh_from_db()
    assert (case.state, case.decided_by, case.correction) == (Case.State.NEW, None, None)
    assert story.public_versions.count() == 1
    assert not Correction.objects.exists()
    assert mail.outbox == []


def words_of(story):
    return "".join(block.value.source for block in story.body)


def test_the_story_the_log_and_the_decision_come_together(case, story, editor, newsroom, client):
    accepted = accept(case, editor, credit="Vira Stelmakh")

    story.refresh_from_db()
    assert "three of nine bearings failed" in words_of(story)
    case.refresh_from_db()
    entry = Correction.objects.get()
    assert (case.state, case.decided_by, case.correction) == (Case.State.ACCEPTED, editor, entry)
    assert accepted.correction == entry
    assert (entry.label, entry.origin, entry.reported_at) == ("correction", "reader", case.opened_at)
    assert (entry.text.note, entry.text.credit) == (NOTE, "Vira Stelmakh")
    assert entry.after == story.public_versions.order_by("-number")[0]
    assert sorted(letter.to[0] for letter in mail.outbox) == ["petro@readers.example", "vira@readers.example"]
    assert all(f"http://testserver/corrections/{entry.number}/" in letter.body for letter in mail.outbox)
    assert "three of nine bearings" in client.get(story.public_path).content.decode()
    assert "Library hours change" in newsroom.noise[2].title


def test_a_typo_makes_no_public_note_and_its_reader_is_thanked(story, editor):
    slip = reported(story, "hopes to open it", {"wording": "hopes to open it up", "reply_to": "x@readers.example"})

    accepted = accept(slip, editor, wording="hopes to  open it up", label="typo", note="")

    assert accepted.correction is None
    assert not Correction.objects.exists()
    assert PublicVersion.objects.get(story=story, number=2).label == "typo"
    story.refresh_from_db()
    assert "hopes to open it up again" in words_of(story)
    (letter,) = mail.outbox
    assert "/corrections/" not in letter.body


def test_a_colleagues_draft_is_corrected_and_otherwise_left_alone(case, story, editor, newsroom):
    edited(story, "in May", "in June", newsroom.reporter, publish=False)

    accepted = accept(case, editor)

    assert len(accepted.revised.drafts_changed) == 1
    draft = story.get_latest_revision_as_object()
    assert "three of nine bearings" in words_of(draft)
    assert "in June" in words_of(draft)
    story.refresh_from_db()
    assert "in May" in words_of(story)


def test_words_that_changed_meanwhile_are_not_corrected_unseen(case, story, editor, newsroom):
    edited(story, "two of nine bearings", "two of nine big bearings", newsroom.editor, publish=True)

    with pytest.raises(PassageMoved) as refusal:
        accept(case, editor)

    assert refusal.value.old == "two of nine bearings"
    case.refresh_from_db()
    assert case.state == Case.State.NEW
    assert story.public_versions.count() == 2
    assert mail.outbox == []

    if refusal.value.now:
        accept(case, editor, seen=refusal.value.now, wording="three of nine big bearings")
        story.refresh_from_db()
        assert "three of nine big bearings" in words_of(story)


def test_words_that_moved_are_corrected_where_they_stand_now(case, story, editor, newsroom):
    edited(story, "The bridge was", "It rained. The bridge was", newsroom.editor, publish=True)

    accept(case, editor)

    story.refresh_from_db()
    assert "three of nine bearings" in words_of(story)
    assert "It rained." in words_of(story)


def gone(case, story, editor):
    """The reported words leave the story while the case is open."""
    edited(story, "after two of nine bearings failed an inspection", "for repairs", editor, publish=True)
    return f"p-{BLOCK.search(words_of(story))[1]}"


def test_words_that_are_gone_are_put_right_in_the_passage_that_is_meant(case, story, editor, newsroom):
    block = gone(case, story, newsroom.editor)
    draft = edited(story, "The bridge", "The old bridge", newsroom.editor, publish=False)
    whole = "The bridge was closed on Monday for repairs."

    accept(case, editor, block=block, seen=whole, wording="The bridge was closed on Tuesday for repairs.")

    story.refresh_from_db()
    assert "closed on Tuesday for repairs" in words_of(story)
    draft.refresh_from_db()
    assert "The old bridge was closed on Tuesday for repairs." in words_of(draft.as_object())
    case.refresh_from_db()
    assert (case.state, case.correction.reported_at) == (Case.State.ACCEPTED, case.opened_at)


@pytest.mark.parametrize("wrong", [{"seen": "The bridge was closed."}, {"block": "p-none"}], ids=["changed", "no such"])
def test_a_passage_that_is_not_what_the_editor_saw_is_not_changed(case, story, editor, newsroom, wrong):
    given = {"block": gone(case, story, newsroom.editor), "seen": "The bridge was closed on Monday for repairs."}

    with pytest.raises(PassageMoved):
        accept(case, editor, **given | wrong)

    assert Case.objects.get(pk=case.pk).state == Case.State.NEW
    assert story.public_versions.count() == 2


def test_the_passage_that_is_meant_is_opened_and_put_right_at_the_desk(case, story, editor, newsroom):
    block, desk = gone(case, story, newsroom.editor), signed_in(editor)
    page = desk.get(f"{PLACE}?case={case.pk}").content.decode()
    assert f'<option value="{block}" selected>' in page
    assert 'id="sf-wording"' not in page

    page = desk.get(f"{PLACE}?case={case.pk}&block={block}").content.decode()
    assert ">The bridge was closed on Monday for repairs.</textarea>" in page
    assert "two of nine bearings" in page, "what was reported stands beside it"
    proposed = desk.get(f"{PLACE}{case.pk}/propose/", {"block": block, "wording": "The bridge is shut."}).json()
    fields = {"block": block, "seen": "The bridge was closed on Monday for repairs.", "label": "correction"}
    refused = desk.post(f"{PLACE}{case.pk}/accept/", fields | {"wording": "The bridge was closed on Friday."})
    answer = desk.post(
        f"{PLACE}{case.pk}/accept/", fields | {"wording": "The bridge was closed on Friday for repairs.", "note": NOTE}
    )

    assert "was closed on Monday for repairs" in proposed["note"]
    assert refused.status_code == 422
    assert ">The bridge was closed on Friday.</textarea>" in refused.content.decode()
    assert answer.status_code == 302
    story.refresh_from_db()
    assert "on Friday for repairs" in words_of(story)


@pytest.mark.parametrize(
    ("old", "new", "narrow"),
    [
        ("It is red and big.", "It is blue and big.", ("red ", "blue ")),
        ("It is red.", "It is very red.", ("is ", "is very ")),
        ("It is red.", "Yes, it is red.", ("It ", "Yes, it ")),
        ("It is red.", "It is red. And big.", ("red.", "red. And big.")),
        ("It is very red.", "It is red.", ("very ", "")),
        ("Red", "Blue", ("Red", "Blue")),
        ("a a", "a a a", ("a", "a a")),
    ],
)
def test_an_edit_of_a_passage_is_about_no_more_than_its_difference(old, new, narrow):
    edit = _narrowed(PassageEdit("p-1", 0, len(old), old, new))

    assert (edit.old.strip(), edit.new.strip()) == tuple(part.strip() for part in narrow)
    assert old[: edit.start] + edit.new + old[edit.end :] == new
    assert edit.old == old[edit.start : edit.end]


@pytest.mark.parametrize(
    "wrong",
    [{"wording": "  "}, {"wording": "two of nine bearings"}, {"label": ""}, {"label": "nonsense"}, {"note": ""}],
    ids=["empty", "the same", "without a label", "unknown label", "without a note"],
)
def test_what_is_missing_is_said_and_changes_nothing(case, story, editor, wrong):
    with pytest.raises(NotReady):
        accept(case, editor, **wrong)

    nothing_happened(case, story)


@pytest.mark.parametrize("who", ["reporter", "viewer"])
def test_only_those_who_may_publish_put_it_right(case, story, request, who):
    with pytest.raises(NotAllowed):
        accept(case, request.getfixturevalue(who))

    nothing_happened(case, story)


def test_of_two_editors_only_one_corrects(case, story, editor, second_editor):
    theirs = Case.objects.get(pk=case.pk)
    accept(case, editor)

    with pytest.raises(AlreadyDecided) as refusal:
        accept(theirs, second_editor, wording="four of nine bearings")

    assert refusal.value.case.state == Case.State.ACCEPTED
    story.refresh_from_db()
    assert "three of nine bearings" in words_of(story)
    assert story.public_versions.count() == 2
    assert Correction.objects.count() == 1


def test_a_repeated_case_hears_of_the_correction(case, story, editor):
    again = reported(story, "nine bearings", {"reply_to": "third@readers.example"})
    entry = accept(case, editor).correction
    mail.outbox.clear()

    cases.case_mark_duplicate(case=again, correction=entry, editor=editor)

    (letter,) = mail.outbox
    assert f"/corrections/{entry.number}/" in letter.body


def test_it_is_done_at_the_desk_with_one_form(case, editor, story):
    desk = signed_in(editor)
    page = desk.get(f"{PLACE}?case={case.pk}").content.decode()
    # Most readers' wording stands in the form, the note is written, and a number makes the editor choose.
    assert ">three of nine bearings</textarea>" in page
    assert "An earlier version said" in page
    assert 'name="label" value="correction" required>' in page
    assert 'value="Vira Stelmakh"' in page

    fields = {"wording": "three of nine bearings", "seen": "two of nine bearings", "label": "correction", "note": NOTE}
    answer = desk.post(f"{PLACE}{case.pk}/accept/", fields | {"asked": "?"}, follow=True)

    page = answer.content.decode()
    assert "Accepted:" in page
    assert f'href="/corrections/{Correction.objects.get().number}/"' in page
    assert "Take back" not in page


def test_a_spelling_is_proposed_as_a_typo_and_needs_one_key(story, editor):
    slip = reported(story, "inspection", {"wording": "inspektion"})

    page = signed_in(editor).get(f"{PLACE}?case={slip.pk}").content.decode()

    assert 'name="label" value="typo" required checked>' in page


def test_without_a_label_the_desk_asks_and_keeps_what_was_typed(case, editor, story):
    answer = signed_in(editor).post(
        f"{PLACE}{case.pk}/accept/", {"wording": "three of the nine", "note": "My own note.", "label": ""}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert ">three of the nine</textarea>" in page
    assert ">My own note.</textarea>" in page
    nothing_happened(case, story)


def test_a_number_written_with_a_hyphen_is_a_number(newsroom, editor):
    body = [{"type": "text", "value": "<p>They went out sixty-one times.</p>"}]
    slip = reported(newsroom.publish("Rescue", body=body), "sixty-one", {"wording": "sixty-two"})

    page = signed_in(editor).get(f"{PLACE}?case={slip.pk}").content.decode()

    assert "required checked>" not in page
    assert "sixty-two" in page.split('id="sf-note"')[1].split("</textarea>")[0]


def test_the_proposal_follows_the_wording(case, editor):
    desk = signed_in(editor)

    found = desk.get(f"{PLACE}{case.pk}/propose/", {"wording": "two of nine bearrings"}).json()
    fact = desk.get(f"{PLACE}{case.pk}/propose/", {"wording": "seven of nine bearings"}).json()

    assert found["label"] == "typo"
    assert fact["label"] == ""
    assert "seven" in fact["note"]


def test_the_reader_who_is_thanked_is_told_so_nowhere_else(case, editor):
    suggested(case, credit="Third Reader")

    accept(case, editor, credit="")

    assert Correction.objects.get().text.credit == ""
    assert Suggestion.objects.filter(credit="Third Reader").exists()
