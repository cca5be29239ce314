"""What a colleague commits is seen before her screen returns; what she takes back is gone by then."""

from __future__ import annotations

import sqlite3
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client

from standfirst.press import pressing, queue
from standfirst.press.errors import NotInTransaction
from standfirst.press.models import PressedPage, Refresh
from standfirst.press.pressing import demand
from standfirst.press.render import Rendered
from standfirst.press.services import refresh
from standfirst.stories.models import StoryPage
from tests.desk import signed_in
from tests.press.conftest import Press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(press: Press) -> Client:
    return signed_in(press.newsroom.editor)


def quick(desk: Client, press: Press, headline: str) -> StoryPage:
    form = {
        "token": str(uuid.uuid4()),
        "headline": headline,
        "section": press.newsroom.city.pk,
        "language": "en",
        "text": "The trams stand still.",
        "description": "",
        "credit": "",
        "publish": "1",
    }
    assert desk.post("/desk/stories/quick/", form).status_code == 302
    return StoryPage.objects.get(title=headline)


def test_the_published_story_lies_ready_when_the_editor_sees_her_next_screen(desk: Client, press: Press) -> None:
    story = quick(desk, press, "Trams stand still")

    assert "Trams stand still" in press.text(story.public_path)
    assert PressedPage.objects.get(path=story.public_path).wanted_at is None
    # What shows it follows in the background, and is known to be wanted.
    assert {"/", "/city/", "/feed/rss"} <= set(
        PressedPage.objects.filter(wanted_at__isnull=False).values_list("path", flat=True)
    )
    queue.run()
    assert "Trams stand still" in press.text("/")


def test_a_withdrawn_story_is_nowhere_when_the_editor_sees_her_next_screen(desk: Client, press: Press) -> None:
    story = quick(desk, press, "A name that must go")
    queue.run()
    assert "A name that must go" in press.text("/feed/rss")

    assert desk.post(f"/desk/pages/{story.pk}/unpublish/").status_code == 302

    assert not [path for path in press.store.paths() if "A name that must go" in press.text(path)]
    assert story.public_path in press.store.gone()


def test_a_refused_publication_presses_nothing(desk: Client, press: Press) -> None:
    before = {path: press.text(path) for path in press.store.paths()}
    form = {"token": str(uuid.uuid4()), "headline": "Half a story", "section": "", "language": "en", "text": "x"}

    assert desk.post("/desk/stories/quick/", form | {"publish": "1"}).status_code == 422

    assert Refresh.objects.filter(number=None).count() == 0
    assert {path: press.text(path) for path in press.store.paths()} == before


def test_a_press_that_breaks_does_not_break_the_editors_screen(
    desk: Client, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: str, query: str = "") -> None:
        raise RuntimeError("The press is jammed")

    with monkeypatch.context() as jammed:
        jammed.setattr("standfirst.press.pressing.render", broken)
        story = quick(desk, press, "Trams stand still")

    assert press.text(story.public_path) == ""
    queue.run()
    assert "Trams stand still" in press.text(story.public_path)


def test_what_is_rolled_back_is_not_refreshed(press: Press) -> None:
    with transaction.atomic():
        refresh(keys={"frame"}, paths={"/"})
        transaction.set_rollback(True)

    assert queue.drain() == 0


def test_refresh_outside_a_transaction_is_refused(press: Press) -> None:
    with pytest.raises(NotInTransaction):
        refresh(keys={"frame"})

    assert queue.drain() == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="with PostgreSQL nobody waits for another's writing")
def test_a_reader_has_the_page_while_somebody_writes_for_long(press: Press) -> None:
    patience = connection.cursor().execute("PRAGMA busy_timeout").fetchone()
    writing = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    try:
        unkept = demand("/archive/page/1/")
    finally:
        writing.execute("ROLLBACK")
        writing.close()

    assert (unkept.status, unkept.kept) == (200, False)
    assert b"Parliament adjourns early" in unkept.body
    assert connection.cursor().execute("PRAGMA busy_timeout").fetchone() == patience
    assert demand("/archive/page/1/").kept


def test_a_page_that_wants_to_write_while_somebody_else_does_is_no_page_that_is_away(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Such as one that needs a new size of its picture while an archive moves in.
    rendered = iter([Rendered(500, [], b"", frozenset(), failure="OperationalError: database is locked", is_away=True)])
    real = pressing.render
    monkeypatch.setattr(pressing, "render", lambda path, query="": next(rendered, None) or real(path, query))

    unkept = demand("/archive/page/1/")

    assert (unkept.status, unkept.kept) == (200, False)
    assert b"Parliament adjourns early" in unkept.body
