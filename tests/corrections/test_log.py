"""Every change that readers must hear of has its entry: numbered, sealed, and never taken back."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from standfirst.corrections.models import Amendment, Correction, CorrectionText
from standfirst.corrections.services.log import correction_amend, entry_details
from standfirst.stories import guards
from standfirst.stories.errors import NotAllowed
from standfirst.stories.models import RecordEntry
from standfirst.stories.record import record_state
from standfirst.stories.services import story_publish

pytestmark = pytest.mark.django_db
NINE = "<p>Nine of two hundred bearings failed on Monday.</p><p>The tram goes round.</p>"
TWO = NINE.replace("Nine", "Two")


@pytest.fixture
def story(newsroom):
    newsroom.publish("Another story", body=[{"type": "text", "value": NINE}])
    return newsroom.publish("A bridge is closed", body=[{"type": "text", "value": NINE}])


def change(story, label="correction", note="An earlier version said nine bearings failed. It is two.", **fields):
    """Publish a labelled change, as the desk does."""
    story = type(story).objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(story, name, value)
    last = story.public_versions.order_by("-number")[0]
    story.change_label, story.change_note, story.change_from = label, note, last.number
    story.save_revision()
    return story_publish(story=story)


def rewritten(story, old, new):
    value = story.body.raw_data[0]["value"]
    return [{"type": "text", "value": value.replace(old, new), "id": story.body.raw_data[0]["id"]}]


def body_of(story, old, new):
    import json

    return json.dumps(rewritten(story, old, new))


def test_a_correction_makes_an_entry_with_its_version(story):
    version = change(story, body=body_of(story, "Nine", "Two"))

    entry = Correction.objects.get()
    assert (entry.number, entry.label, entry.story_id) == (1, "correction", story.pk)
    assert (entry.before.number, entry.after) == (1, version)
    assert (entry.origin, entry.reported_at, entry.fixed_at) == ("staff", None, version.published_at)
    assert entry.text.note == "An earlier version said nine bearings failed. It is two."
    assert entry.text.was == "Nine of two hundred bearings failed on Monday."
    assert entry.text.now == "Two of two hundred bearings failed on Monday."
    last = RecordEntry.objects.order_by("-number")[0]
    assert (last.kind, last.subject, last.digest) == ("correction", "1", entry.record_digest)
    assert record_state().troubles == []


@pytest.mark.parametrize(("label", "makes"), [
    ("typo", False), ("update", False), ("correction", True), ("clarification", True),
    ("editors-note", True), ("retraction", True),
])  # fmt: skip
def test_typos_and_updates_make_no_entry(story, label, makes):
    version = change(story, label, standfirst="Other words.")

    assert version.label == label
    assert Correction.objects.exists() is makes


def test_numbers_have_no_gaps_over_all_stories(story, newsroom):
    other = newsroom.publish("Yet another")

    def interrupted():
        with transaction.atomic():
            change(other, standfirst="Never out.")
            raise RuntimeError("The power fails.")

    change(story, standfirst="One.")
    with pytest.raises(RuntimeError):
        interrupted()
    change(other, standfirst="Two.")
    change(story, standfirst="Three.")

    assert list(Correction.objects.order_by("number").values_list("number", "story_id")) == [
        (1, story.pk), (2, other.pk), (3, story.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(("label", "fields", "place"), [
    ("correction", {"title": "Two bridges are closed"}, "top"),
    ("correction", {"standfirst": "Both are."}, "top"),
    ("correction", {"old": "The tram", "new": "The bus"}, "end"),
    ("correction", {"old": "goes round", "new": "goes 2 rounds"}, "top"),
    ("correction", {"old": "on Monday", "new": "last Monday"}, "top"),
    ("editors-note", {"old": "The tram", "new": "The bus"}, "top"),
    ("retraction", {"old": "The tram", "new": "The bus"}, "top"),
])  # fmt: skip
def test_a_note_stands_where_those_who_read_the_mistake_see_it(story, label, fields, place):
    if "old" in fields:
        fields = {"body": body_of(story, fields["old"], fields["new"])}

    change(story, label, **fields)

    assert Correction.objects.get().place == place


def test_whoever_publishes_may_say_who_found_it(story):
    heard = timezone.now() - dt.timedelta(hours=3)

    with entry_details(origin="reader", reported_at=heard, credit="  Olha   K. "):
        change(story, standfirst="One.")
    change(story, standfirst="Two.")

    first, second = Correction.objects.order_by("number")
    assert (first.origin, first.reported_at, first.text.credit) == ("reader", heard, "Olha K.")
    assert first.took >= dt.timedelta(hours=3)
    assert (second.origin, second.reported_at, second.text.credit, second.took) == ("staff", None, "", None)


def test_an_unknown_origin_is_refused(story):
    with pytest.raises(ValueError, match="not a valid"), entry_details(origin="rumour"):
        pass


def test_a_line_is_added_below_and_the_entry_stays(story, newsroom):
    change(story, standfirst="One.")
    entry = Correction.objects.get()

    correction_amend(correction=entry, text=" We heard \n since. ", editor=newsroom.editor)
    correction_amend(correction=entry, text="And once more.", editor=newsroom.editor)

    lines = entry.amendments.values_list("number", "words__text")
    assert list(lines) == [(1, "We heard since."), (2, "And once more.")]
    assert record_state().troubles == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_an_addition_that_says_nothing_is_refused(story, newsroom, text):
    change(story, standfirst="One.")

    with pytest.raises(ValueError, match="1,000"):
        correction_amend(correction=Correction.objects.get(), text=text, editor=newsroom.editor)

    assert not Amendment.objects.exists()


def test_who_may_not_publish_may_not_add(story, newsroom):
    change(story, standfirst="One.")

    with pytest.raises(NotAllowed):
        correction_amend(correction=Correction.objects.get(), text="No.", editor=newsroom.reporter)

    assert not Amendment.objects.exists()


def test_entries_and_lines_cannot_be_changed_or_removed(story, newsroom):
    change(story, standfirst="One.")
    correction_amend(correction=Correction.objects.get(), text="More.", editor=newsroom.editor)
    refused = []
    for table, column in (("corrections_correction", "label"), ("corrections_amendment", "digest")):
        refused += [f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"]
        if connection.vendor == "sqlite":
            refused.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        else:
            refused.append(f"TRUNCATE {table} CASCADE")
    # PostgreSQL empties no table about which it has something left to check.
    connection.check_constraints()

    for statement in refused:
        with pytest.raises(IntegrityError, match="is on record"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Correction.objects.get().label == "correction"
    assert Amendment.objects.get().text == "More."


@pytest.mark.parametrize("name", ["label", "place", "origin", "digest"])
def test_any_change_past_the_guards_is_told(story, name):
    change(story, standfirst="One.")
    entry = Correction.objects.get()

    with guards.lifted():
        Correction.objects.filter(pk=entry.pk).update(**{name: getattr(entry, name)[:-1] + "x"})

    assert "correction 1 is not what went on record" in record_state().troubles


@pytest.mark.parametrize("name", ["note", "was", "now", "credit"])
def test_other_words_in_an_entry_are_told(story, name):
    change(story, standfirst="One.")

    CorrectionText.objects.update(**{name: "Never said."})

    assert record_state().troubles == ["correction 1: its words are not what readers were told"]


def test_words_that_are_withheld_leave_the_chain_whole(story):
    change(story, standfirst="One.")

    CorrectionText.objects.all().delete()

    assert record_state().troubles == []
