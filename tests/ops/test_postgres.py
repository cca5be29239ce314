"""A newsroom on PostgreSQL: founded, served, backed up and restored by the same commands."""

from __future__ import annotations

import json
import os
import secrets
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.ops.conftest import EDITOR, fetch, standfirst

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
