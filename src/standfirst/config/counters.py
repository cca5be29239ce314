"""Django's cache, with the counters of the desk's door shared by all web processes of this machine.

Memory of one process is enough for everything but the counting of tries and used codes: with four workers a stranger
had four times the tries, and a code from an authenticator app opened four doors. These go to a small SQLite file of
their own in `data/run/`, apart from the newsroom's database, so that a crowd at the door holds up nobody's writing.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

#: What begins like this is shared. Keys hold addresses, so only their hash is written.
SHARED = ("allauth", "readers")
#: Beyond this many, what has run out is removed, then the oldest.
MOST_ROWS = 20_000


class Cache(LocMemCache):
    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__("", params)
        self._file = Path(name)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if self._is_shared(key):
            with contextlib.suppress(sqlite3.Error, OSError), self._open() as rows:
                done = rows.execute(
                    "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, "
                    "until = excluded.until WHERE counter.until <= ?",
                    (*self._row(key, value, timeout), time.time()),
                )
                return done.rowcount > 0
        return super().add(key, value, timeout, version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        if self._is_shared(key):
            with contextlib.suppress(sqlite3.Error, OSError), self._open() as rows:
                found = rows.execute(
                    "SELECT value FROM counter WHERE name = ? AND until > ?", (self._name(key), time.time())
                ).fetchone()
                return json.loads(found[0]) if found else default
        return super().get(key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        if self._is_shared(key):
            with contextlib.suppress(sqlite3.Error, OSError), self._open() as rows:
                rows.execute("INSERT OR REPLACE INTO counter VALUES (?, ?, ?)", self._row(key, value, timeout))
                self._tidy(rows)
                return
        super().set(key, value, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        if self._is_shared(key):
            with contextlib.suppress(sqlite3.Error, OSError), self._open() as rows:
                return rows.execute("DELETE FROM counter WHERE name = ?", (self._name(key),)).rowcount > 0
        return super().delete(key, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        if self._is_shared(key):
            with contextlib.suppress(sqlite3.Error, OSError), self._open() as rows:
                rows.execute("BEGIN IMMEDIATE")
                there = (self._name(key), time.time())
                rows.execute("UPDATE counter SET value = value + ? WHERE name = ? AND until > ?", (delta, *there))
                found = rows.execute("SELECT value FROM counter WHERE name = ? AND until > ?", there).fetchone()
                rows.execute("COMMIT")
                if found is None:
                    raise ValueError(f"There is no {key} to count on.")
                return int(found[0])
        return super().incr(key, delta, version)

    def clear(self) -> None:
        super().clear()
        for left in self._file.parent.glob(self._file.name + "*"):
            left.unlink(missing_ok=True)

    def _is_shared(self, key: str) -> bool:
        return key.startswith(SHARED)

    def _name(self, key: str) -> bytes:
        return hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).digest()

    def _row(self, key: str, value: Any, timeout: Any) -> tuple[bytes, str, float]:
        until = self.get_backend_timeout(timeout)
        return self._name(key), json.dumps(value), until if until is not None else time.time() + 365 * 86_400

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Anew each time: a try at the door is rare, and a connection belongs to one thread.
        self._file.parent.mkdir(parents=True, exist_ok=True)
        rows = sqlite3.connect(self._file, timeout=2, isolation_level=None)
        try:
            rows.execute("PRAGMA synchronous=OFF")
            rows.execute("PRAGMA journal_mode=MEMORY")
            rows.execute("CREATE TABLE IF NOT EXISTS counter (name BLOB PRIMARY KEY, value TEXT, until REAL)")
            yield rows
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Damaged, as after a power failure: counting begins anew.
            self._file.unlink(missing_ok=True)
            raise
        finally:
            rows.close()

    def _tidy(self, rows: sqlite3.Connection) -> None:
        (count,) = rows.execute("SELECT COUNT(*) FROM counter").fetchone()
        if count > MOST_ROWS:
            rows.execute("DELETE FROM counter WHERE until <= ?", (time.time(),))
            rows.execute(
                "DELETE FROM counter WHERE name IN (SELECT name FROM counter ORDER BY until LIMIT MAX(0, ?))",
                (count - MOST_ROWS,),
            )
