"""`standfirst import SOURCE FILE… [--media DIR]`: read, move in, say what came of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from django.utils.translation import gettext as _

from standfirst.importers.progress import Bar, attended
from standfirst.importers.records import Source

if TYPE_CHECKING:
    from standfirst.importers.report import Report


def run(
    *,
    source: str,
    file: str | Path | Sequence[str | Path],
    media: str | Path | None = None,
    download: bool = False,
    ask_again: bool = False,
    json: bool = False,
    options: Mapping[str, Any] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Move an old system's file in, with a progress bar on `err` and the report on `out` (plain, or one JSON object).

    download: fetch pictures that are not in the folder from the old site; ask_again: also those it refused lately.
    source: the package here whose `open_source(files, **options)` reads it: wordpress, ghost, pages, house.
    options: what that source alone understands, such as the old site's address.
    Returns the command's exit code: 0 done, 1 refused with one sentence on `err` and nothing changed.
    """
    from standfirst.importers.move import move_in
    from standfirst.importers.said import write_json, write_plain

    out, err = out or sys.stdout, err or sys.stderr
    files = [Path(file)] if isinstance(file, str | Path) else [Path(one) for one in file]
    fetching: list[Any] = []

    def downloads_of(found: Source) -> Any:
        # By name: what it needs is only loaded where it is wanted.
        module = importlib.import_module("standfirst.importers.download")
        fetching.append(module.downloads_of(found, again=ask_again))
        return fetching[0]

    def fetched() -> str:
        return str(fetching[0].progress()) if fetching else ""

    def move(bar: Bar) -> Report:
        package = importlib.import_module(f"standfirst.importers.{source}")
        return move_in(
            open_source=lambda: package.open_source(files, **(options or {})),
            file=", ".join(one.name for one in files),
            media=Path(media) if media else None,
            downloads_of=downloads_of if download else None,
            opened=lambda found: bar(found.total, more=fetched).at,
        )

    report = attended(move, err=err, stopped=_("Stopped. What is in is whole; start again and it goes on."))
    if report is None:
        return 1
    if json:
        write_json(report.move, out)
    else:
        write_plain(report.move, out)
    return 0
