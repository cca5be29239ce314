"""What every test stands on: a migrated database, no network, nothing left over from the test before."""

import gc
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import settings as examples
from pytest_django.plugin import blocking_manager_key

from tests.asked import WHERE, Asked, few, read
from tests.database import database_copy
from tests.later import WAITING
from tests.sizes import FULL

#: Whoever asks for these writes for good; the next test needs the migrated database again.
WRITES_FOR_GOOD = {
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}
#: Another database than SQLite, which `make test` runs first.
IS_OTHER_DATABASE = bool(os.environ.get("STANDFIRST_TEST_DATABASE_URL"))


# The same examples every time: a change is not refused for what another one left. `make prove` looks for new ones.
examples.register_profile("the same", derandomize=True)
if not FULL:
    examples.load_profile("the same")

#: The longest files, longest first: given out early, they are not what the last worker is waited for with.
LONGEST = [
    "ops/test_going_live.py",
    "press/test_law.py",
    "exporting/test_import.py",
    "ops/test_without_database.py",
    "press/test_pressing.py",
]


def pytest_collection_modifyitems(config, items):
    """On another database, leave out what cannot come out otherwise there than it did on SQLite.

    That is what asks for no database of ours at all (readers of files, the page layer, commands in processes of their
    own, which bring SQLite along), what is marked `once` (long runs over much, whose every kind of write is proved on
    both databases by shorter tests), and where the run on SQLite wrote down what each test sent, those that would send
    nothing new (tests/asked.py). In `make prove` all of them run on both.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {str(Path(__file__).parent / name): place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(str(item.path), len(places)))
    if not IS_OTHER_DATABASE:
        return
    left_out = {item for item in items if not _uses_database(item) or (item.get_closest_marker("once") and not FULL)}
    if os.environ.get(WHERE) and not FULL:
        left_out |= _asked_already([item for item in items if item not in left_out])
    if left_out:
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [item for item in items if item not in left_out]


def _asked_already(items):
    """Tests whose every statement is sent by enough others: they were written down, and do not write for good."""
    sent = read(Path(os.environ[WHERE]))
    sent = {item.nodeid: sent[item.nodeid] for item in items if item.nodeid in sent}
    always = {item.nodeid for item in items if item.nodeid not in sent or _writes_for_good(item)}
    chosen = few(sent, always)
    return {item for item in items if item.nodeid not in chosen}


def pytest_collection_finish():
    """What is imported stays: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    # Tests throw away much and keep little: looking for circles at every 700 new objects cost a fifteenth of them.
    gc.set_threshold(20_000)


def _uses_database(item):
    names = {"db", "database_url", *WRITES_FOR_GOOD}
    return item.get_closest_marker("django_db") is not None or bool(names & set(getattr(item, "fixturenames", ())))


def _writes_for_good(item):
    marker = item.get_closest_marker("django_db")
    committed = marker is not None and marker.kwargs.get("transaction")
    return bool(committed or WRITES_FOR_GOOD & set(getattr(item, "fixturenames", ())))


@dataclass
class State:
    """What lies in the test database between two tests."""

    laid: str = "nothing yet"
    #: The test writes for good.
    written: bool = False
    #: What the first test of a run wants, which finds no database.
    wanted: str = ""
    #: The pages of the founded newsroom, once that is laid.
    press: Path = Path()


STATE = State()
#: What each test sends, in the first run of `make test`.
ASKED = Asked() if os.environ.get(WHERE) and not IS_OTHER_DATABASE else None


@pytest.fixture(scope="session")
def django_db_setup(request, tmp_path_factory, django_test_environment, django_db_blocker):
    """Copy the migrated template instead of migrating (tests/database.py)."""
    folder = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock():
        # The folder of a worker lies in that of the whole run.
        shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
        copy, STATE.press = database_copy(shared), shared / "press-founded"
        copy.create()
        connection.execute_wrappers.append(WAITING.look)
        if ASKED:
            connection.execute_wrappers.append(ASKED.look)
        request.config.standfirst_copy = copy
        # Instead of emptying every table, which would take Wagtail's root page and our guards with
        # it, the whole database is put back before the next test.
        TransactionTestCase._fixture_teardown = lambda self: None
        lay(copy, STATE.wanted)
        yield
        copy.destroy()
        if ASKED:
            ASKED.write(os.environ.get("PYTEST_XDIST_WORKER", "main"))


def lay(copy, name):
    """Put the database in place that a test wants."""
    WAITING.start(is_open=False)
    copy.lay(name, FOUNDATIONS.get(name))
    STATE.laid = name
    WAITING.start(is_open=not STATE.written)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Lay the database that the test wants: migrated, or with one of FOUNDATIONS in it."""
    copy = getattr(item.config, "standfirst_copy", None)
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if marker is None and not names & {"db", *WRITES_FOR_GOOD}:
        return
    wanted = next((name for name in FOUNDATIONS if name in names), "")
    was_written, STATE.written = STATE.written, _writes_for_good(item)
    WAITING.start(is_open=not STATE.written)
    if copy is None:
        STATE.wanted = wanted
    elif was_written or STATE.laid != wanted:
        with item.config.stash[blocking_manager_key].unblock():
            lay(copy, wanted)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Write down what the test sends, with what is made ready for it."""
    if ASKED:
        ASKED.start()
    outcome = yield
    if ASKED:
        ASKED.end(item.nodeid)
    return outcome


def paper_laid():
    from standfirst.fronts.services import paper_found

    paper_found(name="The Lantern", languages=["en", "uk"], base_url="http://testserver")


def newsroom_laid():
    """Found the newsroom and press the whole paper; a copy of its store is kept beside that of its database."""
    from standfirst.press import queue
    from standfirst.press.pressing import the_store
    from tests.newsroom import found

    found()
    queue.start("the tests")
    queue.run()
    shutil.copytree(the_store().root, STATE.press)


#: What a fixture of that name finds, made once in a run and copied for each test, the fullest first.
FOUNDATIONS = {"newsroom": newsroom_laid, "homes": paper_laid}


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
def homes(db):
    """A paper that has just been founded in English and Ukrainian: its home pages by language."""
    from standfirst.fronts.models import HomePage

    return {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}


@pytest.fixture
def newsroom(db):
    """A paper in English and Ukrainian with people, sections and other stories (tests/newsroom.py)."""
    from tests.newsroom import entered

    return entered()
