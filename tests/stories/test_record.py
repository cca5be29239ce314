"""What was put before readers stays on record: the database refuses to take it back, and the chain tells if it was."""

import datetime as dt
import random
import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from standfirst.kit.chain import checked
from standfirst.press.errors import NotInTransaction
from standfirst.stories import guards
from standfirst.stories.models import PublicVersion, RecordEntry, RecordGuard, VersionText
from standfirst.stories.record import links, record_head, record_state
from standfirst.stories.services import Arrival, record_append, stories_take_in, story_publish

pytestmark = pytest.mark.django_db
GUARDED = ["stories_recordentry", "stories_publicversion"]


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def changed(story, words):
    story.standfirst = words
    story.save_revision()
    story_publish(story=story)
    story.refresh_from_db()


def test_every_version_goes_on_record_with_its_publication(newsroom):
    before = RecordEntry.objects.count()
    story = newsroom.publish()

    changed(story, "Two bearings failed.")

    entries = list(RecordEntry.objects.order_by("number"))[before:]
    assert [(entry.kind, entry.subject) for entry in entries] == [
        ("version", f"{story.pk}/1"), ("version", f"{story.pk}/2"),
    ]  # fmt: skip
    assert [entry.digest for entry in entries] == [
        one.record_digest for one in story.public_versions.order_by("number")
    ]
    assert entries[1].previous == entries[0].hash
    assert record_head().hash == entries[-1].hash
    assert record_state().troubles == []


def test_the_same_words_published_again_are_not_recorded_again(newsroom):
    story = newsroom.publish()
    before = RecordEntry.objects.count()

    story.save_revision()
    story_publish(story=story)

    assert RecordEntry.objects.count() == before


def test_a_note_without_another_word_makes_a_version_of_its_own(newsroom):
    story = newsroom.publish()
    story.change_label, story.change_note, story.change_from = "editors-note", "Our owner is a party to it.", 1
    story.save_revision()

    story_publish(story=story)
    story.refresh_from_db()
    story.save_revision()
    story_publish(story=story)

    one, two = story.public_versions.order_by("number")
    assert (one.label, two.label, two.text.note) == ("", "editors-note", "Our owner is a party to it.")
    assert record_state().troubles == []


def test_an_archive_that_moves_in_goes_on_record(newsroom):
    day = dt.datetime(2019, 4, 1, 8, 0, tzinfo=dt.UTC)
    before = RecordEntry.objects.count()

    stories_take_in(
        arrivals=[
            Arrival(language="en", headline=f"Old news {number}", section=newsroom.city, published_at=day, body=[
                {"type": "text", "value": f"<p>Words {number}.</p>"}
            ])
            for number in range(30)
        ]
    )  # fmt: skip

    assert RecordEntry.objects.count() == before + 30
    assert record_state().troubles == []


def test_a_publication_that_fails_leaves_no_entry_and_no_gap(newsroom):
    story, head = newsroom.draft(), record_head()

    def interrupted():
        with transaction.atomic():
            story_publish(story=story)
            raise RuntimeError("The power fails.")

    with pytest.raises(RuntimeError):
        interrupted()

    assert record_head() == head
    newsroom.publish("Another story")
    assert record_head().number == head.number + 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(newsroom):
    before = RecordEntry.objects.count()

    with pytest.raises(NotInTransaction):
        record_append(kind="version", subject="1/1", digest="0" * 64)

    assert RecordEntry.objects.count() == before


@pytest.mark.parametrize("table", GUARDED)
def test_nothing_on_record_can_be_changed_or_removed(newsroom, table):
    before = list(RecordEntry.objects.values_list()), list(PublicVersion.objects.values_list())
    column = "kind" if table == "stories_recordentry" else "label"

    refused = [
        f"UPDATE {table} SET {column} = 'typo'",
        f"DELETE FROM {table}",
        f"UPDATE {table} SET {column} = {column}",
    ]
    if connection.vendor == "sqlite":
        columns = ", ".join(field.column for field in _model(table)._meta.local_concrete_fields if field.name != "id")
        refused += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
        ]
    else:
        # Without CASCADE the database itself refuses a table that others point to.
        refused += [f"TRUNCATE {table} CASCADE"]
        refused += ["TRUNCATE stories_storypage CASCADE" if table == "stories_publicversion" else f"TRUNCATE {table}"]
    for statement in refused:
        with pytest.raises(IntegrityError, match="is on record"):
            sql(statement)

    assert (list(RecordEntry.objects.values_list()), list(PublicVersion.objects.values_list())) == before


