"""What the background process last said of itself, for whoever asks how the press is doing. Imports no Django."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standfirst.kit.statefile import read_json

FILE = "background.json"
# It says something at least once a minute.
SILENT_AFTER = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Heartbeat:
    """at: when it was last heard; None for never. started_at: when the newsroom was last started.

    failures: what should have gone out or come down and could not, each with title and reason. trouble: which part
    of its work fails, and why.
    """

    at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    failures: tuple[dict[str, Any], ...] = ()
    trouble: dict[str, str] = field(default_factory=dict)

    def is_silent(self, now: dt.datetime) -> bool:
        """Not heard for two minutes, nor on its way since the newsroom was started.

        A moment that is yet to come was written by a clock that was ahead, and says nothing.
        """
        said = (moment for moment in (self.at, self.started_at) if moment is not None)
        return not any(abs(now - moment) <= SILENT_AFTER for moment in said)


def heard(folder: Path) -> Heartbeat:
    """The heartbeat of the newsroom in this folder."""
    run = folder / "data" / "run"
    said, lock = read_json(run / FILE), read_json(run / "newsroom.lock")
    return Heartbeat(
        at=_moment(said.get("at")),
        started_at=_moment(lock.get("since")),
        failures=tuple(one for one in said.get("schedule_failures") or () if isinstance(one, dict)),
        trouble={str(name): str(why) for name, why in (said.get("trouble") or {}).items()},
    )


def _moment(seconds: object) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if isinstance(seconds, int | float) and seconds else None
