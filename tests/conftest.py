"""What every test stands on: a migrated database, no network, nothing left over from the test before."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import timezone, translation

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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Put the database back when the test before wrote for good."""
    config = item.config
    if getattr(config, "standfirst_written", False):
        from pytest_django.plugin import blocking_manager_key

        with config.stash[blocking_manager_key].unblock():
            config.standfirst_copy.restore()
        config.standfirst_written = False
    marker = item.get_closest_marker("django_db")
    asked = marker.kwargs if marker else {}
    if asked.get("transaction") or WRITES_FOR_GOOD & set(getattr(item, "fixturenames", ())):
        config.standfirst_written = True


@pytest.fixture(autouse=True)
def _forget():
    """Leave no language, time zone or counted visit to the next test."""
    if not settings.configured:
        # The kit's tests can run without Django.
        yield
        return
    cache.clear()
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture
def newsroom(db):
    """A paper in English and Ukrainian with people, sections and other stories (tests/newsroom.py)."""
    from tests.newsroom import found

    return found()
