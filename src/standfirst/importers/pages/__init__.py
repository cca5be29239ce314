"""Moving in from saved pages: article HTML of any site, for papers whose system is lost."""

from standfirst.importers.pages.reader import open_source

__all__ = ["open_source"]
