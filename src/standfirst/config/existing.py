"""A SQLite connection that never makes the file it is to open."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


class ExistingFile(sqlite3.Connection):
    """Opens a database that is there, and fails where there is none.

    SQLite would otherwise lay an empty file where the newsroom's database has been moved away; its journal would then
    lie beside the real one when that comes back, and could be played into it.
    """

    def __init__(self, database: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(database, Path) or not str(database).startswith((":", "file:")):
            database = f"{Path(database).absolute().as_uri()}?mode=rw"
        super().__init__(database, *args, **{**kwargs, "uri": True})
