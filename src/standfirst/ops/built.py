"""What is made once per release rather than at every start: the migrated template database, the static files.

Each is kept in a cache under a key of the code it was made from. In a working copy the cache is `.cache/`;
an installed package brings it along (`_built/`, laid in by `make wheel`) or makes it in the newsroom's `data/cache/`.
Imports no Django: Django works in a process of its own, under settings of its own.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from standfirst.kit.statefile import read_json, write_json
from standfirst.ops.errors import Refused

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = PACKAGE / "_built"
SHIPPED_LANGUAGES = ("en", "uk")
KEEP_SECONDS = 3 * 86_400
RETIRED = ".retired.json"
RETIRED_SECONDS = 30 * 86_400
SETTINGS_MODULE = "standfirst.config.settings"


# What a migrated database depends on: migrations, and what apps lay in after them (roles, guards of tables).
MIGRATED_FROM = ("*/migrations/*.py", "*/apps.py", "people/**/*.py", "*/*guard*.py")
# The packages whose apps bring migrations or static files (a test says when one is missing).
BRING_ALONG = (
    "Django",
    "django-allauth",
    "django-taggit",
    "django-tasks-db",
    "wagtail",
)
CODE_FROM = ("**/*.py", "**/templates/**/*", "locale/**/*.mo", "**/static/**/*")
STATIC_FROM = ("*/static/**/*", "theme/storage.py", "ops/built.py")


@functools.cache
def migrations_key() -> str:
    """Names every database schema there can be: ours by content, that of packages by the packages' versions."""
    return _key(MIGRATED_FROM)


@functools.cache
def static_key() -> str:
    """Names every set of static files there can be, in the same way."""
    return _key(STATIC_FROM)


@functools.cache
def code_key() -> str:
    """Names everything that decides what a page looks like: code, templates, translations, static files."""
    return _key(CODE_FROM)


