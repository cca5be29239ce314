"""A migrated database in no time: migrated once, kept in `.cache/`, copied for every run.

Wagtail's two hundred migrations cost about ten seconds. The template's name holds a fingerprint of
all that decides what they make, so a new migration makes a new template by itself.

Further templates hold a paper that has just been founded and the small newsroom of tests/newsroom.py.
They are made in each run, because any line of the house may decide what founding makes, by the first
worker that needs them, and are put in place for tests that ask for them.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def fingerprint() -> str:
    """What a migrated database depends on: every locked version, our migrations, what apps do after them."""
    digest = hashlib.sha256(repr(settings.LANGUAGES).encode())
    source = ROOT / "src" / "standfirst"
    files = [ROOT / "requirements" / "dev.txt", Path(__file__), ROOT / "tests" / "settings.py"]
    files += sorted(source.glob("*/migrations/*.py")) + sorted(source.glob("*/apps.py"))
    # Roles and permissions, and the guards of the append-only tables, are laid after migrating.
    files += sorted(source.glob("people/*.py")) + sorted(source.glob("stories/*guard*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two workers of one run would do the same twice."""
    folder.mkdir(exist_ok=True)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Copy:
    """What both kinds share. `shared` is a folder of all workers of this run."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared

    def lay(self, name: str, founding: Callable[[], None] | None) -> None:
        """Put a database in place: what migrations made, or what `founding` makes once in a run."""
        if founding:
            with one_at_a_time(self.shared):
                if not self.has(name):
                    self.restore()
                    founding()
                    self.keep(name)
        self.restore(name)


class SQLiteCopy(Copy):
    """The test database as a copy of a file."""

    def __init__(self, shared: Path) -> None:
        super().__init__(shared)
        self.template = CACHE / f"template-{fingerprint()}.sqlite3"
        self.target = Path(settings.DATABASES["default"]["TEST"]["NAME"])
        self.count = 0

    def point(self) -> None:
        connection.close()
        connection.settings_dict["NAME"] = str(self.target)
        settings.DATABASES["default"]["NAME"] = str(self.target)

    def create(self) -> None:
        self.point()
        with one_at_a_time(CACHE):
            if not self.template.exists():
                for old in CACHE.glob("template-*.sqlite3"):
                    old.unlink()
                self.target.touch()  # Django opens only what is there
                call_command("migrate", verbosity=0, interactive=False)
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
                half = self.template.with_suffix(".half")
                shutil.copyfile(self.target, half)
                half.replace(self.template)

    def kept(self, name: str) -> Path:
        return self.shared / f"kept-{name}.sqlite3"

    def has(self, name: str) -> bool:
        return self.kept(name).exists()

    def keep(self, name: str) -> None:
        """Keep the database as it is now under a name."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.target, self.kept(name))

    def restore(self, name: str = "") -> None:
        """Put in place what migrations made, or what was kept under the name.

        Under a new name: a thread of an earlier test may still hold the old file, and would close its log by name.
        """
        connection.close()
        old, self.count = self.target, self.count + 1
        self.target = old.with_stem(f"test-{self.count}")
        shutil.copyfile(self.kept(name) if name else self.template, self.target)
        self.point()
        for suffix in ("", "-wal", "-shm"):
            old.with_name(old.name + suffix).unlink(missing_ok=True)

    def destroy(self) -> None:
        connection.close()


class PostgreSQLCopy(Copy):
    """The test database made by PostgreSQL from a template, in a server that lives for this run only."""

    def __init__(self, shared: Path) -> None:
        super().__init__(shared)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.template = f"standfirst_template_{fingerprint()}"
        self.target = f"standfirst_test_{worker}"
        self.run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
        self.admin = connection.settings_dict["NAME"]

    def point(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name

    def ask(self, *statements: str) -> None:
        self.point(self.admin)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.point(self.target)

    def create(self) -> None:
        with one_at_a_time(CACHE):
            if not self.knows(self.template):
                half = f"{self.template}_half"
                self.ask(f"DROP DATABASE IF EXISTS {half}", f"CREATE DATABASE {half}")
                self.point(half)
                call_command("migrate", verbosity=0, interactive=False)
                self.ask(f"ALTER DATABASE {half} RENAME TO {self.template}")

    def knows(self, database: str) -> bool:
        self.point(self.admin)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return cursor.fetchone() is not None

    def kept(self, name: str) -> str:
        return f"standfirst_kept_{name}_{self.run}"

    def has(self, name: str) -> bool:
        return self.knows(self.kept(name))

    def keep(self, name: str) -> None:
        self.ask(f"CREATE DATABASE {self.kept(name)} TEMPLATE {self.target}")

    def restore(self, name: str = "") -> None:
        self.ask(
            f"DROP DATABASE IF EXISTS {self.target} WITH (FORCE)",
            f"CREATE DATABASE {self.target} TEMPLATE {self.kept(name) if name else self.template}",
        )

    def destroy(self) -> None:
        # What was kept serves the other workers still, and goes with the server.
        self.ask(f"DROP DATABASE IF EXISTS {self.target} WITH (FORCE)")
        connection.close()


def database_copy(shared: Path) -> SQLiteCopy | PostgreSQLCopy:
    """The kind of copy that the settings' database wants."""
    return SQLiteCopy(shared) if connection.vendor == "sqlite" else PostgreSQLCopy(shared)
