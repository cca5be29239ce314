"""Pages of a list that grows: numbered from the oldest, so that a full page never changes (decision 10)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(kw_only=True)
class NumberedPage:
    """Where one page stands among the others. The front shows the newest and bears the highest number.

    total: how many things the whole list holds.
    """

    number: int
    last: int
    total: int
    is_front: bool = False

    @property
    def older(self) -> int | None:
        """The archive page to read on: from a front, the one with the highest number, so that none is skipped."""
        if self.is_front:
            return self.last if self.last > 1 else None
        return self.number - 1 if self.number > 1 else None

    @property
    def newer(self) -> int | None:
        return self.number + 1 if not self.is_front and self.number < self.last else None