def _key(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in BRING_ALONG:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for file in sorted({file for pattern in patterns for file in PACKAGE.glob(pattern) if file.is_file()}):
        digest.update(f"\n{file.relative_to(PACKAGE)} ".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def is_working_copy() -> bool:
    root = PACKAGE.parents[1]
    return (root / "pyproject.toml").is_file() and os.access(root, os.W_OK)


def cache_folder(newsroom: Path | None = None) -> Path:
    if is_working_copy():
        return PACKAGE.parents[1] / ".cache" / "built"
    if newsroom is not None:
        return newsroom / "data" / "cache"
    return Path(tempfile.gettempdir()) / f"standfirst-{os.getuid()}"


# The database ----------------------------------------------------------------------------------


def template_database(path: Path, *, language: str = "en", newsroom: Path | None = None) -> Path:
    """Lay a fresh, fully migrated SQLite database at `path`, in milliseconds once the template exists.

    language: the first language, which Wagtail's own migrations write into the root page.
    Returns `path`. Whatever stood there is replaced.
    """
    name = f"template-{language}-{migrations_key()}.sqlite3"
    template = SHIPPED / name
    if not template.is_file():
        template = cache_folder(newsroom) / name
        with _one_at_a_time(template):
            if not template.is_file():
                _build_template(template, language)
                _forget_old(template)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    shutil.copyfile(template, partial)
    for leftover in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    partial.replace(path)
    return path


def _build_template(template: Path, language: str) -> None:
    with scratch_newsroom(language=language) as (folder, environ):
        made = folder / "data" / "standfirst.sqlite3"
        made.touch()  # Django opens only what is there (config/existing.py)
        run_django(["migrate", "--verbosity=0"], environ)
        run_python(
            "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "for what in ('wal_checkpoint(TRUNCATE)', 'journal_mode=DELETE'): db.execute('PRAGMA ' + what)\n"
            "db.execute('VACUUM')",
            str(made),
        )
        _move_in(made, template)


# The static files --------------------------------------------------------------------------------


def static_files(target: Path, *, newsroom: Path | None = None) -> None:
    """Lay the collected, hashed and compressed static files into `target`.

    What is there from an older release stays for a month after it was last needed: pages that readers have open, and
    pages not pressed anew yet, still ask for it.
    """
    built = static_made(newsroom)
    files = sorted(file for file in built.rglob("*") if file.is_file())
    # The list of hashed names goes last, so that no page names a file that is not there yet.
    files.sort(key=lambda file: file.name == "staticfiles.json")
    for file in files:
        _link(file, target / file.relative_to(built))
    _forget_retired(target, {str(file.relative_to(built)) for file in files})


def _forget_retired(target: Path, needed: set[str]) -> None:
    """Remove what no release has needed for a month; when each file was last needed is written down beside them."""
    list_file = target / RETIRED
    retired: dict[str, float] = read_json(list_file)
    now = time.time()
    for file in target.rglob("*"):
        name = str(file.relative_to(target))
        if name in needed:
            retired.pop(name, None)
        elif name != RETIRED and file.is_file() and retired.setdefault(name, now) < now - RETIRED_SECONDS:
            file.unlink()
            del retired[name]
    write_json(list_file, retired)


def static_made(newsroom: Path | None = None) -> Path:
    """The folder of this code's static files, made now when they are not there yet."""
    name = f"static-{static_key()}"
    built = SHIPPED / name
    if not built.is_dir():
        built = cache_folder(newsroom) / name
        with _one_at_a_time(built):
            if not built.is_dir():
                _build_static(built)
                _forget_old(built)
    return built


def _forget_old(made: Path) -> None:
    """A working copy makes many; newsrooms keep what they were given by their own links."""
    for other in made.parent.glob(made.name.partition("-")[0] + "-*"):
        if other.stem != made.stem and time.time() - other.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(other) if other.is_dir() else other.unlink(missing_ok=True)


def _build_static(built: Path) -> None:
    with scratch_newsroom() as (folder, environ):
        run_django(["collectstatic", "--noinput", "--verbosity=0"], environ)
        made = folder / "data" / "static"
        for file in sorted(made.rglob("*")):
            if file.suffix in (".css", ".js", ".mjs", ".svg", ".json", ".txt", ".xml") and file.is_file():
                _compress(file)
        _move_in(made, built)


def _compress(file: Path) -> None:
    import gzip

    import brotli

    plain = file.read_bytes()
    for suffix, packed in ((".br", brotli.compress(plain, quality=9)), (".gz", gzip.compress(plain, 9, mtime=0))):
        if len(packed) < len(plain) * 0.95:
            file.with_name(file.name + suffix).write_bytes(packed)


def _link(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        os.link(source, partial)
    except OSError:  # another file system
        shutil.copy2(source, partial)
    partial.replace(target)


# Tools -------------------------------------------------------------------------------------------


@contextmanager
def scratch_newsroom(*, language: str = "en") -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty newsroom in a temporary folder and the environment in which Django opens it."""
    with tempfile.TemporaryDirectory(prefix="standfirst-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "standfirst.toml").write_text(
            f'secret_key = "{secrets.token_urlsafe(50)}"\nlanguage = "{language}"\n', encoding="utf-8"
        )
        yield folder, clean_environ(folder)


def clean_environ(folder: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment without any setting of another newsroom."""
    kept = {key: value for key, value in environ.items() if not key.startswith(("STANDFIRST_", "DJANGO_"))}
    return {**kept, "STANDFIRST_NEWSROOM": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE}


def environ_of(folder: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The operator's environment, in which Django opens this newsroom."""
    return {**environ, "STANDFIRST_NEWSROOM": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE}


def run_django(arguments: list[str], environ: Mapping[str, str]) -> str:
    """Run one of Django's management commands; raises Refused with the end of its message when it fails."""
    return run_python(
        "import sys; from django.core.management import execute_from_command_line; "
        "execute_from_command_line(['standfirst', *sys.argv[1:]])",
        *arguments,
        environ=environ,
    )


def run_python(program: str, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=None if environ is None else {**environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"Preparing Standfirst failed at {' '.join(arguments)[:80]}:\n{done.stderr.strip()[-1500:]}")
    return done.stdout


@contextmanager
def _one_at_a_time(target: Path) -> Iterator[None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(target.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _move_in(made: Path, target: Path) -> None:
    """Put what was made in its place, whole: another file system needs a copy first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.unlink(missing_ok=True)
    shutil.move(made, partial)
    partial.replace(target)


def ship() -> None:
    """Lay what is made once per release into the package, for the wheel."""
    shutil.rmtree(SHIPPED, ignore_errors=True)
    for language in SHIPPED_LANGUAGES:
        _build_template(SHIPPED / f"template-{language}-{migrations_key()}.sqlite3", language)
    _build_static(SHIPPED / f"static-{static_key()}")


if __name__ == "__main__":
    ship()
