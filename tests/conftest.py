"""What every test stands on: a migrated database, no network, nothing left over from the test before."""

import shutil
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import timezone, translation
from pytest_django.plugin import blocking_manager_key

from tests.database import database_copy

#: Whoever asks for these writes for good; the next test needs the migrated database again.
WRITES_FOR_GOOD = {
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """Copy the migrated template instead of migrating (tests/database.py)."""
    with django_db_blocker.unblock():
        copy = database_copy()
        copy.create()
        request.config.standfirst_copy = copy
        # Instead of emptying every table, which would take Wagtail's root page and our guards with
        # it, the whole database is put back before the next test.
        TransactionTestCase._fixture_teardown = lambda self: None
        yield
        copy.destroy()


@dataclass
class State:
    """What lies in the test database between two tests."""

    founded: bool = False
    #: The last test wrote for good.
    written: bool = False
    #: The template of the founded newsroom is there.
    kept: bool = False


STATE = State()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Lay the database that the test wants: migrated, or with the small newsroom in it."""
    copy = getattr(item.config, "standfirst_copy", None)
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if marker is None and not names & {"db", *WRITES_FOR_GOOD}:
        return
    if copy is None:
        # The first test of the run: its own fixtures make the database; it is laid anew for the second.
        STATE.written = True
        return
    founded = "newsroom" in names
    if STATE.written or STATE.founded != founded:
        with item.config.stash[blocking_manager_key].unblock():
            if founded and not STATE.kept:
                copy.restore()
                newsroom_found()
                copy.keep_founded()
                STATE.kept = True
            copy.restore(founded=founded)
        STATE.founded, STATE.written = founded, False
    asked = marker.kwargs if marker else {}
    if asked.get("transaction") or WRITES_FOR_GOOD & names:
        STATE.written = True


def newsroom_found():
    from tests.newsroom import found

    found()
    founded_press()


def founded_press():
    """Press the whole founded paper, once in a run, and keep a copy of its store beside that of its database."""
    from standfirst.press import queue
    from standfirst.press.pressing import the_store

    queue.start("the tests")
    queue.run()
    kept = the_store().root.with_name("press-founded")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(the_store().root, kept)
    return kept


@pytest.fixture(autouse=True)
def _forget():
    """Leave no language, time zone or counted visit to the next test."""
    if not settings.configured:
        # The kit's tests can run without Django.
        yield
        return
    from standfirst.press import kept

    cache.clear()
    kept.forget()
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture
def newsroom(db):
    """A paper in English and Ukrainian with people, sections and other stories (tests/newsroom.py)."""
    from tests import newsroom as rooms

    # Only the first test of a run finds an empty database.
    return rooms.entered() if STATE.founded else rooms.found()
