"""`standfirst drill`: does the newest backup come back? Told in plain language, so that a timer can send it by mail."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

from standfirst.commands.trial import trial
from standfirst.config import newsroom as config
from standfirst.kit.statefile import read_json, write_json
from standfirst.ops import folders
from standfirst.ops.backup import LAST_BACKUP
from standfirst.ops.errors import Refused
from standfirst.ops.readiness import LAST_DRILL

ENDINGS = (".tar", ".tar.gz", ".tgz")
OLD_DAYS = 2


def drill(*, folder: Path, source: Path | None, scratch: Path | None) -> tuple[dict[str, Any], list[str]]:
    """Try the newest backup. Returns what programs and what people are told; `problems` counts what is wrong.

    folder: the newsroom, which need not be there any more when `source` is given.
    source: a backup, or a folder of them; without it the folder the last backup went to.
    Raises Refused when there is no backup to try.
    """
    file = newest(source or _usual_place(folder))
    began = time.monotonic()
    done = trial(file=file, newsroom=folder, scratch=scratch)
    made = f" of {_when(done.made_at)}, made by Standfirst {done.made_with}" if done.made_at else ""
    lines = [f"The backup {file}{made}:"]
    days = _age_days(done.made_at)
    if days is not None and days > OLD_DAYS and not (source and source.is_file()):
        seen = f"it is {days:.0f} days old, and what was written since is in no backup. See why no newer one is made"
        done.steps.insert(0, {"what": "age", "ok": False, "seen": seen})
    if done.migrated:
        seen = f"{done.migrated} steps brought it up to this release in {done.migrate_seconds:.0f} seconds"
        done.steps.insert(2, {"what": "release", "ok": True, "seen": seen})
    lines += done.lines()
    problems = done.problems
    if problems:
        lines.append(
            f"{problems} thing{'s are' if problems > 1 else ' is'} wrong with it. Make a new backup and try that; "
            "keep the older ones until one comes back whole."
        )
    else:
        lines.append("It comes back whole. Nothing of this trial is left, and the newsroom was not touched.")
    seconds = round(time.monotonic() - began, 1)
    if (folder / config.SETTINGS_FILE).exists():
        said = {"at": time.time(), "file": str(file), "made_at": done.made_at, "problems": problems}
        write_json(folders.run_folder(folder) / LAST_DRILL, said)
    value = {
        "file": str(file),
        "made_at": done.made_at,
        "made_with": done.made_with,
        "files": done.files,
        "seconds": seconds,
        "migrated": done.migrated,
        "problems": problems,
        "checks": done.steps,
        "counts": done.counts,
    }
    return value, lines


def newest(place: Path) -> Path:
    """The newest backup in a folder, or the file itself."""
    if place.is_file():
        return place
    if not place.is_dir():
        raise Refused(f"There is no {place}. Name a backup or a folder of backups.")
    found = [file for file in place.iterdir() if file.name.endswith(ENDINGS) and file.is_file()]
    if not found:
        raise Refused(f"There is no backup in {place}: no file there ends in {', '.join(ENDINGS)}.")
    return max(found, key=lambda file: file.stat().st_mtime)


def _usual_place(folder: Path) -> Path:
    last = read_json(folder / "data" / "run" / LAST_BACKUP).get("file")
    if not last:
        raise Refused(
            f"No backup of {folder} was made here yet, so there is none to try. "
            "Make one with `standfirst backup FILE`, or name a folder: `standfirst drill DIR`."
        )
    return Path(last).parent


def _age_days(made_at: str) -> float | None:
    if not made_at:
        return None
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(made_at)).total_seconds() / 86_400


def _when(made_at: str) -> str:
    return dt.datetime.fromisoformat(made_at).strftime("%Y-%m-%d %H:%M UTC")
