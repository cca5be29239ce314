"""Triggers that let the record only grow: the database itself refuses to change or remove what is on it.

UPDATE, DELETE, `INSERT OR REPLACE` (SQLite) and TRUNCATE (PostgreSQL) of a guarded table end in an IntegrityError,
whoever asks. They are laid after every migration, because SQLite drops them when it rebuilds a table, and looked at by
`doctor`. They hold while the one row of `RecordGuard` is there; a test that empties the database takes it away with
`lifted()`. Against somebody who may drop triggers they are no lock: that such a one was there is what the chain and its
witnesses outside tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

GUARD = "stories_recordguard"
_FUNCTION = "standfirst_record_refuse"
_REFUSAL = "is on record: its rows are only ever added to."


@dataclass(frozen=True)
class Guarded:
    """One table. unique: the columns, alone or together, by which another row could take a row's place."""

    table: str
    unique: tuple[tuple[str, ...], ...]


_guarded: dict[str, Guarded] = {}


def guard(table: str, *unique: tuple[str, ...]) -> None:
    """Guard a table, from a room's apps.py; it need not be there yet."""
    _guarded[table] = Guarded(table, (("id",), *unique))


def guarded_tables() -> list[str]:
    return sorted(_guarded)


def install(sender: Any = None, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Lay every trigger that is missing or another, and the guard's row. Heard after every migration."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if GUARD not in there:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        standing = _standing(connection, cursor)
        for name, table, statements in _wanted(connection):
            if table in there and standing.get(name) != _marked(connection, statements):
                for statement in statements:
                    cursor.execute(statement)
        cursor.execute(f"SELECT 1 FROM {GUARD}")  # noqa: S608
        if cursor.fetchone() is None:
            cursor.execute(f"INSERT INTO {GUARD} (id) VALUES (1)")  # noqa: S608


def troubles(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What is wrong with the guards, in words; [] when every table is guarded."""
    connection = connections[using]
    found = []
    with connection.cursor() as cursor:
        standing = _standing(connection, cursor)
        missing = {
            table
            for name, table, statements in _wanted(connection)
            if standing.get(name) != _marked(connection, statements)
        }
        if connection.vendor == "postgresql":
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [_FUNCTION])
            if [row[0].strip() for row in cursor.fetchall()] != [_POSTGRESQL_BODY.strip()]:
                missing.update(_guarded)
        cursor.execute(f"SELECT 1 FROM {GUARD}")  # noqa: S608
        if cursor.fetchone() is None:
            found.append("the guard of the record has been lifted")
    found += [f"the table {table} is not guarded against changes" for table in sorted(missing)]
    return found


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let a test change or empty guarded tables. Nothing of the newsroom itself calls this."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {GUARD}")  # noqa: S608
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {GUARD}")  # noqa: S608
            cursor.execute(f"INSERT INTO {GUARD} (id) VALUES (1)")  # noqa: S608


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str, list[str]]]:
    """Each trigger: its name, its table and the statements that lay it."""
    lay = _postgresql if connection.vendor == "postgresql" else _sqlite
    for guarded in _guarded.values():
        for name, statement in lay(guarded):
            on = f" ON {guarded.table}" if connection.vendor == "postgresql" else ""
            statements = [f"DROP TRIGGER IF EXISTS {name}{on}", statement]
            if on:
                # Also while somebody loads data with replication's rights.
                statements.append(f"ALTER TABLE {guarded.table} ENABLE ALWAYS TRIGGER {name}")
            yield name, guarded.table, statements


def _sqlite(guarded: Guarded) -> Iterator[tuple[str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guarded.table} {_REFUSAL}'); END"
    is_on = f"EXISTS (SELECT 1 FROM {GUARD})"  # noqa: S608
    for act in ("update", "delete"):
        name = f"{guarded.table}_no_{act}"
        yield name, f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {guarded.table} WHEN {is_on} {refuse}"
    # INSERT OR REPLACE deletes without a word where recursive_triggers is off, as in a shell.
    name = f"{guarded.table}_no_replace"
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {guarded.table} WHERE {' AND '.join(f'{one} = NEW.{one}' for one in columns)})"  # noqa: S608
        for columns in guarded.unique
    )
    yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {guarded.table} WHEN {is_on} AND ({same}) {refuse}"


_POSTGRESQL_BODY = f"""
BEGIN
  IF EXISTS (SELECT 1 FROM {GUARD}) THEN
    RAISE EXCEPTION '% {_REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
  RETURN NULL;
END;
"""  # noqa: S608
_POSTGRESQL_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard${_POSTGRESQL_BODY}$guard$"
)


def _postgresql(guarded: Guarded) -> Iterator[tuple[str, str]]:
    rows, whole = f"{guarded.table}_no_change", f"{guarded.table}_no_truncate"
    call = f"EXECUTE FUNCTION {_FUNCTION}()"
    yield rows, f"CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {guarded.table} FOR EACH ROW {call}"
    yield whole, f"CREATE TRIGGER {whole} BEFORE TRUNCATE ON {guarded.table} FOR EACH STATEMENT {call}"


def _standing(connection: BaseDatabaseWrapper, cursor: Any) -> dict[str, str]:
    """The triggers that are there, by name, each with what tells it from another."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())
    cursor.execute(
        "SELECT t.tgname, t.tgenabled::text || ' ' || c.relname || ' ' || t.tgtype::text || ' ' || p.proname "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal"
    )
    return dict(cursor.fetchall())


# tgtype: row 1, before 2, delete 8, update 16, truncate 32.
_TYPES = {"UPDATE OR DELETE": 1 | 2 | 8 | 16, "TRUNCATE": 2 | 32}


def _marked(connection: BaseDatabaseWrapper, statements: list[str]) -> str:
    """What `_standing` says of a trigger that was laid by these statements."""
    if connection.vendor == "sqlite":
        return statements[1]
    words = statements[1].split(" BEFORE ", 1)[1]
    act, rest = words.split(" ON ", 1)
    return f"A {rest.split(' ', 1)[0]} {_TYPES[act]} {_FUNCTION}"
