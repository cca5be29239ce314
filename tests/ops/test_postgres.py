"""A newsroom on PostgreSQL: founded, served, backed up and restored by the same commands."""

from __future__ import annotations

import json
import os
import secrets
import time
from urllib.parse import urlsplit, urlunsplit

import pytest

from standfirst.letterbox.spool import spool_waiting
from tests.ops import outage
from tests.ops.conftest import EDITOR, fetch, standfirst, until
from tests.ops.test_spool import Reader

SERVER = os.environ.get("STANDFIRST_TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="needs a PostgreSQL server (make test starts one)")


@pytest.fixture
def database_url():
    """An empty database of its own."""
    import psycopg

    name = f"standfirst_ops_{secrets.token_hex(4)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    parts = urlsplit(SERVER)
    yield urlunsplit((parts.scheme, parts.netloc, "/" + name, parts.query, ""))
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_newsroom_on_postgresql_is_founded_served_and_comes_back(tmp_path, database_url, serving):
    folder = tmp_path / "lantern"
    new = ("new", "--name", "The Lantern", "--base-url", "", "--language", "en", "--editor-email", EDITOR)
    founded = standfirst("--newsroom", folder, *new, STANDFIRST_DATABASE_URL=database_url)
    assert founded.returncode == 0, founded.stderr
    assert not (folder / "data" / "standfirst.sqlite3").exists()

    twice = standfirst("--newsroom", tmp_path / "other", *new, STANDFIRST_DATABASE_URL=database_url)
    assert (twice.returncode, (tmp_path / "other").exists()) == (1, False)
    assert "is not empty" in twice.stderr

    running = serving(folder)
    running.wait_for_background()
    assert fetch(f"{running.url}/readyz")[0] == 200
    backup = standfirst("--newsroom", folder, "backup", tmp_path / "lantern.tar")
    assert backup.returncode == 0, backup.stderr
    assert running.stop() == 0
    assert standfirst("--newsroom", folder, "doctor").returncode == 0

    standfirst("--newsroom", folder, "people", "add", "later@lantern.example")
    restored = standfirst("--newsroom", folder, "restore", tmp_path / "lantern.tar", "--yes", "--json")
    assert restored.returncode == 0, restored.stderr
    people = json.loads(standfirst("--newsroom", folder, "people", "list", "--json").stdout)["people"]
    assert [one["email"] for one in people] == [EDITOR]
    assert list((folder / "data" / "backups").glob("before-restore-*.dump"))


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path):
    new = ("new", "--name", "X", "--base-url", "", "--language", "en", "--editor-email", EDITOR)
    refused = standfirst(
        "--newsroom", tmp_path / "x", *new, STANDFIRST_DATABASE_URL="postgres://a:secret@127.0.0.1:1/x"
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("The database cannot be reached:")
    assert "Traceback" not in refused.stderr
    assert "secret" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_letters_sent_while_postgresql_lets_nobody_in_arrive_once(tmp_path, database_url, serving):
    import psycopg

    folder, name = tmp_path / "lantern", urlsplit(database_url).path.lstrip("/")
    new = ("new", "--name", "The Lantern", "--base-url", "", "--language", "en", "--editor-email", EDITOR)
    assert standfirst("--newsroom", folder, *new, STANDFIRST_DATABASE_URL=database_url).returncode == 0
    running = serving(folder)
    running.wait_for_background()
    reader = Reader(running)
    tokens = [reader.opens("/contact/") for _ in range(2)]

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        tokens.append(reader.opens("/contact/"))
        time.sleep(2.2)  # as the guards want a person to
        for number, token in enumerate(tokens):
            status, page = reader.sends("/contact/", token, text=f"Letter {number}")
            assert (status, "We have it." in page) == (200, True)
        assert len(spool_waiting(data=folder / "data")) == 3
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    until(lambda: not spool_waiting(data=folder / "data"))
    with psycopg.connect(database_url) as database:
        rows = database.execute("SELECT text FROM letterbox_letter ORDER BY id").fetchall()
    assert [text for (text,) in rows] == ["Letter 0", "Letter 1", "Letter 2"]


@pytest.mark.parametrize("people", ["readers", "a hundred who suggest"])
def test_postgresql_goes_and_comes_back_and_nobody_notices(tmp_path, database_url, serving, people):
    import psycopg

    folder, name = tmp_path / "lantern", urlsplit(database_url).path.lstrip("/")
    new = ("new", "--name", "The Lantern", "--base-url", "", "--language", "en,uk", "--editor-email", EDITOR)
    assert standfirst("--newsroom", folder, *new, STANDFIRST_DATABASE_URL=database_url).returncode == 0

    with psycopg.connect(SERVER, autocommit=True) as server:

        def go():
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

        def come():
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

        if people == "readers":
            outage.nobody_notices(serving(folder), serving, go=go, come=come)
        else:
            outage.a_hundred_suggest(folder, serving, go=go, come=come)


def test_a_drill_on_postgresql_tries_the_backup_in_a_database_of_its_own(tmp_path, database_url):
    import psycopg

    folder = tmp_path / "lantern"
    new = ("new", "--name", "The Lantern", "--base-url", "", "--language", "en", "--editor-email", EDITOR)
    assert standfirst("--newsroom", folder, *new, STANDFIRST_DATABASE_URL=database_url).returncode == 0
    assert standfirst("--newsroom", folder, "backup", tmp_path / "lantern.tar").returncode == 0
    standfirst("--newsroom", folder, "people", "add", "later@lantern.example")

    done = standfirst("--newsroom", folder, "drill", "--json")
    rehearsed = standfirst("--newsroom", folder, "upgrade", "--rehearse", "--json")

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["counts"]["accounts"] == 1
    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    assert json.loads(rehearsed.stdout)["counts"]["accounts"] == 2
    people = json.loads(standfirst("--newsroom", folder, "people", "list", "--json").stdout)["people"]
    assert len(people) == 2
    with psycopg.connect(SERVER) as server:
        assert (
            server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'standfirst_trial_%'").fetchall() == []
        )


def test_an_account_that_may_make_no_database_is_told_how(tmp_path, database_url):
    import psycopg

    folder = tmp_path / "lantern"
    new = ("new", "--name", "The Lantern", "--base-url", "", "--language", "en", "--editor-email", EDITOR)
    assert standfirst("--newsroom", folder, *new, STANDFIRST_DATABASE_URL=database_url).returncode == 0
    assert standfirst("--newsroom", folder, "backup", tmp_path / "lantern.tar").returncode == 0
    parts, role = urlsplit(database_url), f"plain_{secrets.token_hex(4)}"
    host = parts.netloc.rpartition("@")[2]
    plain = urlunsplit(parts._replace(netloc=f"{role}:secret@{host}"))

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
        try:
            refused = standfirst("--newsroom", folder, "drill", STANDFIRST_DATABASE_URL=plain)
        finally:
            server.execute(f"DROP ROLE {role}")

    assert refused.returncode == 1
    assert refused.stderr.startswith("No scratch database could be made beside the newsroom's own: ")
    assert f"ALTER ROLE {role} CREATEDB" in refused.stderr
