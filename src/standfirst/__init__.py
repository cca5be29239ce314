"""Standfirst: the publishing system for a small, independent newsroom."""

__version__ = "0.1.0"
