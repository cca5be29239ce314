"""Moving in from Ghost: its JSON export, the folder of its pictures, and its list of members."""

from standfirst.importers.ghost.export import GhostExport, open_source

__all__ = ["GhostExport", "open_source"]
