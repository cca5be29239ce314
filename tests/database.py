"""A migrated database in no time: migrated once, kept in `.cache/`, copied for every run.

Wagtail's two hundred migrations cost about ten seconds. The template's name holds a fingerprint of
all that decides what they make, so a new migration makes a new template by itself.

Further templates hold a paper that has just been founded and the small newsroom of tests/newsroom.py.
They are made in each run, because any line of the house may decide what founding makes, and are put
in place for tests that ask for them.
"""

import fcntl
import hashlib
import os
import shutil
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


class SQLiteCopy:
    """The test database as a copy of a file."""

    def __init__(self) -> None:
        self.template = CACHE / f"template-{fingerprint()}.sqlite3"
        self.target = Path(settings.DATABASES["default"]["TEST"]["NAME"])

    def point(self) -> None:
        connection.close()
        connection.settings_dict["NAME"] = str(self.target)
        settings.DATABASES["default"]["NAME"] = str(self.target)

    def create(self) -> None:
        self.point()
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "template.lock").open("w") as lock:
            # Two workers of one run would migrate twice.
            fcntl.flock(lock, fcntl.LOCK_EX)
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
        self.restore()

    def kept(self, name: str) -> Path:
        return self.target.with_name(f"kept-{name}.sqlite3")

    def keep(self, name: str) -> None:
        """Keep the database as it is now under a name."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.target, self.kept(name))

    def restore(self, name: str = "") -> None:
        """Put the database back to what migrations made, or to what was kept under the name."""
        connection.close()
        for suffix in ("-wal", "-shm"):
            self.target.with_name(self.target.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.kept(name) if name else self.template, self.target)

    def destroy(self) -> None:
        connection.close()


class PostgreSQLCopy:
    """The test database made by PostgreSQL from a template, in a server that lives for this run only."""

    def __init__(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.template = f"standfirst_template_{fingerprint()}"
        self.target = f"standfirst_test_{worker}"
        self.worker = worker
        self.names: list[str] = []
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
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
                known = cursor.fetchone()
            if not known:
                half = f"{self.template}_half"
                self.ask(f"DROP DATABASE IF EXISTS {half}", f"CREATE DATABASE {half}")
                self.point(half)
                call_command("migrate", verbosity=0, interactive=False)
                self.ask(f"ALTER DATABASE {half} RENAME TO {self.template}")
        self.restore()

    def kept(self, name: str) -> str:
        return f"standfirst_kept_{name}_{self.worker}"

    def keep(self, name: str) -> None:
        self.ask(f"CREATE DATABASE {self.kept(name)} TEMPLATE {self.target}")
        self.names.append(name)

    def restore(self, name: str = "") -> None:
        self.ask(
            f"DROP DATABASE IF EXISTS {self.target} WITH (FORCE)",
            f"CREATE DATABASE {self.target} TEMPLATE {self.kept(name) if name else self.template}",
        )

    def destroy(self) -> None:
        self.ask(
            *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (self.target, *map(self.kept, self.names)))
        )
        connection.close()


def database_copy() -> SQLiteCopy | PostgreSQLCopy:
    """The kind of copy that the settings' database wants."""
    return SQLiteCopy() if connection.vendor == "sqlite" else PostgreSQLCopy()
