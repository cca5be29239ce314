"""One import at a time: a lock on a file that the system lets go of whenever the process ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from standfirst.importers.errors import ImportRefused

_NAME = "importing.lock"


@contextlib.contextmanager
def one_import(data: Path) -> Iterator[None]:
    """Hold the newsroom's only place for an import. Raises ImportRefused when another holds it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / _NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ImportRefused(
                _("Another import is at work in this newsroom. Wait until it has ended, then start this one again.")
            ) from error
        yield


def is_importing(data: Path) -> bool:
    """Whether an import is at work at this moment."""
    try:
        with (data / _NAME).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except OSError:
        return (data / _NAME).exists()
