"""Moving in from WordPress: a WXR export file, and the folder of its uploads."""

from standfirst.importers.wordpress.command import run

__all__ = ["run"]