def _model(table):
    return {"stories_recordentry": RecordEntry, "stories_publicversion": PublicVersion}[table]


def test_replacing_is_refused_without_recursive_triggers_too(newsroom):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone knows INSERT OR REPLACE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone() == (1,)
        cursor.execute("PRAGMA recursive_triggers=OFF")
    try:
        with pytest.raises(IntegrityError, match="is on record"):
            sql("INSERT OR REPLACE INTO stories_recordentry SELECT * FROM stories_recordentry")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_rows_are_refused_through_the_models_as_well(newsroom):
    version = PublicVersion.objects.first()

    for act in (version.save, version.delete, RecordEntry.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    assert PublicVersion.objects.filter(pk=version.pk).exists()


@pytest.mark.parametrize("seed", range(12))
def test_the_chain_shows_any_change_made_past_the_guards(newsroom, seed):
    """Whoever may drop triggers can change a row; not without a trace."""
    chosen = random.Random(seed)
    newsroom.publish("One more")
    assert record_state().troubles == []
    targets = [
        (RecordEntry, ["kind", "subject", "digest", "previous", "hash"]),
        (PublicVersion, ["digest", "label", "note_digest"]),
        (VersionText, ["canonical", "note"]),
    ]
    model, names = targets[seed % 3]
    row, name = chosen.choice(list(model.objects.all())), chosen.choice(names)
    value = getattr(row, name)
    place = chosen.randrange(len(value)) if value else 0
    if isinstance(value, str):
        other = value[:place] + ("x" if value[place : place + 1] != "x" else "y") + value[place + 1 :]
    else:
        kept = bytes(value)
        other = kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]

    with guards.lifted():
        model.objects.filter(pk=row.pk).update(**{name: other})

    assert record_state().troubles


def test_a_version_that_was_removed_or_slipped_in_past_the_guards_is_told(newsroom):
    story = newsroom.publish()
    version = story.public_versions.get()

    with guards.lifted():
        VersionText.objects.filter(version=version).delete()
        PublicVersion.objects.filter(pk=version.pk).delete()

    assert record_state().troubles == [f"version {story.pk}/1 is on record and is not there"]
    version.pk = None
    version.number = 9
    version.save()
    assert f"version {story.pk}/9 is not on record" in record_state().troubles


def test_guards_that_were_dropped_are_told_and_laid_again(newsroom):
    assert guards.troubles() == []
    if connection.vendor == "sqlite":
        sql("DROP TRIGGER stories_publicversion_no_delete")
    else:
        sql("ALTER TABLE stories_publicversion DISABLE TRIGGER stories_publicversion_no_change")
    sql("DELETE FROM stories_recordguard")

    assert guards.troubles() == [
        "the guard of the record has been lifted",
        "the table stories_publicversion is not guarded against changes",
    ]
    guards.install()
    assert guards.troubles() == []


@pytest.mark.django_db(transaction=True)
def test_a_test_may_empty_the_database_the_documented_way(newsroom):
    with guards.lifted():
        call_command("flush", verbosity=0, interactive=False)

    assert RecordEntry.objects.count() == 0
    assert RecordGuard.objects.count() == 1
    assert guards.troubles() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_chain(newsroom):
    before = RecordEntry.objects.count()
    failures = []

    def put_on_record(name):
        try:
            for number in range(12):
                with transaction.atomic():
                    record_append(kind="test", subject=f"{name}/{number}", digest="0" * 64)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=put_on_record, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(list(checked(links()))) == before + 36


def test_ten_thousand_entries_are_looked_at_without_loading_them_as_objects(newsroom, django_assert_max_num_queries):
    entries = [("test", f"{number}/1", "0" * 64) for number in range(2_000)]
    from standfirst.stories.services import records_append

    with transaction.atomic():
        records_append(entries=entries)

    with django_assert_max_num_queries(8):
        state = record_state()

    assert (state.troubles, state.entries) == ([], RecordEntry.objects.count())
