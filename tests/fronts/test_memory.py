"""What stands on every page is read again only after something was written, whoever wrote it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standfirst.fronts import memory, selectors
from standfirst.fronts.models import Masthead
from standfirst.fronts.services import paper_found

needs_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="nothing is kept with PostgreSQL")


@pytest.fixture
def paper(transactional_db, monkeypatch):
    # In the tests nobody waits for a file's time to move on.
    monkeypatch.setattr(memory, "STEP_NS", -1)
    memory._kept.clear()
    return paper_found(name="The Lantern", languages=["en", "uk"])


def queries_of(read):
    with CaptureQueriesContext(connection) as queries:
        value = read()
    return len(queries), value


@needs_sqlite
def test_nothing_is_read_twice_while_nothing_is_written(paper):
    first, before = queries_of(selectors.masthead)
    second, after = queries_of(selectors.masthead)

    assert first > 0
    assert second == 0
    assert before is after


def test_a_change_shows_at_once(paper):
    selectors.masthead()

    Masthead.objects.update(name="The Harbour Light")

    assert selectors.masthead().name == "The Harbour Light"


def test_languages_are_kept_apart(paper):
    english, ukrainian = selectors.footer_pages("en"), selectors.footer_pages("uk")

    assert {page.locale.language_code for page in english} <= {"en"}
    assert {page.locale.language_code for page in ukrainian} <= {"uk"}


def test_inside_a_transaction_everything_is_read(paper):
    from django.db import transaction

    selectors.masthead()
    with transaction.atomic():
        Masthead.objects.update(name="Not yet")
        assert selectors.masthead().name == "Not yet"
        transaction.set_rollback(True)

    assert selectors.masthead().name == "The Lantern"


@needs_sqlite
def test_what_was_written_a_moment_ago_is_not_trusted_yet(paper, monkeypatch):
    monkeypatch.setattr(memory, "STEP_NS", 10**15)

    assert memory.database_stamp() is None
