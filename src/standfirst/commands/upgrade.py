"""`standfirst upgrade`: the installed release takes over the newsroom; `--rehearse` tries that on a copy first.

The program itself is replaced by pip, by hand: no program should overwrite itself while it runs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from standfirst import __version__
from standfirst.commands.trial import trial
from standfirst.config import newsroom as config
from standfirst.ops import built, folders, prepare
from standfirst.ops.backup import backup_make
from standfirst.ops.errors import Refused

Said = tuple[dict[str, Any], list[str]]


def rehearse(*, folder: Path, scratch: Path | None) -> Said:
    """Back the newsroom up, bring the copy up to this release, and look at it. The newsroom goes on meanwhile."""
    newsroom = config.load(folder)
    place = scratch or folders.run_folder(folder)
    if not place.is_dir():
        raise Refused(f"There is no folder {place}. Make it first, or choose another.")
    hold = folders.scratch_folder(place, "rehearsal-")
    file = hold / "now.tar"
    try:
        began = time.monotonic()
        backup_make(newsroom=newsroom, file=file, is_kept=False)
        took = round(time.monotonic() - began, 1)
        done = trial(file=file, newsroom=folder, scratch=scratch)
    finally:
        file.unlink(missing_ok=True)
        hold.rmdir()
    lines = [f"A copy of the newsroom, with Standfirst {__version__}:"]
    if done.migrated:
        seen = f"brought up to this release: {done.migrated} steps, {done.migrate_seconds:.0f} seconds"
        done.steps.insert(1, {"what": "release", "ok": True, "seen": seen})
    elif done.counts:
        done.steps.insert(1, {"what": "release", "ok": True, "seen": "the database needs no step"})
    lines += done.lines()
    if done.problems:
        lines.append(
            f"{done.problems} problem{'s' if done.problems > 1 else ''}: stay with the release you have, which is "
            "untouched, and report this. Put it back with pip, as `Going live` says under “Upgrades”."
        )
    else:
        lines.append(
            f"It works. The backup takes {took:.0f} seconds and the database {done.migrate_seconds:.0f}; "
            "readers get the stored pages all the while once the newsroom is started again."
        )
    value = {
        "release": __version__,
        "problems": done.problems,
        "migrated": done.migrated,
        "backup_seconds": took,
        "migrate_seconds": done.migrate_seconds,
        "checks": done.steps,
        "counts": done.counts,
    }
    return value, lines


def upgrade(*, folder: Path, backup: Path | None) -> Said:
    """Make a backup, then bring the newsroom up to this release. Does nothing when there is nothing to do.

    Raises Refused while the newsroom runs, and when its database is newer than this release.
    """
    newsroom = config.load(folder)
    if prepare.is_prepared(newsroom):
        value: dict[str, Any] = {"release": __version__, "upgraded": False, "backup": None, "seconds": 0.0}
        return value, [f"The newsroom is ready for Standfirst {__version__}: there is nothing to do."]
    if folders.is_locked(folder):
        raise Refused(
            f"The newsroom in {folder} is running. Stop it first (systemctl stop standfirst); "
            "`upgrade --rehearse` may run beside it."
        )
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    file = backup or newsroom.data / "backups" / f"before-{__version__}-{stamp}.tar"
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"Backing up to {file} …\n")
    backup_make(newsroom=newsroom, file=file, is_kept=False)
    began = time.monotonic()
    prepare.prepare_if_needed(newsroom, environ=built.environ_of(folder))
    seconds = round(time.monotonic() - began, 1)
    value = {"release": __version__, "upgraded": True, "backup": str(file), "seconds": seconds}
    return value, [
        f"The newsroom is brought up to Standfirst {__version__} in {seconds:.0f} seconds.",
        f"What it was before is in {file}; delete that when all is well.",
        "Next: start it (systemctl start standfirst), then `standfirst doctor`.",
    ]
