"""`standfirst import wordpress FILE [--media DIR]`: read, move in, say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from standfirst.importers.errors import ImportRefused
from standfirst.importers.progress import Progress
from standfirst.importers.wordpress.survey import Survey


def run(
    *,
    file: str | Path,
    media: str | Path | None = None,
    json: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Move a WordPress export in, with a progress bar on `err` and the report on `out` (plain, or one JSON object).

    Returns the command's exit code: 0 done, 1 refused with one sentence on `err` and nothing changed.
    """
    from standfirst.importers.wordpress.services import export_move_in

    out, err = out or sys.stdout, err or sys.stderr
    bars: list[Progress] = []

    def surveyed(found: Survey) -> Callable[[int], None]:
        bars.append(Progress(err, found.items))
        return bars[0].at

    try:
        report = export_move_in(file=Path(file), media=Path(media) if media else None, surveyed=surveyed)
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
        out.write(report.as_json() + "\n")
    else:
        report.write_plain(out)
    return 0
