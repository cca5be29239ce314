"""`standfirst import SOURCE FILE… [--media DIR]`: read, move in, say what came of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from standfirst.importers.errors import ImportRefused
from standfirst.importers.progress import Progress
from standfirst.importers.records import Source


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
    bars: list[Progress] = []
    fetching: list[Any] = []

    def opened(found: Source) -> Callable[[int], None]:
        bars.append(Progress(err, found.total, more=lambda: fetching[0].progress() if fetching else ""))
        return bars[0].at

    def downloads_of(found: Source) -> Any:
        # By name: what it needs is only loaded where it is wanted.
        module = importlib.import_module("standfirst.importers.download")
        fetching.append(module.downloads_of(found, again=ask_again))
        return fetching[0]

    try:
        package = importlib.import_module(f"standfirst.importers.{source}")
        report = move_in(
            open_source=lambda: package.open_source(files, **(options or {})),
            file=", ".join(one.name for one in files),
            media=Path(media) if media else None,
            downloads_of=downloads_of if download else None,
            opened=opened,
        )
    except ImportRefused as refusal:
        err.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        err.write(_("Stopped. What is in is whole; start again and it goes on.") + "\n")
        return 1
    finally:
        for bar in bars:
            bar.end()
    if json:
        write_json(report.move, out)
    else:
        write_plain(report.move, out)
    return 0
