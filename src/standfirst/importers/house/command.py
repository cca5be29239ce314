"""`standfirst import export DIR`: check, take in, say what came of it."""

from __future__ import annotations

import itertools
import json as writer
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from standfirst.importers.house.folder import HouseFolder
from standfirst.importers.house.services import Returned, export_take_in
from standfirst.importers.progress import Bar, attended


def run(*, folder: Path, json: bool, out: TextIO, err: TextIO) -> int:
    """Returns the command's exit code: 0 done, 1 refused with one sentence on `err` and nothing changed."""

    def take_in(bar: Bar) -> Returned:
        def looked_over(inward: HouseFolder) -> Callable[[], None]:
            shown, done = bar(inward.total), itertools.count(1)
            return lambda: shown.at(next(done))

        return export_take_in(folder=folder, looked_over=looked_over)

    returned = attended(take_in, err=err, stopped=_("Stopped. Nothing was changed; start it again."))
    if returned is None:
        return 1
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
