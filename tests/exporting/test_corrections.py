"""The log leaves and comes back with its chain; what readers sent goes with the newsroom alone."""

import json

import pytest

from standfirst.corrections.models import Case, Correction, Suggestion
from standfirst.corrections.services.log import correction_amend
from standfirst.importers.errors import ImportRefused
from standfirst.importers.house.services import export_take_in
from standfirst.stories.models import RecordEntry
from standfirst.stories.record import record_state
from standfirst.stories.services import story_withdraw
from tests.corrections.reports import reported
from tests.corrections.test_log import NINE, body_of, change
from tests.exporting.paper import emptied
from tests.exporting.test_import import same, sealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(unhurried, newsroom):
    """Two corrected stories, one of which was withdrawn since, and a case a reader opened."""
    story = newsroom.publish("A bridge is closed", body=[{"type": "text", "value": NINE}])
    gone = newsroom.publish("A story that had to go")
    change(story, body=body_of(story, "Nine", "Two"))
    change(gone, note="Not hers.", standfirst="Other words.")
    correction_amend(correction=Correction.objects.get(number=1), text="More.", editor=newsroom.editor)
    case = reported(story, "The tram", {"reply_to": "reader@readers.example", "why": "It was the bus."}, {})
    Case.objects.filter(pk=case.pk).update(correction=Correction.objects.get(number=1), assigned_to=newsroom.editor)
    story_withdraw(story=gone, editor=newsroom.editor)
    return newsroom


def test_a_private_export_brings_the_log_the_cases_and_the_chain_back(paper, exported):
    first, entries = exported("first", private=True), RecordEntry.objects.count()
    emptied()

    export_take_in(folder=first)

    assert record_state().troubles == []
    assert (RecordEntry.objects.count(), record_state().elsewhere) == (entries, 0)
    one = Correction.objects.get(number=1)
    assert (one.text.was, one.amendments.get().text) == ("Nine of two hundred bearings failed on Monday.", "More.")
    case = Case.objects.get()
    assert (case.exact, case.correction, case.assigned_to.email) == ("The tram", one, "editor@paper.example")
    assert sorted(Suggestion.objects.values_list("reply_to", flat=True)) == ["", "reader@readers.example"]
    same(first, exported("second", private=True), but={"accounts.json"})


def test_a_public_export_says_nothing_of_readers_nor_of_what_was_withdrawn(paper, exported):
    first = exported("first")

    everything = b"".join(file.read_bytes() for file in first.rglob("*") if file.is_file())
    assert b"reader@readers.example" not in everything
    assert b"Not hers." not in everything
    assert not (first / "cases.json").exists()
    emptied()
    export_take_in(folder=first)

    assert (record_state().troubles, record_state().elsewhere) == ([], 3)
    assert list(Correction.objects.values_list("number", flat=True)) == [1]
    same(first, exported("second"))


def test_no_number_is_given_twice_after_a_public_export_came_back(paper, exported):
    first = exported("first")
    emptied()
    export_take_in(folder=first)
    story = Correction.objects.get().story

    change(story, standfirst="Once more.")

    assert sorted(Correction.objects.values_list("number", flat=True)) == [1, 3]
    assert record_state().troubles == []


@pytest.mark.parametrize("forged", ["digest", "words", "left out", "entry"])
def test_a_log_that_was_changed_does_not_come_in(paper, exported, forged):
    first = exported("first")
    if forged == "digest":
        lines = (first / "record.jsonl").read_text().splitlines()
        entry = json.loads(lines[3])
        entry["digest"] = "0" * 64
        lines[3] = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        (first / "record.jsonl").write_text("\n".join(lines) + "\n")
    elif forged == "left out":
        lines = (first / "record.jsonl").read_text().splitlines()
        (first / "record.jsonl").write_text("\n".join(lines[:-1]) + "\n")
    else:
        log = json.loads((first / "corrections.json").read_text())
        if forged == "words":
            log[0]["text"]["note"] = "Never said."
        else:
            log[0]["origin"] = "subject"
        (first / "corrections.json").write_text(json.dumps(log))
    sealed(first)
    emptied()

    with pytest.raises(ImportRefused, match=r"[Ee]xport again"):
        export_take_in(folder=first)

    assert not Correction.objects.exists()
    assert not RecordEntry.objects.exists()
