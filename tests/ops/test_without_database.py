"""A start with the database away: readers are served from the store, and the desk comes when the database does."""

from __future__ import annotations

import sqlite3

from standfirst.press.store import Store
from tests.ops import outage
from tests.ops.conftest import fetch, free_port, standfirst, until

PAGE = b"<!doctype html><title>The Lantern</title>" + b"<p>The bridge is closed.</p>" * 40


def warm(newsroom) -> Store:
    store = Store(newsroom / "data" / "press")
    store.set_headers("page", [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-cache")])
    for path in ("/", "/2026/11/03/bridge/"):
        store.write(path, PAGE)
    return store


def test_what_is_stored_is_served_and_the_desk_comes_with_the_database(newsroom, serving):
    warm(newsroom)
    database, elsewhere = newsroom / "data" / "standfirst.sqlite3", newsroom / "elsewhere.sqlite3"
    database.rename(elsewhere)

    running = serving(newsroom)

    for path in ("/", "/2026/11/03/bridge/"):
        assert fetch(running.url + path)[::2] == (200, PAGE)
    assert fetch(f"{running.url}/2026/11/03/ferry/")[0] >= 500
    # What a reader writes is taken all the same, once Django is loaded.
    until(lambda: fetch(f"{running.url}/contact/")[0] == 200)
    assert fetch(f"{running.url}/readyz")[0] == 503
    assert not database.exists()
    assert f"The database {database} is not there." in running.said()
    assert "What is stored is served" in running.said()

    elsewhere.rename(database)

    until(lambda: fetch(f"{running.url}/readyz")[0] == 200)
    running.wait_for_background()
    until(lambda: "The database is back" in running.said())
    assert running.stop() == 0


def test_with_nothing_stored_the_start_is_refused_and_no_empty_database_made(newsroom):
    database = newsroom / "data" / "standfirst.sqlite3"
    database.rename(newsroom / "elsewhere.sqlite3")

    refused = standfirst("--newsroom", newsroom, "run", "--port", free_port())

    assert refused.returncode == 1
    assert refused.stderr.endswith("is not there. Put it back, or restore a backup.\n")
    assert not database.exists()


def test_a_deploy_that_cannot_work_is_refused_while_readers_were_served(newsroom, serving):
    warm(newsroom)
    with sqlite3.connect(newsroom / "data" / "standfirst.sqlite3") as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('stories', '9999_future', '2030-01-01')"
        )
    connection.close()
    (newsroom / "data" / "run" / "prepared.json").unlink()

    running = serving(newsroom, wait=False)

    assert running.process.wait(60) == 1
    assert "was last used by a newer Standfirst" in running.said()


def test_a_hundred_suggestions_sent_while_sqlite_is_moved_away_arrive_once(newsroom, serving):
    database, elsewhere = newsroom / "data" / "standfirst.sqlite3", newsroom / "data" / "elsewhere.sqlite3"

    outage.a_hundred_suggest(
        newsroom, serving, go=lambda: database.rename(elsewhere), come=lambda: elsewhere.rename(database)
    )


def test_sqlite_is_moved_away_and_back_and_no_reader_notices(newsroom, serving):
    database, elsewhere = newsroom / "data" / "standfirst.sqlite3", newsroom / "data" / "elsewhere.sqlite3"

    def come() -> None:
        assert not database.exists(), "nobody lays an empty database in its place"
        elsewhere.rename(database)

    outage.nobody_notices(serving(newsroom), serving, go=lambda: database.rename(elsewhere), come=come)
