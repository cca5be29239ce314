"""`standfirst new`: an empty newsroom, made beside its place and moved in when it is whole."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from standfirst import __version__
from standfirst.kit.statefile import write_json
from standfirst.letterbox.spool import keys_make
from standfirst.ops import built, folders, prepare
from standfirst.ops.errors import Refused


@dataclass(frozen=True)
class Wanted:
    """What a new newsroom is asked for."""

    name: str
    base_url: str = ""
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    database_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    sandbox: bool = False


DEMO = Wanted(name="The Lantern", languages=("en", "uk"), time_zone="Europe/Kyiv", sandbox=True)


def settings_text(wanted: Wanted) -> str:
    """The standfirst.toml of a new newsroom, with a secret key of its own."""

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)  # TOML's basic strings are JSON's

    return (
        "# The settings of this newsroom. Each can also be an environment variable:\n"
        "# STANDFIRST_ and the name in capitals.\n"
        f"name = {text(wanted.name)}\n"
        "# The public address, such as https://news.example. Empty: the address served.\n"
        f"base_url = {text(wanted.base_url)}\n"
        f"language = {text(wanted.languages[0])}\n"
        f"languages = [{', '.join(text(code) for code in wanted.languages)}]\n"
        f"time_zone = {text(wanted.time_zone)}\n"
        + (f"database_url = {text(wanted.database_url)}\n" if wanted.database_url else "")
        + (
            "# The web server that holds the certificate, here on this machine, may say who the reader is.\n"
            f"trusted_proxies = [{', '.join(text(one) for one in wanted.trusted_proxies)}]\n"
            if wanted.trusted_proxies
            else ""
        )
        + (
            "# A payment company that moves no money, for trying out; refused as soon as base_url is public.\n"
            'payments_sandbox = "yes"\n'
            if wanted.sandbox
            else ""
        )
        + "# Whoever has this key can sign in as anyone: keep it to yourself.\n"
        f"secret_key = {text(secrets.token_urlsafe(50))}\n"
    )


@contextmanager
def making(folder: Path, wanted: Wanted) -> Iterator[Path]:
    """A newsroom with settings and a migrated database in a temporary folder beside `folder`.

    Moved to `folder` when the block ends well; when it fails, or the program is killed, nothing is at `folder`.
    Raises Refused when there is something at `folder` already.
    """
    refuse_if_taken(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.making-", dir=folder.parent))
    try:
        with folders.locked(scratch):
            for name in ("media/originals", "media/public", "mail", "secrets"):
                (scratch / "data" / name).mkdir(parents=True)
            folders.write_private(scratch / "standfirst.toml", settings_text(wanted))
            keys_make(data=scratch / "data")
            database = scratch / "data" / "standfirst.sqlite3"
            if not wanted.database_url:
                built.template_database(database, language=wanted.languages[0], newsroom=scratch)
                database.chmod(0o600)
            prepare.mark_prepared(scratch, database_url=wanted.database_url)
            yield scratch
            refuse_if_taken(folder)  # somebody else may have been quicker
            if folder.exists():
                folder.rmdir()
            scratch.rename(folder)
    finally:
        if scratch.exists():
            shutil.rmtree(scratch, ignore_errors=True)


def refuse_if_taken(folder: Path) -> None:
    if (folder / "standfirst.toml").exists():
        raise Refused(f"There is already a newsroom in {folder}. Name another folder with --newsroom.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Name another folder with --newsroom, or empty this one.")


def sweep(folder: Path) -> None:
    """Remove what killed attempts left beside the newsroom's place; one that is still being made holds its lock."""
    for left in folder.parent.glob(f".{folder.name}.making-*"):
        if left.is_dir() and not folders.is_locked(left):
            shutil.rmtree(left, ignore_errors=True)


def open_django(folder: Path) -> None:
    """Start Django in this process for the newsroom in `folder`; once per process."""
    os.environ["STANDFIRST_NEWSROOM"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = built.SETTINGS_MODULE
    import django

    django.setup()


def demo_made(folder: Path) -> None:
    """Make the demo newsroom at `folder`, whole or not at all."""
    with making(folder, DEMO) as scratch:
        # Known from the first moment: half a demo must not be served to others either.
        write_json(scratch / "data" / folders.DEMO, {"made_by": __version__})
        open_django(scratch)
        from django.conf import settings

        from standfirst.ops.demo.builder import demo_build

        demo_build(newsroom=settings.NEWSROOM)
        close_django()


def paper_filled(*, folder: Path, wanted: Wanted, editor_email: str, editor_name: str) -> Path:
    """Fill a new newsroom, Django being open: home pages, roles, first account. Returns the file with its sign-in."""
    from standfirst.fronts.services import paper_found
    from standfirst.people.services import ADMINISTRATOR, account_add

    if wanted.database_url:
        _refuse_if_filled()
        prepare.migrate(folder)
    paper_found(name=wanted.name, languages=wanted.languages, base_url=wanted.base_url)
    _user, password = account_add(email=editor_email, name=editor_name, role=ADMINISTRATOR)
    file = folders.secrets_folder(folder) / folders.SIGN_INS
    folders.write_private(
        file,
        "Delete this file when you have changed the password at the desk (/desk/, your account).\n"
        f"e-mail: {editor_email}\npassword: {password}\n",
    )
    return file


def _refuse_if_filled() -> None:
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        tables = connection.introspection.table_names()
    except OperationalError as error:
        raise Refused(
            f"The database cannot be reached: {str(error).strip()}. Correct STANDFIRST_DATABASE_URL."
        ) from error
    if tables:
        raise Refused("The database that database_url names is not empty. Make an empty one for the new newsroom.")


def close_django() -> None:
    """Close the database, so that its file is whole and can be moved."""
    from django.db import connections

    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
