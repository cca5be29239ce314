"""One line of `doctor`."""

from __future__ import annotations

from dataclasses import asdict, dataclass

OK, ADVICE, PROBLEM = "ok", "advice", "problem"
GRAVITY = {PROBLEM: 0, ADVICE: 1, OK: 2}


@dataclass(frozen=True)
class Finding:
    """One line: `what` was looked at, how it stands, what was seen, and what to do about it."""

    what: str
    state: str
    seen: str
    do: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
