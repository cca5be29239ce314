"""Moving in from WordPress: a WXR export file, and the folder of its uploads."""

from functools import partial

from standfirst.importers import command
from standfirst.importers.wordpress.source import open_source

__all__ = ["open_source", "run"]

run = partial(command.run, source="wordpress")
