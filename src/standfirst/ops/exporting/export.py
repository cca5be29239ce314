"""Export a newsroom that runs: everything as it was at the moment the export began."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from standfirst import __version__
from standfirst.importers.progress import Progress
from standfirst.kit.exports import FORMAT, VERSION, Part, parts
from standfirst.ops.errors import Refused
from standfirst.ops.exporting.folder import ExportFolder, Written
from standfirst.ops.exporting.readme import readme
from standfirst.ops.exporting.site import Site
from standfirst.press.render import origin

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom


def export(
    *,
    newsroom: Newsroom,
    folder: Path,
    private: bool = False,
    with_site: bool = True,
    overwrite: bool = False,
    err: TextIO | None = None,
) -> Written:
    """Write the newsroom into `folder`, or bring an export of it that lies there up to date.

    private: what is not public too. with_site: the pages as well as what they are made of. Until the end the folder is
    marked as incomplete; interrupted, it goes on when it is run again. Nothing is written to the newsroom. Raises
    Refused when the folder is taken or cannot be written.
    """
    folder = folder.absolute()
    for inside in (newsroom.folder, newsroom.media_store, newsroom.press_store):
        if folder.is_relative_to(inside):
            raise Refused(f"{folder} lies inside the newsroom itself. Choose a folder outside.")
    for part in parts():
        part.before()
    with _as_it_is_now():
        identity = newsroom_id()
        out = _Counted(folder, newsroom=identity, private=private)
        try:
            with out.open(overwrite=overwrite):
                return _write(out, newsroom, with_site, err)
        except OSError as error:
            raise Refused(
                f"The export could not be written to {folder}: {error.strerror or error}. What is there is marked as "
                "incomplete; make room or correct it, and run it again."
            ) from error


def newsroom_id() -> str:
    """What stays the same for a newsroom wherever it moves: the key of its first front."""
    first = Page.objects.filter(depth=2).order_by("path").values_list("translation_key", flat=True).first()
    if first is None:
        raise Refused("This newsroom has no front page yet, so there is nothing to export.")
    return str(first)


class _Counted(ExportFolder):
    """The folder as the rooms see it, with a progress bar."""

    progress: Progress | None = None
    public: dict[str, set[int]]
    done = 0

    @property
    def origin(self) -> str:
        return str(settings.NEWSROOM.base_url)

    def shown(self, kind: str) -> set[int]:
        return self.public.get(kind, set())

    def step(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress.at(self.done)

    def count(self, what: str, number: int = 1) -> None:
        super().count(what, number)
        if what in ("stories", "drafts", "pictures", "files"):
            self.step()


def _write(out: _Counted, newsroom: Newsroom, with_site: bool, err: TextIO | None) -> Written:
    every = parts()
    out.public = _public(every)
    out.progress = Progress(err, sum(part.things(out.private) for part in every))
    try:
        out.data("README.txt", readme(newsroom.name, private=out.private).encode())
        out.json("newsroom.json", _settings(newsroom))
        for part in every:
            part.write(out)
        if with_site:
            Site(out, step=out.step, more=out.progress.more).write()
    finally:
        out.progress.end()
    return out.finish(
        {
            "format": FORMAT,
            "version": VERSION,
            "standfirst": __version__,
            "exported_at": timezone.now().isoformat(timespec="seconds"),
            "newsroom": {"id": out.newsroom, "name": newsroom.name},
            "private": out.private,
        }
    )


def _public(every: list[Part]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for part in every:
        for kind, pk in part.shows():
            found.setdefault(kind, set()).add(pk)
    return found


def _settings(newsroom: Newsroom) -> dict[str, Any]:
    """What the paper is called and where and when it lives; no key, no password, no address of a service."""
    return {
        "name": newsroom.name,
        "base_url": newsroom.base_url,
        "served_at": "://".join(origin()) if not newsroom.base_url else "",
        "language": newsroom.language,
        "languages": list(newsroom.languages),
        "time_zone": newsroom.time_zone,
    }


@contextlib.contextmanager
def _as_it_is_now() -> Iterator[None]:
    """The database as it is at this moment, while others go on writing; nothing can be written through it.

    SQLite: a deferred transaction reads one state of the log and takes no lock that a writer waits for. PostgreSQL: the
    same by its isolation level. Inside another transaction (a test) it is that one's state.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    # Only Django's SQLite has it; newsrooms begin theirs as IMMEDIATE, which would lock every writer out.
    mode = getattr(connection, "transaction_mode", None)
    setattr(connection, "transaction_mode", "DEFERRED")  # noqa: B010
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        with transaction.atomic():
            yield
    finally:
        setattr(connection, "transaction_mode", mode)  # noqa: B010
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
