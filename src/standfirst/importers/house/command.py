"""`standfirst import export DIR`: check, take in, say what came of it."""

from __future__ import annotations

import json as writer
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from standfirst.importers.errors import ImportRefused
from standfirst.importers.house.folder import HouseFolder
from standfirst.importers.house.services import export_take_in
from standfirst.importers.progress import Progress


def run(*, folder: Path, json: bool, out: TextIO, err: TextIO) -> int:
    """Returns the command's exit code: 0 done, 1 refused with one sentence on `err` and nothing changed."""
    bars: list[Progress] = []

    def looked_over(inward: HouseFolder) -> Callable[[], None]:
        bars.append(Progress(err, inward.total))
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            bars[0].at(done)

        return step

    try:
        returned = export_take_in(folder=folder, looked_over=looked_over)
    except ImportRefused as refusal:
        err.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        err.write(_("Stopped. Nothing was changed; start it again.") + "\n")
        return 1
    finally:
        for bar in bars:
            bar.end()
    if json:
        out.write(writer.dumps(returned.as_dict(), ensure_ascii=False) + "\n")
        return 0
    counts = ", ".join(f"{number} {what}" for what, number in returned.counts.items())
    lines = [_("%(name)s is back: %(counts)s.") % {"name": returned.name, "counts": counts}, *returned.notes]
    if returned.counts.get("accounts"):
        lines.append(_("Accounts came switched off, without passwords: `standfirst people reset ADDRESS` opens one."))
    lines.append(_("Pictures in all their sizes, and the pages, are made while the newsroom runs."))
    out.write("\n".join(lines) + "\n")
    return 0
