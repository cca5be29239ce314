"""A newsroom's own export, made into a newsroom again: `standfirst import export DIR`."""

from standfirst.importers.house.command import run

__all__ = ["run"]
